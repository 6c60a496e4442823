// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/dither.h"

#include "dsp/random.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Noise by position, so that cuts do not matter

#define STEPS 32768.0F

static float
noise(const PinnaDither* const self, const PinnaDitherKind kind, const uint64_t i) {
  const float a = pinna_random_uniform(self->seed, 0U, i);
  const float b = pinna_random_uniform(self->seed, 1U, i);
  return kind == PINNA_DITHER_RPDF ? a - 0.5F
         : kind == PINNA_DITHER_TPDF
             ? a - b
             : 0.5F * sqrtf(-2.0F * logf(1.0F - a)) * cosf(6.28318530717958647692F * b);
}

static void
ramp(const float* const in, const size_t n, const bool noise_shaping, float* const out) {
  const float scale = n > 1U ? 2.0F / (float)n : 0.0F;
  float       error = 0.0F;
  for (size_t i = 0U; i < n; ++i) {
    const float bump = n > 1U ? 1.0F - fabsf((float)i * scale - 1.0F) : 1.0F;
    const float x = in[i];
    const float y = rintf(x * (STEPS - 2.0F) + bump) / STEPS;
    out[i] = noise_shaping ? y + error : y;
    error = y - x;
  }
}

void
pinna_dither_run(PinnaDither* const self, const float* const in, const size_t n,
                 const PinnaDitherKind kind, const bool noise_shaping, float* const out) {
  if (kind == PINNA_DITHER_TORCHAUDIO_TPDF) {
    ramp(in, n, noise_shaping, out);
    return;
  }
  for (size_t i = 0U; i < n; ++i) {
    const float x = in[i] * STEPS - (noise_shaping ? self->error : 0.0F);
    const float y = rintf(x + noise(self, kind, self->position++));
    self->error = y - x;
    out[i] = fmaxf(-STEPS, fminf(STEPS - 1.0F, y)) / STEPS;
  }
}
