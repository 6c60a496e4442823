// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/silero.h"

#include "base/denormal.h"
#include "models/silero_impl.h"

#include <math.h>
#include <stdint.h>

// One chunk of voice activity detection

float
pinna_silero_run(PinnaSilero* const self, const float* const samples) {
  for (uint32_t i = 0U; i < PINNA_SILERO_CHUNK; ++i) {
    self->x[i] = isfinite(samples[i]) ? samples[i] : 0.0F;
  }
  const PinnaFpMode mode = pinna_denormal_enter();
  pinna_net_run_chunk(&self->net);
  pinna_denormal_leave(mode);
  return self->p[0];
}

void
pinna_silero_reset(PinnaSilero* const self) {
  pinna_net_run_reset(&self->net);
}
