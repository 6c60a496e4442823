// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2.h"

#include "base/denormal.h"
#include "models/wav2vec2_impl.h"

#include <math.h>
#include <stdint.h>

// One chunk of speech

void
pinna_wav2vec2_run(PinnaWav2vec2* const self, const float* const samples) {
  for (uint32_t i = 0U; i < self->n_samples; ++i) {
    self->x[i] = isfinite(samples[i]) ? samples[i] : 0.0F;
  }
  const PinnaFpMode mode = pinna_denormal_enter();
  pinna_runner_run(self->runner);
  pinna_denormal_leave(mode);
}

const float*
pinna_wav2vec2_features(const PinnaWav2vec2* const self) {
  return self->features;
}

const float*
pinna_wav2vec2_logits(const PinnaWav2vec2* const self) {
  return self->logits;
}
