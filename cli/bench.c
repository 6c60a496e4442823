// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/denormal.h"
#include "cli/bench_nn.h"
#include "cli/bench_torchaudio.h"
#include "cli/command.h"
#include "cli/precision.h"
#include "cli/progress.h"
#include "host/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// `pinna bench`: what plugins cost, ours and others', side by side in one run

enum { MAX_CHANNELS = 64, MAX_PLUGINS = 256 };

typedef struct {
  unsigned    block;
  unsigned    rate;
  unsigned    rounds;
  double      seconds;
  CliList     set;
  bool        json;
  bool        torchaudio;
  bool        torchaudio_rows;
  bool        nn;
  bool        ops;
  double      chunk;
  const char* precision;
} BenchOptions;

typedef struct {
  const char*    uri;
  PinnaInstance* instance;
  float*         ns;   ///< Time of each block of each round [n_rounds * n_blocks]
  double         best; ///< Smallest mean time of a round per frame, ns
} Entry;

typedef struct {
  const BenchOptions* options;
  Entry               entries[MAX_PLUGINS];
  unsigned            n_entries;
  unsigned            n_blocks; ///< Per round
  float*              audio;    ///< Input signal [MAX_CHANNELS x block], then output
  const float*        in[MAX_CHANNELS];
  float*              out[MAX_CHANNELS];
} Bench;

static double
now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

/// A 200 Hz tone with noise, never silent, so that no plugin can be idle
static void
make_signal(Bench* const bench) {
  const unsigned block = bench->options->block;
  unsigned       seed = 1U;
  for (unsigned ch = 0U; ch < MAX_CHANNELS; ++ch) {
    float* const in = bench->audio + (size_t)ch * block;
    bench->in[ch] = in;
    bench->out[ch] = bench->audio + (size_t)(MAX_CHANNELS + ch) * block;
    for (unsigned i = 0U; i < block; ++i) {
      seed = seed * 1664525U + 1013904223U;
      in[i] = 0.25F * sinf(6.2831853F * 200.0F * (float)i / (float)bench->options->rate) +
              0.05F * ((float)(int)seed * 0x1p-31F);
    }
  }
}

static PinnaStatus
add_entry(Bench* const bench, PinnaWorld* const world, const char* const uri,
          PinnaError* const error) {
  const BenchOptions* const o = bench->options;
  Entry* const              entry = &bench->entries[bench->n_entries];
  const PinnaInstanceConfig config = {.sample_rate = o->rate, .max_block = o->block};
  PinnaStatus status = pinna_instance_new(&entry->instance, world, uri, &config, error);
  if (status) {
    return status;
  }
  ++bench->n_entries;
  entry->uri = uri;
  entry->best = INFINITY;
  entry->ns = (float*)calloc((size_t)o->rounds * bench->n_blocks, sizeof(float));
  for (unsigned i = 0U; !status && i < o->set.n; ++i) {
    char              symbol[256];
    const char* const equals = strchr(o->set.items[i], '=');
    if (!equals || equals - o->set.items[i] >= (ptrdiff_t)sizeof(symbol)) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "--set takes SYMBOL=VALUE, not '%s'",
                        o->set.items[i]);
    }
    snprintf(symbol, sizeof(symbol), "%.*s", (int)(equals - o->set.items[i]), o->set.items[i]);
    status = pinna_instance_set_text(entry->instance, symbol, equals + 1, error);
  }
  return entry->ns ? status : PINNA_STATUS_NO_MEM;
}

static void
run_round(Bench* const bench, Entry* const entry, const unsigned round) {
  const unsigned    block = bench->options->block;
  float* const      ns = entry->ns + (size_t)round * bench->n_blocks;
  const PinnaFpMode mode = pinna_denormal_enter();
  double            sum = 0.0;
  double            before = now_ns();
  for (unsigned i = 0U; i < bench->n_blocks; ++i) {
    pinna_instance_run(entry->instance, bench->in, bench->out, block);
    const double after = now_ns();
    ns[i] = (float)(after - before);
    sum += after - before;
    before = after;
  }
  pinna_denormal_leave(mode);
  entry->best = fmin(entry->best, sum / bench->n_blocks / block);
}

static int
compare_floats(const void* const a, const void* const b) {
  const float x = *(const float*)a;
  const float y = *(const float*)b;
  return (x > y) - (x < y);
}

