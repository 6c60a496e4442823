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

// Sorensen et al. 1987: even samples are the real, odd ones the imaginary parts
void
pinna_fft_real_forward(const PinnaFft* const fft, const float* const in, float complex* const out) {
  if (!fft->pairs) {
    fftwf_execute_dft_r2c(fft->forward, (float*)in, out);
    return;
  }

  const uint32_t h = fft->n / 2U;
  fftwf_execute_dft(fft->forward, (float complex*)in, out);
  const float complex first = out[0];
  fft->pairs(out, fft->twiddle, h, 0.5f);
  out[0] = crealf(first) + cimagf(first);
  out[h] = crealf(first) - cimagf(first);
  if (h % 2U == 0U) {
    out[h / 2U] = conjf(out[h / 2U]);
  }
}

void
pinna_fft_real_inverse(const PinnaFft* const fft, float complex* const in, float* const out) {
  if (!fft->pairs) {
    fftwf_execute_dft_c2r(fft->inverse, in, out);
    return;
  }

  const uint32_t h = fft->n / 2U;
  const float    first = crealf(in[0]);
  const float    last = crealf(in[h]);
  fft->pairs(in, fft->twiddle_back, h, 1.0f);
  in[0] = (first + last) + I * (first - last);
  if (h % 2U == 0U) {
    in[h / 2U] = 2.0f * conjf(in[h / 2U]);
  }
  fftwf_execute_dft(fft->inverse, in, (float complex*)out);
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
