// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/bench_nn.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/denormal.h"
#include "models/embedded.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Networks and operators in turns with nothing else, each until its time is up

#define MAX_RUNS 20000U

static double
read_us(const clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return 1e6 * (double)now.tv_sec + 1e-3 * (double)now.tv_nsec;
}

static double
now_us(void) {
  return read_us(CLOCK_MONOTONIC);
}

/// Times of the runs of something, in microseconds
typedef struct {
  double   us[MAX_RUNS];
  unsigned n;
} Times;

static int
compare_doubles(const void* const a, const void* const b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/// Measure a session's runs, two unmeasured before
static void
time_session(PinnaSession* const session, const double seconds, Times* const times) {
  const PinnaFpMode mode = pinna_denormal_enter();
  pinna_session_run(session);
  pinna_session_run(session);
  times->n = 0U;
  for (double left = 1e6 * seconds; (left > 0.0 || times->n < 5U) && times->n < MAX_RUNS;) {
    const double start = now_us();
    pinna_session_run(session);
    times->us[times->n] = now_us() - start;
    left -= times->us[times->n++];
  }
  pinna_denormal_leave(mode);
  qsort(times->us, times->n, sizeof(times->us[0]), compare_doubles);
}

static void
print_times(const CliBenchNn* const o, const char* const name, const char* const backend,
            const Times* const times, const PinnaPlanFacts* const facts, const double seconds) {
  const double best = times->us[0];
  const double p50 = times->us[times->n / 2U];
  const double p99 = times->us[(size_t)(0.99 * (times->n - 1U))];
  const double rate = 1e-3 * facts->macs / best;
  if (o->json) {
    printf("{\"name\": \"%s\", \"backend\": \"%s\", \"us\": %.2f, \"p50_us\": %.2f, \"p99_us\": "
           "%.2f, \"runs\": %u, \"mmac\": %.3f, \"gmac_per_s\": %.2f, \"operators\": %zu, "
           "\"seconds\": %.4f, \"rtf\": %.5f}\n",
           name, backend, best, p50, p99, times->n, 1e-6 * facts->macs, rate, facts->n_ops, seconds,
           seconds > 0.0 ? 1e-6 * best / seconds : 0.0);
    return;
  }
  printf("%-40s %-12s %10.1f %10.1f %10.1f %10.2f %8.1f", name, backend, best, p50, p99,
         1e-6 * facts->macs, rate);
  if (seconds > 0.0) {
    printf(" %8.4f\n", 1e-6 * best / seconds);
  } else {
    printf(" %8s\n", "-");
  }
}

/// A value for every input, so that nothing is idle
static void
fill(float* const x, const PinnaShape shape) {
  unsigned seed = 1U;
  for (size_t i = 0U; x && i < (size_t)shape.t * shape.f * shape.c; ++i) {
    seed = seed * 1664525U + 1013904223U;
    x[i] = 0.1F * (float)(int32_t)seed * 0x1p-31F;
  }
}

static PinnaStatus
build_runner(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
print_op(const CliBenchNn* const o, const char* const name, const PinnaPlanOpFacts* const op,
         const unsigned count, const double us, const double macs, const double whole) {
  if (o->json) {
    printf("{\"operator\": \"%s\", \"count\": %u, \"us\": %.2f, \"percent\": %.2f, "
           "\"gmac_per_s\": %.2f}\n",
           name, count, us, 100.0 * us / whole, 1e-3 * macs / us);
    return;
  }
  char what[64];
  if (op) {
    snprintf(what, sizeof(what), "%s [%u x %u x %u] to [%u x %u x %u]", name, op->in.t, op->in.f,
             op->in.c, op->out.t, op->out.f, op->out.c);
  } else {
    snprintf(what, sizeof(what), "%s x %u", name, count);
  }
  printf("  %-51s %10.1f %9.1f%% %10s %10.2f %8.1f\n", what, us, 100.0 * us / whole, "",
         1e-6 * macs, 1e-3 * macs / us);
}

/// Time of an operator: the thread's own where it is long enough to be interrupted
static double
time_op(PinnaRunner* const runner, const size_t i) {
  const double own = read_us(CLOCK_THREAD_CPUTIME_ID);
  const double start = now_us();
  pinna_runner_run_op(runner, i);
  const double us = now_us() - start;
  return us < 100.0 ? us : fmin(us, read_us(CLOCK_THREAD_CPUTIME_ID) - own);
}

/// Best time of each operator on the processor, by kind or one by one
static void
bench_ops(const CliBenchNn* const o, const PinnaPlan* const plan, PinnaRunner* const runner) {
  const size_t  n = pinna_plan_facts(plan).n_ops;
  double* const best = (double*)malloc((n + 1U) * sizeof(double));
  double        whole = 0.0;
  for (size_t i = 0U; best && i < n; ++i) {
    best[i] = INFINITY;
  }
  const double end = now_us() + 1e6 * o->measure;
  for (unsigned round = 0U; best && (round < 5U || now_us() < end); ++round) {
    for (size_t i = 0U; i < n; ++i) {
      best[i] = fmin(best[i], time_op(runner, i));
    }
  }
  for (size_t i = 0U; best && i < n; ++i) {
    whole += best[i];
  }
  for (size_t i = 0U; best && i < n; ++i) {
    const PinnaPlanOpFacts op = pinna_plan_op_facts(plan, i);
    if (o->all_ops) {
      print_op(o, op.name, &op, 1U, best[i], op.macs, whole);
      continue;
    }
    double   us = 0.0;
    double   macs = 0.0;
    unsigned count = 0U;
    bool     is_first = true;
    for (size_t k = 0U; k < n; ++k) {
      const PinnaPlanOpFacts other = pinna_plan_op_facts(plan, k);
      if (!strcmp(other.name, op.name)) {
        is_first = is_first && k >= i;
        us += best[k];
        macs += other.macs;
        ++count;
      }
    }
    if (is_first) {
      print_op(o, op.name, NULL, count, us, macs, whole);
    }
  }
  free(best);
}

/// A finished plan, wherever PINNA_DEVICE says, and its operators on the processor
static PinnaStatus
bench_plan(const CliBenchNn* const o, const PinnaPlan* const plan, const char* const name,
           const double seconds, const bool with_ops, Times* const times, PinnaError* const error) {
  const PinnaSessionConfig config = {.plan = plan};
  const PinnaPlanFacts     facts = pinna_plan_facts(plan);
  PinnaSession*            session = NULL;
  const PinnaStatus        status = pinna_session_open(&session, &config, error);
  if (status) {
    return status;
  }
  const PinnaRunnerConfig runner_config = {plan, pinna_cpu_isa()};
  void*                   memory = NULL;
  PinnaRunner*            runner = NULL;
  if (with_ops && pinna_arena_build(&memory, (void**)&runner, build_runner, &runner_config)) {
    pinna_session_close(session);
    return PINNA_STATUS_NO_MEM;
  }
  time_session(session, o->measure, times);
  print_times(o, name, pinna_session_backend(session), times, &facts, seconds);
  if (with_ops) {
    fill(pinna_runner_tensor(runner, "x"), pinna_runner_shape(runner, "x"));
    bench_ops(o, plan, runner);
  }
  pinna_session_close(session);
  pinna_arena_free(memory);
  return PINNA_STATUS_OK;
}

static PinnaStatus
bench_network(const CliBenchNn* const o, const char* const path, const char* const name,
              Times* const times, PinnaError* const error) {
  PinnaPlan* const plan = pinna_plan_new();
  CliNetwork       network = {0};
  if (plan) {
    pinna_plan_keep_weights(plan, o->precision);
  }
  PinnaStatus status = !plan  ? PINNA_STATUS_NO_MEM
                       : path ? cli_network_open(path, o->seconds, plan, &network, error)
                              : cli_network_embedded(name, plan, &network, error);
  status = status ? status : bench_plan(o, plan, network.name, network.seconds, true, times, error);
  pinna_plan_free(plan);
  return status;
}

/// A weight of n values, none like another
static PinnaRef
noise(PinnaPlan* const plan, const size_t n) {
  float* const   values = (float*)malloc(n * sizeof(float));
  const PinnaRef ref = values ? (fill(values, (PinnaShape){1U, 1U, (uint32_t)n}),
                                 pinna_plan_constant(plan, NULL, values, n))
                              : 0U;
  free(values);
  return ref;
}

/// Operator `which` of those that stand for all: of a size that networks have
static const char*
describe_op(PinnaPlan* const plan, const unsigned which) {
  static const uint32_t      columns[] = {1U, 4U, 8U, 49U, 500U};
  static const char* const   names[] = {"Linear 512 to 512, 1 column", "Linear, 4 columns",
                                        "Linear, 8 columns", "Linear, 49 columns",
                                        "Linear, 500 columns"};
  const PinnaConvConfig      linear = pinna_conv_config(512U);
  const PinnaAttentionConfig heads = {.n_heads = 8U};
  const PinnaRnnConfig       cells = {256U, false, "cells"};
  PinnaConvConfig            depth = pinna_conv_config(512U);
  depth.kernel[0] = 3U;
  depth.groups = 512U;
  const uint32_t t = which < 5U ? columns[which] : which < 7U ? 8U : 100U;
  const PinnaRef x = pinna_plan_input(plan, "x", (PinnaShape){t, 1U, 512U});
  const char*    name = which < 5U ? names[which] : NULL;
  PinnaRef       y = 0U;
  switch (which) {
  case 5U:
    name = "GRU 512 to 256, 8 steps";
    y = pinna_plan_gru(plan, x, &cells, noise(plan, 768U * 512U), noise(plan, 768U * 256U), 0U, 0U);
    break;
  case 6U:
    name = "LSTM 512 to 256, 8 steps";
    y = pinna_plan_lstm(plan, x, &cells, noise(plan, 1024U * 512U), noise(plan, 1024U * 256U), 0U,
                        0U);
    break;
  case 7U:
    name = "attention 100 to 100, 8 heads of 64";
    y = pinna_plan_attention(plan, x, x, x, 0U, &heads);
    break;
  case 8U:
    name = "depthwise 3 taps, 100 x 512";
    y = pinna_plan_conv(plan, x, &depth, noise(plan, 1536U), 0U);
    break;
  case 9U:
    name = "layer norm 100 x 512";
    y = pinna_plan_norm(plan, x, PINNA_NORM_CHANNELS, 1U, 1e-5F, 0U, 0U);
    break;
  case 10U:
    name = "GELU 100 x 512";
    y = pinna_plan_act(plan, x, PINNA_ACT_GELU, 0.0F);
    break;
  default:
    y = name ? pinna_plan_conv(plan, x, &linear, noise(plan, 512U * 512U), 0U) : 0U;
  }
  pinna_plan_output(plan, "y", y);
  return name;
}

static PinnaStatus
bench_operators(const CliBenchNn* const o, Times* const times, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  bool        is_more = true;
  for (unsigned i = 0U; !status && is_more; ++i) {
    PinnaPlan* const plan = pinna_plan_new();
    if (!plan) {
      return PINNA_STATUS_NO_MEM;
    }
    pinna_plan_keep_weights(plan, o->precision);
    const char* const name = describe_op(plan, i);
    is_more = name != NULL;
    status = is_more ? pinna_plan_finish(plan, error) : PINNA_STATUS_OK;
    if (is_more && !status) {
      status = bench_plan(o, plan, name, 0.0, false, times, error);
    }
    pinna_plan_free(plan);
  }
  return status;
}

/// One run of an ONNX file by onnxruntime on one thread, if python3 has that
static PinnaStatus
bench_peer(const CliBenchNn* const o, const char* const path, Times* const times,
           PinnaError* const error) {
  static const char script[] =
      "import sys\n"
      "try:\n"
      "  import numpy, onnxruntime\n"
      "except ImportError:\n"
      "  sys.exit(3)\n"
      "import time\n"
      "options = onnxruntime.SessionOptions()\n"
      "options.intra_op_num_threads = options.inter_op_num_threads = 1\n"
      "s = onnxruntime.InferenceSession(sys.argv[1], options, providers=['CPUExecutionProvider'])\n"
      "kinds = {'tensor(float)': 'float32', 'tensor(int64)': 'int64', 'tensor(double)': "
      "'float64'}\n"
      "x = {i.name: numpy.full([d if isinstance(d, int) else 1 for d in i.shape], 1, "
      "kinds[i.type]) for i in s.get_inputs()}\n"
      "end = time.perf_counter() + float(sys.argv[2])\n"
      "n = 0\n"
      "while n < 5 or (time.perf_counter() < end and n < 20000):\n"
      "  t = time.perf_counter(); s.run(None, x); print(1e6 * (time.perf_counter() - t)); n += 1\n";
  char   seconds[32];
  char   quoted[2048];
  char   command[8192];
  size_t n = 0U;
  snprintf(seconds, sizeof(seconds), "%.3f", o->measure);
  for (const char* p = path; *p && n + 5U < sizeof(quoted); ++p) { // ' becomes '\''
    if (*p == '\'') {
      memcpy(quoted + n, "'\\''", 4U);
      n += 4U;
    } else {
      quoted[n++] = *p;
    }
  }
  quoted[n] = '\0';
  snprintf(command, sizeof(command), "python3 - '%s' %s <<'PINNA_END'\n%sPINNA_END\n", quoted,
           seconds, script);
  FILE* const in = popen(command, "r");
  times->n = 0U;
  while (in && times->n < MAX_RUNS && fscanf(in, "%lf", &times->us[times->n]) == 1) {
    ++times->n;
  }
  const int result = in ? pclose(in) : -1;
  if (result || !times->n) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s: %s", path,
                      result == 3 << 8 ? "python3 has no onnxruntime to run it"
                                       : "onnxruntime cannot run it");
  }
  qsort(times->us, times->n, sizeof(times->us[0]), compare_doubles);
  print_times(o, path, "onnxruntime", times, &(PinnaPlanFacts){0}, 0.0);
  return PINNA_STATUS_OK;
}

PinnaStatus
cli_bench_nn(const CliBenchNn* const options, const char* const* const files,
             const unsigned n_files, PinnaError* const error) {
  Times* const times = (Times*)malloc(sizeof(Times));
  PinnaStatus  status = times ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  if (!options->json) {
    printf("%-40s %-12s %10s %10s %10s %10s %8s %8s\n", "network", "on", "us", "p50 us", "p99 us",
           "MMAC", "GMAC/s", "RTF");
  }
  for (unsigned i = 0U; !status && i < n_files; ++i) {
    const size_t n = strlen(files[i]);
    status = n > 5U && !strcmp(files[i] + n - 5U, ".onnx")
                 ? bench_peer(options, files[i], times, error)
                 : bench_network(options, files[i], NULL, times, error);
  }
  for (size_t i = 0U; !status && !n_files && pinna_embedded_at(i); ++i) {
    status = bench_network(options, NULL, pinna_embedded_at(i)->name, times, error);
    status = status == PINNA_STATUS_NOT_FOUND ? PINNA_STATUS_OK : status;
  }
  if (!status && !n_files) {
    status = bench_operators(options, times, error);
  }
  free(times);
  return status;
}
