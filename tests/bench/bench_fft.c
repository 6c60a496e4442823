// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/fft.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <complex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <fftw3.h>

// Our transforms against FFTW called directly with a measured plan

#define N_ROUNDS 15U

static void
compare(const uint32_t n) {
  const PinnaFft* fft = NULL;
  if (pinna_fft_plan(&fft, PINNA_FFT_REAL, n)) {
    exit(1);
  }

  float* const         x = fftwf_alloc_real(n + 32U);
  float complex* const bins = fftwf_alloc_complex(n);
  fftwf_plan           measured = fftwf_plan_dft_r2c_1d((int)n, x, bins, FFTW_MEASURE);
  unsigned             seed = n;
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
  }

  const uint32_t repeats = 400000U / n + 1U;
  double         ours = 1e30;
  double         plain = 1e30;
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    double start = bench_ns();
    for (uint32_t i = 0U; i < repeats; ++i) {
      pinna_fft_real_forward(fft, x, bins);
    }
    ours = bench_min(ours, (bench_ns() - start) / repeats);
    start = bench_ns();
    for (uint32_t i = 0U; i < repeats; ++i) {
      fftwf_execute(measured);
    }
    plain = bench_min(plain, (bench_ns() - start) / repeats);
  }
  printf("fft %6u real: %9.0f ns, FFTW measured %9.0f, ratio %.2f\n", n, ours, plain, ours / plain);
  fftwf_destroy_plan(measured);
  fftwf_free(x);
  fftwf_free(bins);
}

int
main(void) {
  static const uint32_t sizes[] = {256U, 400U, 512U, 1024U, 2048U, 4096U, 16384U};
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    compare(sizes[i]);
  }
  return 0;
}
