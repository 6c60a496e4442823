// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_mel.h"

#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "models/vocoder_mel_impl.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// One frame

void
pinna_vocoder_mel_run(PinnaVocoderMel* const self, const float* const in, float* const mel) {
  const PinnaVocoderFeatures* const f = &self->features;
  const uint32_t                    n_kept = f->n_fft - f->hop_length;
  memmove(self->past, self->past + f->hop_length, n_kept * sizeof(float));
  for (uint32_t i = 0U; i < f->hop_length; ++i) {
    self->past[n_kept + i] = fabsf(in[i]) <= 1e9F ? in[i] : 0.0F;
  }
  for (uint32_t i = 0U; i < f->n_fft; ++i) {
    self->frame[i] = self->past[i] * self->window[i];
  }
  pinna_fft_real_forward(self->fft, self->frame, self->bins);
  for (uint32_t k = 0U; k <= f->n_fft / 2U; ++k) {
    const float re = crealf(self->bins[k]);
    const float im = cimagf(self->bins[k]);
    self->size[k] = sqrtf(re * re + im * im + f->epsilon);
  }
  pinna_filterbank_apply(self->bank, self->size, mel);
  for (uint32_t m = 0U; m < f->n_mels; ++m) {
    mel[m] = logf(fmaxf(mel[m], f->floor));
  }
}

void
pinna_vocoder_mel_reset(PinnaVocoderMel* const self) {
  memset(self->past, 0, self->features.n_fft * sizeof(float));
}
