// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/fft.h"

#include "dsp/fft_impl.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

#include <fftw3.h>

// Running planned transforms on the caller's buffers

bool
pinna_fft_is_realtime(const PinnaFft* const fft) {
  return fft->realtime;
}

uint32_t
pinna_fft_size(const PinnaFft* const fft) {
  return fft->n;
}

uint32_t
pinna_fft_n_bins(const PinnaFft* const fft) {
  return fft->kind == PINNA_FFT_REAL ? fft->n / 2U + 1U : fft->n;
}

// FFTW takes mutable inputs; these plans keep theirs (FFTW_PRESERVE_INPUT)

void
pinna_fft_real_forward(const PinnaFft* const fft, const float* const in, float complex* const out) {
  fftwf_execute_dft_r2c(fft->forward, (float*)in, out);
}

void
pinna_fft_real_inverse(const PinnaFft* const fft, float complex* const in, float* const out) {
  fftwf_execute_dft_c2r(fft->inverse, in, out);
}

void
pinna_fft_forward(const PinnaFft* const fft, const float complex* const in,
                  float complex* const out) {
  fftwf_execute_dft(fft->forward, (float complex*)in, out);
}

void
pinna_fft_inverse(const PinnaFft* const fft, const float complex* const in,
                  float complex* const out) {
  fftwf_execute_dft(fft->inverse, (float complex*)in, out);
}
