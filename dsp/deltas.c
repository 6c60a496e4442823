// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/deltas.h"

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// A weighted sum of frames

PinnaStatus
pinna_deltas(const float* const in, const size_t n_frames, const uint32_t n_cols,
             const uint32_t win_length, float* const out) {
  const ptrdiff_t n = ((ptrdiff_t)win_length - 1) / 2;
  const ptrdiff_t last = (ptrdiff_t)n_frames - 1;
  if (win_length < 3U || win_length > 1U << 20U) {
    return PINNA_STATUS_BAD_ARG;
  }

  const float scale = (float)(3.0 / ((double)n * (double)(n + 1) * (double)(2 * n + 1)));
  for (ptrdiff_t f = 0; f <= last; ++f) {
    float* const row = out + f * (ptrdiff_t)n_cols;
    for (uint32_t c = 0U; c < n_cols; ++c) {
      row[c] = 0.0F;
    }
    for (ptrdiff_t k = 1; k <= n; ++k) {
      const float* const before = in + (f > k ? f - k : 0) * (ptrdiff_t)n_cols;
      const float* const after = in + (f + k < last ? f + k : last) * (ptrdiff_t)n_cols;
      for (uint32_t c = 0U; c < n_cols; ++c) {
        row[c] += (float)k * (after[c] - before[c]);
      }
    }
    for (uint32_t c = 0U; c < n_cols; ++c) {
      row[c] *= scale;
    }
  }
  return PINNA_STATUS_OK;
}
