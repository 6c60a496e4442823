// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/render.h"

#include "host/audio_file.h"
#include "host/build_graph.h"
#include "host/captions.h"
#include "host/file_pump.h"
#include "host/pace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One render from open files to closed files; every step fails with a reason

#define CHANNELS 64U
#define LINGER_S 4.0 ///< Behind a recording, for captions

typedef struct {
  const PinnaRenderConfig* config;
  PinnaWorld*              world;
  PinnaError*              error;
  uint32_t                 block;
  double                   sample_rate;
  uint32_t                 n_channels; ///< Of the file
  uint32_t                 n_inputs;
  uint32_t                 n_outputs;
  PinnaAudioReader*        reader;
  PinnaAudioWriter*        writer;
  PinnaFilePump*           pump;
  PinnaInstance**          instances;
  uint32_t                 n_instances;
  PinnaGraphSpec*          spec;
  char (*ids)[32]; ///< Of a chain's nodes
  PinnaEngine*   engine;
  PinnaCaptions* captions; ///< Of a configuration
} Render;

static PinnaStatus
add_instance(Render* const render, const char* const uri) {
  const PinnaInstanceConfig config = {
      .sample_rate = render->sample_rate, .max_block = render->block, .offline = true};
  PinnaInstance*    instance = NULL;
  const PinnaStatus status =
      pinna_instance_new(&instance, render->world, uri, &config, render->error);
  if (!status) {
    render->instances[render->n_instances++] = instance;
  }
  return status;
}

/// "symbol=value"
static PinnaStatus
set_value(const Render* const render, PinnaInstance* const instance, const char* const text) {
  const char* const equals = strchr(text, '=');
  char              symbol[256];
  if (!equals || equals == text || (size_t)(equals - text) >= sizeof(symbol)) {
    return pinna_fail(render->error, PINNA_STATUS_BAD_ARG, "'%s' sets nothing: write symbol=value",
                      text);
  }

  memcpy(symbol, text, (size_t)(equals - text));
  symbol[equals - text] = '\0';
  return pinna_instance_set_text(instance, symbol, equals + 1, render->error);
}

static PinnaStatus
set_up_plugin(const Render* const render, PinnaInstance* const instance) {
  const PinnaRenderConfig* const config = render->config;
  PinnaStatus                    status = PINNA_STATUS_OK;
  if (config->preset) {
    status = pinna_instance_preset(instance, config->preset, render->error);
  }
  for (uint32_t i = 0U; i < config->n_set && !status; ++i) {
    status = set_value(render, instance, config->set[i]);
  }
  return status;
}

/// How many copies of a plugin a file needs; 0: it does not fit. Inputs beyond the file's channels
/// stay silent: many plugins do not declare their side chains as such.
static uint32_t
count_copies(const uint32_t n_channels, const uint32_t n_in) {
  return !n_in || n_channels <= n_in ? 1U : n_channels % n_in ? 0U : n_channels / n_in;
}

static PinnaStatus
wire_chain(Render* const render, const uint32_t n_in, const uint32_t n_out) {
  const uint32_t        n = render->n_instances;
  PinnaGraphNode* const nodes = (PinnaGraphNode*)calloc(n, sizeof(PinnaGraphNode));
  PinnaGraphWire* const wires = (PinnaGraphWire*)calloc(n * (n_in + n_out), sizeof(PinnaGraphWire));
  render->spec = (PinnaGraphSpec*)calloc(1U, sizeof(PinnaGraphSpec));
  render->ids = calloc(n, sizeof(*render->ids));
  if (!nodes || !wires || !render->spec || !render->ids) {
    free(nodes);
    free(wires);
    return pinna_fail(render->error, PINNA_STATUS_NO_MEM, "No memory for the graph");
  }

  uint32_t n_wires = 0U;
  for (uint32_t k = 0U; k < n; ++k) {
    snprintf(render->ids[k], sizeof(render->ids[k]), n > 1U ? "plugin %u" : "plugin", k + 1U);
    nodes[k] = (PinnaGraphNode){render->ids[k], render->instances[k], false};
    for (uint32_t c = 0U; c < n_in; ++c) {
      const uint32_t ch = render->n_channels == 1U ? 0U : k * n_in + c;
      if (ch < render->n_channels) {
        wires[n_wires++] = (PinnaGraphWire){PINNA_GRAPH_IO, ch, k, c};
      }
    }
    for (uint32_t c = 0U; c < n_out; ++c) {
      wires[n_wires++] = (PinnaGraphWire){k, c, PINNA_GRAPH_IO, k * n_out + c};
    }
  }
  *render->spec = (PinnaGraphSpec){nodes, n, wires, n_wires};
  return PINNA_STATUS_OK;
}

