// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/conv_tasnet.h"

#include "base/denormal.h"
#include "models/conv_tasnet_impl.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// One chunk of a mixture

uint32_t
pinna_conv_tasnet_n_sources(const PinnaConvTasnet* const self) {
  return self->n_sources;
}

void
pinna_conv_tasnet_run(PinnaConvTasnet* const self, const float* const samples,
                      float* const* const sources) {
  for (uint32_t i = 0U; i < self->n_samples; ++i) {
    self->x[i] = isfinite(samples[i]) ? samples[i] : 0.0F;
  }
  const PinnaFpMode mode = pinna_denormal_enter();
  pinna_runner_run(self->runner);
  pinna_denormal_leave(mode);
  for (uint32_t s = 0U; s < self->n_sources; ++s) {
    memcpy(sources[s], self->sources[s], self->n_samples * sizeof(float));
  }
}

void
pinna_conv_tasnet_reset(PinnaConvTasnet* const self) {
  pinna_runner_reset(self->runner);
}
