// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/cepstrum.h"

#include "dsp/cepstrum_impl.h"
#include "dsp/filterbank_impl.h"
#include "dsp/mel_impl.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// One frame of a stream

uint32_t
pinna_cepstrum_n_coeffs(const PinnaCepstrum* const self) {
  return self->n_coeffs;
}

size_t
pinna_cepstrum_n_frames(const PinnaCepstrum* const self, const size_t n_samples) {
  return pinna_mel_n_frames(self->mel, n_samples);
}

void
pinna_cepstrum_frame(PinnaCepstrum* const self, const float complex* const bins, float* const out) {
  const uint32_t n = self->mel->bank->n_filters;
  pinna_mel_frame(self->mel, bins, self->bands);
  for (uint32_t c = 0U; c < self->n_coeffs; ++c) {
    out[c] = 0.0f;
  }
  for (uint32_t m = 0U; m < n; ++m) {
    const float x = self->unit * logf(fmaxf(self->bands[m], self->least) + self->offset);
    for (uint32_t c = 0U; c < self->n_coeffs; ++c) {
      out[c] += x * self->dct[(size_t)m * self->n_coeffs + c];
    }
  }
}