static void
print_entry(const Bench* const bench, const Entry* const entry) {
  const BenchOptions* const o = bench->options;
  const size_t              n = (size_t)o->rounds * bench->n_blocks;
  qsort(entry->ns, n, sizeof(float), compare_floats);
  const double   median = (double)entry->ns[n / 2U] / o->block;
  const double   p99 = 1e-3 * (double)entry->ns[n * 99U / 100U];
  const double   worst = 1e-3 * (double)entry->ns[n - 1U];
  const double   load = 1e-7 * entry->best * o->rate;
  const uint32_t latency = pinna_instance_latency(entry->instance);
  printf(o->json ? "{\"uri\": \"%s\", \"ns_per_frame\": %.3f, \"median_ns_per_frame\": %.3f, "
                   "\"p99_us\": %.2f, \"worst_us\": %.2f, \"load_percent\": %.4f, "
                   "\"latency\": %u}\n"
                 : "%-56s %9.2f %9.2f %8.1f %8.1f %8.3f %8u\n",
         entry->uri, entry->best, median, p99, worst, load, latency);
}

static PinnaStatus
bench_all(Bench* const bench, PinnaWorld* const world, const char* const* const uris,
          const unsigned n_uris, PinnaError* const error) {
  const BenchOptions* const o = bench->options;
  for (unsigned i = 0U; i < n_uris; ++i) {
    const PinnaStatus status = add_entry(bench, world, uris[i], error);
    if (status) {
      return status;
    }
  }

  CliProgress progress = cli_progress_start("bench", o->json);
  for (unsigned round = 0U; round < o->rounds; ++round) {
    for (unsigned i = 0U; i < bench->n_entries; ++i) {
      run_round(bench, &bench->entries[i], round);
      cli_progress_show(&progress, (round + (i + 1.0) / bench->n_entries) / o->rounds);
    }
  }
  cli_progress_end(&progress);

  if (!o->json) {
    printf("%u Hz, blocks of %u, %u rounds of %.2f s in turn\n", o->rate, o->block, o->rounds,
           o->seconds);
    printf("%-56s %9s %9s %8s %8s %8s %8s\n", "plugin", "ns/frame", "median", "p99 us", "worst us",
           "load %", "latency");
  }
  for (unsigned i = 0U; i < bench->n_entries; ++i) {
    print_entry(bench, &bench->entries[i]);
  }
  return PINNA_STATUS_OK;
}

/// The URIs asked for, or all of Pinna's own. @return How many
static unsigned
choose(PinnaWorld* const world, const char* const* const args, const unsigned n_args,
       const char** const uris, char (*const buffers)[256]) {
  unsigned n = 0U;
  for (; n < n_args; ++n) {
    uris[n] = cli_uri(args[n], buffers[n], sizeof(buffers[n]));
  }
  if (!n_args) {
    const LilvPlugins* const plugins = lilv_world_get_all_plugins(pinna_world_lilv(world));
    LILV_FOREACH(plugins, i, plugins) {
      const char* const uri = lilv_node_as_uri(lilv_plugin_get_uri(lilv_plugins_get(plugins, i)));
      if (!strncmp(uri, "urn:pinna:", 10U) && n < MAX_PLUGINS) {
        uris[n++] = uri;
      }
    }
  }
  return n;
}

