// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/fft.h"
#include "dsp/stft.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <complex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A frame of the streaming transform against the two FFTs that it cannot do without

#define BLOCK 128U
#define N_BLOCKS 400U
#define N_ROUNDS 15U

static float in[BLOCK];
static float out[BLOCK];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_stft_init((PinnaStft**)object, arena, (const PinnaStftConfig*)config);
}

static double
time_stft(PinnaStft* const stft, const uint32_t hop) {
  const float* const ins[] = {in};
  float* const       outs[] = {out};
  const double       start = bench_ns();
  for (uint32_t i = 0U; i < N_BLOCKS; ++i) {
    pinna_stft_run(stft, ins, outs, BLOCK, NULL, NULL);
  }
  return (bench_ns() - start) * hop / (N_BLOCKS * BLOCK);
}

static double
time_ffts(const PinnaFft* const fft, float* const frame, float complex* const bins) {
  const uint32_t n = 150U;
  const double   start = bench_ns();
  for (uint32_t i = 0U; i < n; ++i) {
    pinna_fft_real_forward(fft, frame, bins);
    pinna_fft_real_inverse(fft, bins, frame);
    frame[0] = bins[0] = 0.0f; // the loop scales by n: keep it from growing
    memset(frame, 0, 64U * sizeof(float));
  }
  return (bench_ns() - start) / n;
}

static void
compare(const PinnaStftConfig config) {
  void*           memory = NULL;
  void*           object = NULL;
  const PinnaFft* fft = NULL;
  if (pinna_arena_build(&memory, &object, build, &config) ||
      pinna_fft_plan(&fft, PINNA_FFT_REAL, config.n_fft)) {
    exit(1);
  }

  float* const         frame = aligned_alloc(PINNA_FFT_ALIGN, config.n_fft * sizeof(float));
  float complex* const bins = aligned_alloc(PINNA_FFT_ALIGN, (config.n_fft + 16U) * sizeof(float));
  double               ours = 1e30;
  double               plain = 1e30;
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    memset(frame, 0, config.n_fft * sizeof(float));
    ours = bench_min(ours, time_stft((PinnaStft*)object, config.hop_length));
    plain = bench_min(plain, time_ffts(fft, frame, bins));
  }
  printf("stft %5u hop %4u synthesis %4u: %8.0f ns/frame, plain FFTW pair %8.0f, ratio %.2f\n",
         config.n_fft, config.hop_length, pinna_stft_latency((PinnaStft*)object), ours, plain,
         ours / plain);
  free(frame);
  free(bins);
  pinna_arena_free(memory);
}

int
main(void) {
  unsigned seed = 1U;
  for (uint32_t i = 0U; i < BLOCK; ++i) {
    in[i] = tap_noise(&seed);
  }
  for (uint32_t n = 256U; n <= 4096U; n *= 2U) {
    compare((PinnaStftConfig){.n_in = 1U, .n_out = 1U, .n_fft = n, .hop_length = n / 4U});
  }
  compare((PinnaStftConfig){
      .n_in = 1U, .n_out = 1U, .n_fft = 1024U, .hop_length = 128U, .synthesis_length = 384U});
  return 0;
}
