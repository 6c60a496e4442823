// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch_nccf.h"

#include "base/status.h"
#include "dsp/pitch_nccf_impl.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A whole signal: the lags of its frames through a median

static int
compare(const void* const a, const void* const b) {
  const uint32_t x = *(const uint32_t*)a;
  const uint32_t y = *(const uint32_t*)b;
  return (x > y) - (x < y);
}

/// Lags of all frames, the signal followed by zeros
static void
find_lags(const PinnaPitchNccf* const self, const float* const in, const size_t n_samples,
          float* const padded, uint32_t* const lags, const size_t n_frames) {
  const size_t span = pinna_pitch_nccf_span(self);
  for (size_t f = 0U; f < n_frames; ++f) {
    const size_t at = f * self->frame_size;
    if (at + span <= n_samples) {
      lags[f] = pinna_pitch_nccf_frame(self, in + at, NULL);
    } else {
      memset(padded, 0, span * sizeof(float));
      memcpy(padded, in + at, (n_samples - at) * sizeof(float));
      lags[f] = pinna_pitch_nccf_frame(self, padded, NULL);
    }
  }
}

PinnaStatus
pinna_pitch_nccf_run(const PinnaPitchNccf* const self, const float* const in,
                     const size_t n_samples, float* const freq) {
  const size_t n = pinna_pitch_nccf_n_frames(self, n_samples);
  if (!n) {
    return PINNA_STATUS_BAD_ARG;
  }
  const size_t    before = (self->win_length - 1U) / 2U;
  const size_t    n_frames = (n_samples + self->frame_size - 1U) / self->frame_size;
  float* const    padded = (float*)calloc(pinna_pitch_nccf_span(self), sizeof(float));
  uint32_t* const lags = (uint32_t*)calloc(before + n_frames, sizeof(uint32_t));
  uint32_t* const window = (uint32_t*)calloc(self->win_length, sizeof(uint32_t));
  const bool      is_there = padded && lags && window;
  if (is_there) {
    find_lags(self, in, n_samples, padded, lags + before, n_frames);
    for (size_t f = 0U; f < before; ++f) {
      lags[f] = lags[before];
    }
    for (size_t f = 0U; f < n; ++f) {
      memcpy(window, lags + f, self->win_length * sizeof(uint32_t));
      qsort(window, self->win_length, sizeof(uint32_t), compare);
      freq[f] = (float)self->sample_rate / (1e-9f + (float)window[(self->win_length - 1U) / 2U]);
    }
  }
  free(padded);
  free(lags);
  free(window);
  return is_there ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}