static CliExit
bench_main(const CliCommand* const command, const void* const options,
           const char* const* const args, const unsigned n_args) {
  (void)command;
  BenchOptions o = *(const BenchOptions*)options;
  if (o.torchaudio_rows) {
    cli_bench_torchaudio_rows();
    return CLI_EXIT_OK;
  }
  if (o.torchaudio) {
    cli_bench_torchaudio();
    fprintf(stderr, "pinna bench: cannot run bench_torchaudio.py with /usr/bin/python3\n");
    return CLI_EXIT_FAILED;
  }
  if (o.nn) {
    CliBenchNn  nn = {.seconds = o.chunk,
                      .measure = o.seconds > 0.0 ? o.seconds : 1.0,
                      .all_ops = o.ops,
                      .json = o.json};
    PinnaError  error = {{0}};
    PinnaStatus status = cli_precision(o.precision, PINNA_PRECISION_DYNAMIC, &nn.precision, &error);
    status = status ? status : cli_bench_nn(&nn, args, n_args, &error);
    return status ? cli_failed(status, &error) : CLI_EXIT_OK;
  }
  o.block = o.block ? o.block : 128U;
  o.rate = o.rate ? o.rate : 48000U;
  o.rounds = o.rounds ? o.rounds : 7U;
  o.seconds = o.seconds > 0.0 ? o.seconds : 1.0;

  PinnaWorld* const world = cli_world();
  Bench* const      bench = (Bench*)calloc(1U, sizeof(Bench));
  const char*       uris[MAX_PLUGINS];
  static char       buffers[MAX_PLUGINS][256];
  if (!world || !bench) {
    free(bench);
    pinna_world_free(world);
    return CLI_EXIT_FAILED;
  }

  PinnaError error = {{0}};
  bench->options = &o;
  bench->n_blocks = (unsigned)ceil(o.seconds * o.rate / o.block);
  bench->audio = (float*)calloc(2U * MAX_CHANNELS * (size_t)o.block, sizeof(float));
  PinnaStatus status = bench->audio ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  if (!status) {
    make_signal(bench);
    status = bench_all(bench, world, uris, choose(world, args, n_args, uris, buffers), &error);
  }
  for (unsigned i = 0U; i < bench->n_entries; ++i) {
    pinna_instance_free(bench->entries[i].instance);
    free(bench->entries[i].ns);
  }
  free(bench->audio);
  free(bench);
  pinna_world_free(world);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

#define OPTION(field) offsetof(BenchOptions, field)

static const CliOption bench_options[] = {
    {"block", 'b', CLI_COUNT, OPTION(block), "N", "Frames per block (128)", 1, 65536},
    {"rate", 'r', CLI_COUNT, OPTION(rate), "HZ", "Sample rate (48000)", 1000, 768000},
    {"rounds", 'n', CLI_COUNT, OPTION(rounds), "N", "Rounds, plugins taking turns (7)", 1, 1000},
    {"seconds", 't', CLI_NUMBER, OPTION(seconds), "SECONDS", "Audio time of a round (1)", 0.01,
     600},
    {"set", 's', CLI_LIST, OPTION(set), "SYMBOL=VALUE", "Set a control in every plugin", 0, 0},
    {"json", 'j', CLI_FLAG, OPTION(json), NULL, "One JSON object a line", 0, 0},
    {"torchaudio", 0, CLI_FLAG, OPTION(torchaudio), NULL,
     "Time our features and effects beside TorchAudio's instead, one thread each", 0, 0},
    {"torchaudio-rows", 0, CLI_FLAG, OPTION(torchaudio_rows), NULL,
     "Our side of that: row names in, nanoseconds out", 0, 0},
    {"nn", 0, CLI_FLAG, OPTION(nn), NULL,
     "Time networks instead: weights files, or those that are built in", 0, 0},
    {"ops", 0, CLI_FLAG, OPTION(ops), NULL, "With --nn: a row for each operator", 0, 0},
    {"chunk", 0, CLI_NUMBER, OPTION(chunk), "SECONDS",
     "With --nn: sound in a run of wav2vec 2.0 and Conv-TasNet (1)", 0.05, 60},
    {"precision", 0, CLI_TEXT, OPTION(precision), "WHAT",
     "With --nn: weights as float (the default), half or int8; dynamic: int8, and what they are "
     "multiplied by, too",
     0, 0},
    {0},
};

const CliCommand cli_bench = {
    .name = "bench",
    .operands = "[URI|FILE...]",
    .least_args = 0U,
    .most_args = MAX_PLUGINS,
    .summary = "Measure what plugins cost, side by side",
    .details =
        "Runs each plugin (Pinna's own if none is named) on a tone with noise, in turns, and "
        "prints "
        "the best round's time per frame, the median, the 99th percentile and the worst block, the "
        "load on one core and the latency. Any installed plugin can be measured, so peers stand "
        "beside ours; compare figures of one run only.\n"
        "With --nn, each weights file is recognised by its tensors and run chunk by chunk where "
        "PINNA_DEVICE says: best, median and 99th percentile in microseconds, multiplications, "
        "real-time factor, and its operators on the processor. An .onnx file stands beside as a "
        "peer, by onnxruntime, where python3 has that.",
    .example = "pinna bench\n"
               "pinna bench eq:stereo http://gareus.org/oss/lv2/fil4#stereo\n"
               "pinna bench --nn silero_vad_16k.safetensors",
    .options = bench_options,
    .options_size = sizeof(BenchOptions),
    .main = bench_main,
};
