// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/convolve.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"

#include <complex.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Direct sums, and products of spectra

size_t
pinna_convolve_length(const size_t n_x, const size_t n_y, const PinnaConvolveMode mode) {
  return !n_x || !n_y                   ? 0U
         : mode == PINNA_CONVOLVE_FULL  ? n_x + n_y - 1U
         : mode == PINNA_CONVOLVE_VALID ? (n_x > n_y ? n_x - n_y : n_y - n_x) + 1U
                                        : n_x;
}

/// Index of out[0] in the full convolution
static size_t
start_of(const size_t n_x, const size_t n_y, const PinnaConvolveMode mode) {
  return n_x && n_y ? (n_x + n_y - 1U - pinna_convolve_length(n_x, n_y, mode)) / 2U : 0U;
}

void
pinna_convolve(const float* const x, const size_t n_x, const float* const y, const size_t n_y,
               const PinnaConvolveMode mode, float* const out) {
  const size_t n = pinna_convolve_length(n_x, n_y, mode);
  const size_t start = start_of(n_x, n_y, mode);
  for (size_t i = 0U; i < n; ++i) {
    const size_t at = start + i;
    const size_t end = at < n_y ? at : n_y - 1U;
    double       sum = 0.0;
    for (size_t k = at < n_x ? 0U : at - n_x + 1U; k <= end; ++k) {
      sum += (double)x[at - k] * y[k];
    }
    out[i] = (float)sum;
  }
}

static uint32_t
fast_length(const size_t n) {
  uint32_t best = 2U;
  while (best < n) {
    best *= 2U;
  }
  for (uint32_t odd = 3U; odd <= 15U; odd += odd == 5U ? 4U : odd == 9U ? 6U : 2U) {
    uint32_t m = odd * 2U;
    while (m < n) {
      m *= 2U;
    }
    best = m < best ? m : best;
  }
  return best;
}

static void
multiply(const PinnaFft* const fft, float* const a, float* const b, float complex* const p,
         float complex* const q) {
  const uint32_t n = pinna_fft_size(fft);
  pinna_fft_real_forward(fft, a, p);
  pinna_fft_real_forward(fft, b, q);
  for (uint32_t k = 0U; k < pinna_fft_n_bins(fft); ++k) {
    p[k] *= q[k] / (float)n;
  }
  pinna_fft_real_inverse(fft, p, a);
}

PinnaStatus
pinna_fftconvolve(const float* const x, const size_t n_x, const float* const y, const size_t n_y,
                  const PinnaConvolveMode mode, float* const out) {
  const size_t    full = pinna_convolve_length(n_x, n_y, PINNA_CONVOLVE_FULL);
  const PinnaFft* fft = NULL;
  if (!full || full > PINNA_FFT_MAX_SIZE) {
    return PINNA_STATUS_BAD_ARG;
  }
  const size_t      n = fast_length(full);
  const PinnaStatus status = pinna_fft_plan(&fft, PINNA_FFT_REAL, (uint32_t)n);
  if (status) {
    return status;
  }

  const size_t stride = (n + 2U + 15U) / 16U * 16U; // Each buffer aligned
  float* const memory = aligned_alloc(PINNA_FFT_ALIGN, 4U * stride * sizeof(float));
  if (!memory) {
    return PINNA_STATUS_NO_MEM;
  }
  memset(memory, 0, 2U * stride * sizeof(float));
  memcpy(memory, x, n_x * sizeof(float));
  memcpy(memory + stride, y, n_y * sizeof(float));
  multiply(fft, memory, memory + stride, (float complex*)(memory + 2U * stride),
           (float complex*)(memory + 3U * stride));
  memcpy(out, memory + start_of(n_x, n_y, mode),
         pinna_convolve_length(n_x, n_y, mode) * sizeof(float));
  free(memory);
  return PINNA_STATUS_OK;
}