static PinnaStatus
make_chain(Render* const render) {
  const char* const uri = render->config->plugin;
  render->instances = (PinnaInstance**)calloc(CHANNELS, sizeof(PinnaInstance*));
  if (!render->instances) {
    return pinna_fail(render->error, PINNA_STATUS_NO_MEM, "No memory for the plugin");
  }

  PinnaStatus status = add_instance(render, uri);
  if (status) {
    return status;
  }

  const uint32_t n_in = pinna_instance_n_main_in(render->instances[0]);
  const uint32_t n_out = pinna_instance_n_main_out(render->instances[0]);
  const uint32_t n_copies = count_copies(render->n_channels, n_in);
  if (!n_out) {
    return pinna_fail(render->error, PINNA_STATUS_UNSUPPORTED,
                      "<%s> has no audio outputs: there is nothing to write", uri);
  }
  if (!n_copies || n_copies * n_out > CHANNELS) {
    return pinna_fail(render->error, PINNA_STATUS_UNSUPPORTED,
                      "<%s> has %u audio inputs and %u outputs, which does not fit '%s' with %u "
                      "channels: write a configuration with wires and give it with --config",
                      uri, n_in, n_out, render->config->in_path, render->n_channels);
  }

  for (uint32_t k = 1U; k < n_copies && !status; ++k) {
    status = add_instance(render, uri);
  }
  for (uint32_t k = 0U; k < n_copies && !status; ++k) {
    status = set_up_plugin(render, render->instances[k]);
  }
  render->n_inputs = render->n_channels;
  render->n_outputs = n_copies * n_out;
  return status ? status : wire_chain(render, n_in, n_out);
}

static PinnaStatus
set_up_node(const Render* const render, const PinnaConfigNode* const node,
            PinnaInstance* const instance) {
  PinnaStatus status = PINNA_STATUS_OK;
  if (node->preset) {
    status = pinna_instance_preset(instance, node->preset, render->error);
  }
  for (unsigned i = 0U; i < node->n_set && !status; ++i) {
    PinnaError reason = {""};
    status = pinna_instance_set_text(instance, node->set[i].symbol, node->set[i].value, &reason);
    if (status) {
      pinna_fail(render->error, status, "%s%sNode '%s': %s", render->config->config->file,
                 node->set[i].place, node->id, reason.text);
    }
  }
  return status;
}

static PinnaStatus
make_configured(Render* const render) {
  const PinnaConfig* const config = render->config->config;
  render->n_inputs = config->audio.inputs ? config->audio.inputs : render->n_channels;
  render->n_outputs = config->audio.outputs ? config->audio.outputs : render->n_channels;
  if (render->n_channels > 1U && render->n_channels < render->n_inputs) {
    return pinna_fail(render->error, PINNA_STATUS_BAD_CONFIG,
                      "The configuration has %u inputs, but '%s' has only %u channels",
                      render->n_inputs, render->config->in_path, render->n_channels);
  }

  render->instances = (PinnaInstance**)calloc(config->n_nodes + 1U, sizeof(PinnaInstance*));
  PinnaStatus status = render->instances ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (unsigned i = 0U; i < config->n_nodes && !status; ++i) {
    status = add_instance(render, config->nodes[i].plugin);
    if (!status) {
      status = set_up_node(render, config->nodes + i, render->instances[i]);
    }
  }

  return status ? status
                : pinna_build_graph(&render->spec, config, render->instances, render->n_inputs,
                                    render->n_outputs, render->error);
}

