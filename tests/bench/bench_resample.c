// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "dsp/resample.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <samplerate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef PINNA_HAVE_SOXR
#include <soxr.h>
#endif

// Resampler against soxr and libsamplerate, in turns in one run: ns per output sample, mono, 10 ms
// blocks. With the argument --gate: at most twice soxr HQ's cost for the common ratios.

#define N_ROUNDS 15
#define SECONDS 1

typedef struct {
  uint32_t in;
  uint32_t out;
  double   limit; ///< Cost re soxr HQ, 0 = not a gate
} Pair;

static const Pair pairs[] = {{44100, 48000, 2.0},  {48000, 44100, 2.0},  {48000, 16000, 2.0},
                             {16000, 48000, 2.0},  {48000, 96000, 2.0},  {96000, 48000, 2.0},
                             {48000, 144000, 2.0}, {48000, 192000, 2.0}, {192000, 48000, 2.0},
                             {44100, 16000, 0.0}};

typedef enum { HIGH, FAST, BEST, SOXR_HIGH, SOXR_VERY_HIGH, SRC_BEST, SRC_MEDIUM, N_PEERS } Peer;

static const char* const names[N_PEERS] = {"high",     "fast",     "best",      "soxr HQ",
                                           "soxr VHQ", "src best", "src medium"};

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, config);
}

static double
time_ours(const Pair* const p, const PinnaResampleQuality quality, const float* const x,
          float* const y) {
  const PinnaResampleConfig config = {
      .rate_in = p->in, .rate_out = p->out, .n_ch = 1, .quality = quality};
  void* memory = NULL;
  void* object = NULL;
  if (pinna_arena_build(&memory, &object, build, &config) != PINNA_STATUS_OK) {
    exit(1);
  }
  uint64_t       n_out = 0;
  const uint32_t block = p->in / 100;
  float*         out = y;
  const double   start = bench_ns();
  for (uint32_t i = 0; i + block <= p->in * SECONDS; i += block) {
    const float* in = x + i;
    n_out += pinna_resample_run(object, &in, block, &out);
  }
  const double ns = bench_ns() - start;
  pinna_arena_free(memory);
  return ns / (double)n_out;
}

#ifdef PINNA_HAVE_SOXR
static double
time_soxr(const Pair* const p, const unsigned long recipe, const float* const x, float* const y) {
  const soxr_quality_spec_t quality = soxr_quality_spec(recipe, 0);
  soxr_error_t              error = NULL;
  soxr_t                    soxr = soxr_create(p->in, p->out, 1, &error, NULL, &quality, NULL);
  const size_t              room = (size_t)p->out * SECONDS;
  size_t                    n_used = 0;
  size_t                    n_out = 0;
  size_t                    n_total = 0;
  soxr_process(soxr, x, p->in * SECONDS / 2, &n_used, y, room, &n_out); // past its own delay
  const uint32_t block = p->in / 100;
  const double   start = bench_ns();
  for (uint32_t i = 0; i + block <= p->in * SECONDS; i += block) {
    soxr_process(soxr, x + i, block, &n_used, y, room, &n_out);
    n_total += n_out;
  }
  const double ns = bench_ns() - start;
  soxr_delete(soxr);
  return ns / (double)n_total;
}
#endif

static double
time_src(const Pair* const p, const int type, const float* const x, float* const y) {
  int              error = 0;
  SRC_STATE* const state = src_new(type, 1, &error);
  const uint32_t   block = p->in / 100;
  long             n_total = 0;
  const double     start = bench_ns();
  for (uint32_t i = 0; i + block <= p->in * SECONDS / 8; i += block) {
    SRC_DATA data = {0};
    data.data_in = x + i;
    data.data_out = y;
    data.input_frames = block;
    data.output_frames = p->out;
    data.src_ratio = (double)p->out / p->in;
    src_process(state, &data);
    n_total += data.output_frames_gen;
  }
  const double ns = bench_ns() - start;
  src_delete(state);
  return ns / (double)n_total;
}

static double
time_peer(const Pair* const p, const Peer peer, const float* const x, float* const y) {
  switch (peer) {
  case HIGH:
    return time_ours(p, PINNA_RESAMPLE_HIGH, x, y);
  case FAST:
    return time_ours(p, PINNA_RESAMPLE_FAST, x, y);
  case BEST:
    return time_ours(p, PINNA_RESAMPLE_BEST, x, y);
#ifdef PINNA_HAVE_SOXR
  case SOXR_HIGH:
    return time_soxr(p, SOXR_HQ, x, y);
  case SOXR_VERY_HIGH:
    return time_soxr(p, SOXR_VHQ, x, y);
#endif
  case SRC_BEST:
    return time_src(p, SRC_SINC_BEST_QUALITY, x, y);
  case SRC_MEDIUM:
    return time_src(p, SRC_SINC_MEDIUM_QUALITY, x, y);
  default:
    return 1e30;
  }
}

static void
compare(const Pair* const p, const bool gate) {
  float* const x = malloc(p->in * SECONDS * sizeof(float));
  float* const y = malloc(p->out * SECONDS * sizeof(float));
  double       best[N_PEERS];
  unsigned     seed = 1;
  for (uint32_t i = 0; i < p->in * SECONDS; ++i) {
    x[i] = tap_noise(&seed);
  }
  for (int peer = 0; peer < N_PEERS; ++peer) {
    best[peer] = 1e30;
  }
  for (int round = 0; round < N_ROUNDS; ++round) {
    for (int peer = 0; peer < N_PEERS; ++peer) {
      const bool wanted = gate ? peer == HIGH || peer == SOXR_HIGH : peer < SRC_BEST || round < 2;
      if (wanted) {
        best[peer] = bench_min(best[peer], time_peer(p, (Peer)peer, x, y));
      }
    }
  }
  const double ratio = best[HIGH] / best[SOXR_HIGH];
  if (gate) {
    tap_at_most(ratio, p->limit, "%u -> %u: %.2f ns, soxr HQ %.2f ns; ratio", p->in, p->out,
                best[HIGH], best[SOXR_HIGH]);
  } else {
    printf("%6u -> %6u:", p->in, p->out);
    for (int peer = 0; peer < N_PEERS; ++peer) {
      if (best[peer] < 1e30) {
        printf("  %s %.2f", names[peer], best[peer]);
      }
    }
    printf(" ns;  high / soxr HQ = %.2f\n", ratio);
  }
  free(x);
  free(y);
}

int
main(const int argc, char** const argv) {
  const bool gate = argc > 1 && !strcmp(argv[1], "--gate");
#ifndef PINNA_HAVE_SOXR
  if (gate) {
    tap_skip_all("libsoxr-dev was not there when this was built");
  }
#endif
  if (gate && pinna_cpu_isa() == PINNA_ISA_C) {
    tap_skip_all("neither AVX2 nor AVX-512 here");
  }
  for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); ++i) {
    if (!gate || pairs[i].limit > 0.0) {
      compare(&pairs[i], gate);
    }
  }
  return gate ? tap_done() : 0;
}
