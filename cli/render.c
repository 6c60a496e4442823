// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/render.h"

#include "cli/command.h"
#include "cli/progress.h"

#include <math.h>
#include <string.h>

// `pinna render`: a file through a plugin or a configuration

typedef struct {
  const char* config;
  const char* plugin;
  const char* preset;
  CliList     set;
  unsigned    block;
  unsigned    rate;
  double      tail;
  const char* format;
  const char* subformat;
  bool        keep_latency;
  bool        quiet;
} RenderOptions;

typedef struct {
  CliProgress progress;
  FILE*       out;
} RenderView;

static bool
on_progress(void* const handle, const double done) {
  cli_progress_show(&((RenderView*)handle)->progress, done);
  return true;
}

static double
decibels(const float amplitude) {
  return amplitude > 0.0F ? 20.0 * log10((double)amplitude) : -INFINITY;
}

/// What a node's meters say at the end: its control outputs but the latency
static void
print_meters(FILE* const out, const PinnaGraphNode* const node) {
  const char* separator = ": ";
  for (uint32_t i = 0U; i < pinna_instance_n_ports(node->instance); ++i) {
    const PinnaPortInfo* const port = pinna_instance_port(node->instance, i);
    if (port->kind == PINNA_PORT_CONTROL &&
        !(port->flags & (PINNA_PORT_IS_INPUT | PINNA_PORT_LATENCY))) {
      fprintf(out, "%s%s%s %.4g%s%s", *separator == ':' ? node->id : "", separator, port->symbol,
              (double)pinna_instance_get(node->instance, i), *port->unit ? " " : "", port->unit);
      separator = ", ";
    }
  }
  if (*separator == ',') {
    fputc('\n', out);
  }
}

static void
on_report(void* const handle, PinnaEngine* const engine, const PinnaGraphSpec* const spec) {
  RenderView* const view = (RenderView*)handle;
  cli_progress_end(&view->progress);
  if (!view->out) {
    return;
  }
  fprintf(view->out, "%-14s %-34s %9s %9s %8s %8s %8s\n", "node", "plugin", "in dBFS", "out dBFS",
          "load %", "worst us", "latency");
  for (uint32_t i = 0U; i < spec->n_nodes; ++i) {
    PinnaNodeStats stats = {0};
    if (pinna_engine_node_stats(engine, spec->nodes[i].id, &stats)) {
      continue;
    }
    fprintf(view->out, "%-14s %-34s %9.1f %9.1f %8.3f %8.1f %8u%s\n", spec->nodes[i].id,
            pinna_instance_uri(spec->nodes[i].instance), decibels(stats.peak_in),
            decibels(stats.peak_out), 100.0 * stats.mean_load, 1e-3 * stats.worst_ns, stats.latency,
            stats.n_nonfinite ? "  MUTED: wrote NaN or Inf" : "");
  }
  for (uint32_t i = 0U; i < spec->n_nodes; ++i) {
    print_meters(view->out, &spec->nodes[i]);
  }
}

static CliExit
render(const RenderOptions* const o, const char* const in, const char* const out) {
  PinnaError   error = {{0}};
  PinnaConfig* config = NULL;
  PinnaStatus  status = o->config ? pinna_config_load(&config, o->config, &error) : 0;
  if (status) {
    return cli_failed(status, &error);
  }
  PinnaWorld* const world = cli_world();
  if (!world) {
    pinna_config_free(config);
    return CLI_EXIT_FAILED;
  }

  char                    uri[256];
  const PinnaRenderConfig render_config = {
      .in_path = in,
      .out_path = out,
      .config = config,
      .plugin = o->plugin ? cli_uri(o->plugin, uri, sizeof(uri)) : NULL,
      .preset = o->preset,
      .set = o->set.items,
      .n_set = o->set.n,
      .sample_rate = o->rate,
      .block = o->block,
      .tail = o->tail,
      .keep_latency = o->keep_latency,
      .format = o->format,
      .subformat = o->subformat,
  };
  FILE* const       text = !strcmp(out, "-") ? stderr : stdout;
  RenderView        view = {cli_progress_start(in, o->quiet), o->quiet ? NULL : text};
  PinnaRenderResult result = {0};
  status = pinna_render(&render_config, world, on_progress, on_report, &view, &result, &error);
  cli_progress_end(&view.progress);
  pinna_world_free(world);
  pinna_config_free(config);
  if (status) {
    return cli_failed(status, &error);
  }
  if (result.warning[0]) {
    fprintf(stderr, "pinna: warning: %s\n", result.warning);
  }
  if (!o->quiet) {
    fprintf(text, "%s: %.2f s, %u channel%s at %.0f Hz, %.0f x real time\n",
            !strcmp(out, "-") ? "standard output" : out,
            (double)result.n_frames / result.sample_rate, result.n_outputs,
            result.n_outputs == 1U ? "" : "s", result.sample_rate, result.speed);
  }
  return CLI_EXIT_OK;
}

