// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/inverse_mel.h"

#include "dsp/inverse_mel_impl.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A matrix product

void
pinna_inverse_mel_apply(const PinnaInverseMel* const self, const float* const in,
                        float* const out) {
  memset(out, 0, self->n_freqs * sizeof(float));
  for (uint32_t m = 0U; m < self->n_filters; ++m) {
    const float* const row = self->matrix + (size_t)m * self->n_freqs;
    const float        x = in[m];
    for (uint32_t k = 0U; k < self->n_freqs; ++k) {
      out[k] += x * row[k];
    }
  }
  for (uint32_t k = 0U; k < self->n_freqs; ++k) {
    out[k] = out[k] > 0.0f ? out[k] : 0.0f;
  }
}