static PinnaStatus
open_input(Render* const render) {
  const PinnaRenderConfig* const config = render->config;
  const double                   wanted = config->sample_rate > 0.0 ? config->sample_rate
                                          : config->config ? config->config->audio.sample_rate
                                                           : 0.0;
  const PinnaStatus              status =
      pinna_audio_reader_open(&render->reader, config->in_path, wanted, render->error);
  if (status) {
    return status;
  }

  render->sample_rate = pinna_audio_reader_sample_rate(render->reader);
  render->n_channels = pinna_audio_reader_n_channels(render->reader);
  if (render->n_channels > CHANNELS) {
    return pinna_fail(render->error, PINNA_STATUS_UNSUPPORTED,
                      "'%s' has %u channels, at most %u work", config->in_path, render->n_channels,
                      CHANNELS);
  }
  if (pinna_audio_same_file(config->in_path, config->out_path)) {
    return pinna_fail(render->error, PINNA_STATUS_BAD_ARG,
                      "'%s' is both input and output: give the output another name",
                      config->out_path);
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
make_engine(Render* const render) {
  // From here on nothing is heard of the values' way to where they are now
  for (uint32_t i = 0U; i < render->n_instances; ++i) {
    pinna_instance_reset(render->instances[i]);
  }

  const PinnaEngineConfig config = {render->sample_rate, render->block, render->n_inputs,
                                    render->n_outputs, false};
  PinnaStatus             status = pinna_engine_new(&render->engine, &config, render->error);
  return status ? status : pinna_engine_apply(render->engine, render->spec, render->error);
}

static PinnaStatus
open_output(Render* const render) {
  const PinnaRenderConfig* const config = render->config;
  const uint64_t                 length = pinna_audio_reader_length(render->reader);
  const double                 tail = config->tail > 0.0 ? config->tail * render->sample_rate : 0.0;
  const uint64_t               n_tail = (uint64_t)llround(tail);
  const PinnaAudioWriterConfig writer = {config->out_path,  config->format,
                                         config->subformat, render->sample_rate,
                                         render->n_outputs, length ? length + n_tail : 0U};
  const PinnaStatus status = pinna_audio_writer_open(&render->writer, &writer, render->error);
  if (status) {
    return status;
  }

  const PinnaFilePumpConfig pump = {
      .reader = render->reader,
      .writer = render->writer,
      .n_inputs = render->n_inputs,
      .n_outputs = render->n_outputs,
      .block = render->block,
      .tail = n_tail,
      .skip = config->keep_latency ? 0U : pinna_engine_latency(render->engine)};
  return pinna_file_pump_new(&render->pump, &pump)
             ? pinna_fail(render->error, PINNA_STATUS_NO_MEM, "No memory to render")
             : PINNA_STATUS_OK;
}

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) PINNA_RT {
  pinna_engine_run((PinnaEngine*)handle, in, out, n_frames);
}

static PinnaStatus
pump(Render* const render, const PinnaRenderProgress progress, void* const handle) {
  const PinnaBackendClient client = {render->engine, process, NULL};
  const double             length = (double)pinna_audio_reader_length(render->reader);
  int64_t                  told = pinna_pace_now();
  uint64_t                 n_idle = 0U;
  PinnaStatus              status = PINNA_STATUS_OK;
  while (!status) {
    status = pinna_file_pump_step(render->pump, &client, render->error);
    n_idle += pinna_file_pump_last(render->pump);
    if (!status && n_idle < 1024U) {
      continue; // Short blocks leave no time for more than sound
    }

    n_idle = 0U;
    for (uint32_t i = 0U; i < render->n_instances; ++i) {
      pinna_instance_idle(render->instances[i]);
    }
    pinna_captions_poll(render->captions, render->instances, render->engine, render->sample_rate);
    const int64_t now = progress ? pinna_pace_now() : told;
    if (!status && now - told > 50000000) {
      const double n = (double)pinna_file_pump_written(render->pump);
      told = now;
      if (!progress(handle, length > 0.0 ? fmin(n / length, 1.0) : -n)) {
        status = pinna_fail(render->error, PINNA_STATUS_BUSY, "Cancelled");
      }
    }
  }

  return status == PINNA_STATUS_END ? PINNA_STATUS_OK : status;
}

/// Whoever speaks at the end is heard out: silence that is not written, for the last captions
static PinnaStatus
linger(const Render* const render) {
  const PinnaBackendClient  client = {render->engine, process, NULL};
  const PinnaFilePumpConfig config = {.n_inputs = render->n_inputs,
                                      .n_outputs = render->n_outputs,
                                      .block = render->block,
                                      .n_frames = (uint64_t)(LINGER_S * render->sample_rate)};
  PinnaFilePump*            silence = NULL;
  PinnaStatus               status = pinna_file_pump_new(&silence, &config);
  pinna_captions_end(render->captions,
                     (double)pinna_file_pump_written(render->pump) / render->sample_rate);
  while (!status) {
    status = pinna_file_pump_step(silence, &client, render->error);
    for (uint32_t i = 0U; i < render->n_instances; ++i) {
      pinna_instance_idle(render->instances[i]);
    }
    pinna_captions_poll(render->captions, render->instances, render->engine, render->sample_rate);
  }
  pinna_file_pump_free(silence);
  return status == PINNA_STATUS_END ? PINNA_STATUS_OK : status;
}

static void
free_render(Render* const render) {
  pinna_engine_free(render->engine);
  pinna_file_pump_free(render->pump);
  pinna_graph_spec_free(render->spec);
  for (uint32_t i = 0U; i < render->n_instances; ++i) {
    pinna_instance_free(render->instances[i]);
  }
  free(render->instances);
  free(render->ids);
  pinna_audio_reader_close(render->reader);
}

static PinnaStatus
prepare(Render* const render) {
  const PinnaRenderConfig* const config = render->config;
  if (!config->in_path || !config->out_path || (!config->config && !config->plugin)) {
    return pinna_fail(render->error, PINNA_STATUS_BAD_ARG,
                      "A render needs an input, an output, and a configuration or a plugin");
  }
  if (config->block > 65536U) {
    return pinna_fail(render->error, PINNA_STATUS_BAD_ARG,
                      "A block of %u frames is too long: 1 to 65536", config->block);
  }

  PinnaStatus status = open_input(render);
  if (!status) {
    status = config->config ? make_configured(render) : make_chain(render);
  }
  if (!status) {
    status = make_engine(render);
  }
  if (!status && config->config) {
    status =
        pinna_captions_new(&render->captions, render->world, config->config, false, render->error);
  }
  return status ? status : open_output(render);
}

PinnaStatus
pinna_render(const PinnaRenderConfig* const config, PinnaWorld* const world,
             const PinnaRenderProgress progress, const PinnaRenderReport report, void* const handle,
             PinnaRenderResult* const result, PinnaError* const error) {
  const int64_t start = pinna_pace_now();
  Render        render = {.config = config,
                          .world = world,
                          .error = error,
                          .block = config->block ? config->block : 1024U};
  PinnaStatus   status = prepare(&render);
  if (!status) {
    status = pump(&render, progress, handle);
  }
  if (!status && render.config->config && render.config->config->n_captions) {
    status = linger(&render);
  }

  const PinnaStatus closed = pinna_audio_writer_close(render.writer, error);
  status = status ? status : closed;
  const PinnaStatus told = pinna_captions_free(render.captions, error);
  status = status ? status : told;
  if (!status && result) {
    const char* const warning = pinna_audio_reader_warning(render.reader);
    const double      seconds = 1e-9 * (double)(pinna_pace_now() - start);
    *result = (PinnaRenderResult){.n_frames = pinna_file_pump_written(render.pump),
                                  .sample_rate = render.sample_rate,
                                  .n_inputs = render.n_inputs,
                                  .n_outputs = render.n_outputs,
                                  .latency = pinna_engine_latency(render.engine),
                                  .seconds = seconds};
    result->speed = (double)result->n_frames / render.sample_rate / seconds;
    snprintf(result->warning, sizeof(result->warning), "%s", warning ? warning : "");
  }
  if (!status && report) {
    report(handle, render.engine, render.spec);
  }

  free_render(&render);
  return status;
}
