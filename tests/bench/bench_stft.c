// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/stft.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <complex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

// A frame of the streaming transform against FFTW's forward and inverse transform alone

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
time_ffts(const fftwf_plan forward, const fftwf_plan inverse) {
  const uint32_t n = 100U;
  const double   start = bench_ns();
  for (uint32_t i = 0U; i < n; ++i) {
    fftwf_execute(forward);
    fftwf_execute(inverse);
  }
  return (bench_ns() - start) / n;
}

static void
compare(const PinnaStftConfig config) {
  void* memory = NULL;
  void* object = NULL;
  if (pinna_arena_build(&memory, &object, build, &config)) {
    exit(1);
  }

  const int            n = (int)config.n_fft;
  float* const         frame = fftwf_alloc_real(config.n_fft);
  float complex* const bins = fftwf_alloc_complex(config.n_fft);
  const fftwf_plan     forward = fftwf_plan_dft_r2c_1d(n, frame, bins, FFTW_MEASURE);
  const fftwf_plan     inverse = fftwf_plan_dft_c2r_1d(n, bins, frame, FFTW_MEASURE);
  double               ours = 1e30;
  double               plain = 1e30;
  memset(frame, 0, config.n_fft * sizeof(float)); // neither grows nor denormal, however often run
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    ours = bench_min(ours, time_stft((PinnaStft*)object, config.hop_length));
    plain = bench_min(plain, time_ffts(forward, inverse));
  }
  printf("stft %5u hop %4u synthesis %4u: %8.0f ns/frame, two measured FFTW %8.0f, ratio %.2f\n",
         config.n_fft, config.hop_length, pinna_stft_latency((PinnaStft*)object), ours, plain,
         ours / plain);
  fftwf_destroy_plan(forward);
  fftwf_destroy_plan(inverse);
  fftwf_free(frame);
  fftwf_free(bins);
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