static CliExit
render_main(const CliCommand* const command, const void* const options,
            const char* const* const args, const unsigned n_args) {
  const RenderOptions* const o = (const RenderOptions*)options;
  PinnaError                 error = {{0}};
  (void)n_args;
  if (!o->config == !o->plugin) {
    pinna_fail(&error, PINNA_STATUS_BAD_ARG, "pinna %s needs either --config FILE or --plugin URI",
               command->name);
    return cli_failed(PINNA_STATUS_BAD_ARG, &error);
  }
  if (o->config && (o->preset || o->set.n)) {
    pinna_fail(&error, PINNA_STATUS_BAD_ARG,
               "--preset and --set go with --plugin; with --config, write them in the file");
    return cli_failed(PINNA_STATUS_BAD_ARG, &error);
  }
  return render(o, args[0], args[1]);
}

#define OPTION(field) offsetof(RenderOptions, field)

static const CliOption render_options[] = {
    {"config", 'c', CLI_TEXT, OPTION(config), "FILE", "Render the graph of this configuration", 0,
     0},
    {"plugin", 'p', CLI_TEXT, OPTION(plugin), "URI", "Render through this one plugin", 0, 0},
    {"preset", 'P', CLI_TEXT, OPTION(preset), "NAME", "Preset of the plugin, by label or URI", 0,
     0},
    {"set", 's', CLI_LIST, OPTION(set), "SYMBOL=VALUE", "Set a control; may be repeated", 0, 0},
    {"block", 'b', CLI_COUNT, OPTION(block), "N", "Frames per run (1024); never changes the sound",
     1, 65536},
    {"rate", 'r', CLI_COUNT, OPTION(rate), "HZ", "Resample the input to this rate first", 1000,
     768000},
    {"tail", 't', CLI_NUMBER, OPTION(tail), "SECONDS", "Render on after the end of the input", 0,
     3600},
    {"format", 'f', CLI_TEXT, OPTION(format), "NAME",
     "wav, flac, w64, rf64, aiff, ogg, mp3, ... (by the file's name, else wav)", 0, 0},
    {"subformat", 0, CLI_TEXT, OPTION(subformat), "NAME",
     "float, double, pcm16, pcm24 or pcm32 (float where possible)", 0, 0},
    {"keep-latency", 0, CLI_FLAG, OPTION(keep_latency), NULL,
     "Keep the plugins' latency in the output instead of cutting it", 0, 0},
    {"quiet", 'q', CLI_FLAG, OPTION(quiet), NULL, "Print nothing but errors", 0, 0},
    {0},
};

const CliCommand cli_render = {
    .name = "render",
    .operands = "IN OUT",
    .least_args = 2U,
    .most_args = 2U,
    .summary = "Process a sound file through a plugin or a configuration",
    .details =
        "Reads IN (any format libsndfile knows, '-' is standard input), runs the same graph that a "
        "live session would run, and writes OUT ('-' is standard output), 32-bit float WAV unless "
        "the name or --format says otherwise. The result is the same for every block size. "
        "A mono plugin on a file with several channels runs once per channel.",
    .example =
        "pinna render voice.wav clean.wav --plugin eq:mono --set enabled_1=1 --set gain_1=3\n"
        "pinna render voice.wav call.flac --plugin eq:mono --preset Telephone\n"
        "pinna render meeting.wav - --config table.yaml | aplay",
    .options = render_options,
    .options_size = sizeof(RenderOptions),
    .main = render_main,
};
