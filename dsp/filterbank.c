// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/filterbank.h"

#include "dsp/filterbank_impl.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Sparse products

uint32_t
pinna_filterbank_n_filters(const PinnaFilterbank* const self) {
  return self->n_filters;
}

uint32_t
pinna_filterbank_n_freqs(const PinnaFilterbank* const self) {
  return self->n_freqs;
}

uint32_t
pinna_filterbank_n_empty(const PinnaFilterbank* const self) {
  return self->n_empty;
}

void
pinna_filterbank_apply(const PinnaFilterbank* const self, const float* const in, float* const out) {
  for (uint32_t m = 0U; m < self->n_filters; ++m) {
    const PinnaBand* const band = &self->bands[m];
    const float* const     w = self->weights + band->weights;
    float                  sum = 0.0f;
    for (uint32_t i = 0U; i < band->n; ++i) {
      sum += w[i] * in[band->first + i];
    }
    out[m] = sum;
  }
}

void
pinna_filterbank_dense(const PinnaFilterbank* const self, float* const out) {
  memset(out, 0, (size_t)self->n_freqs * self->n_filters * sizeof(float));
  for (uint32_t m = 0U; m < self->n_filters; ++m) {
    const PinnaBand* const band = &self->bands[m];
    for (uint32_t i = 0U; i < band->n; ++i) {
      out[(size_t)(band->first + i) * self->n_filters + m] = self->weights[band->weights + i];
    }
  }
}
