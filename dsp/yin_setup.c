// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/yin.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/yin_impl.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Checking and memory

static double
or_default(const double value, const double otherwise) {
  return value != 0.0 ? value : otherwise;
}

static PinnaYinConfig
with_defaults(PinnaYinConfig c) {
  c.n_channels = c.n_channels ? c.n_channels : 1U;
  c.f_min = or_default(c.f_min, 65.0);
  c.f_max = or_default(c.f_max, 1000.0);
  c.interval = or_default(c.interval, 0.005);
  c.threshold = or_default(c.threshold, 0.12);
  return c;
}

static bool
is_valid(const PinnaYinConfig* const c) {
  return c->sample_rate >= 8000.0 && c->sample_rate <= 192000.0 && c->n_channels <= 64U &&
         c->f_min >= 20.0 && c->f_max >= 2.0 * c->f_min && c->f_max <= c->sample_rate / 6.0 &&
         c->interval >= 0.001 && c->interval <= 0.1 && c->threshold >= 0.01 && c->threshold <= 0.5;
}

static uint32_t
smooth_length(uint32_t n) {
  for (;; n += 2U) {
    uint32_t rest = n;
    for (uint32_t p = 2U; p <= 5U; ++p) {
      while (rest % p == 0U) {
        rest /= p;
      }
    }
    if (rest == 1U) {
      return n;
    }
  }
}

PinnaStatus
pinna_yin_init(PinnaYin** const yin, PinnaArena* const arena, const PinnaYinConfig* const config) {
  *yin = NULL;
  const PinnaYinConfig c = with_defaults(*config);
  if (!is_valid(&c)) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaYin parts = {.sample_rate = c.sample_rate,
                    .threshold = c.threshold,
                    .n_channels = c.n_channels,
                    .tau_min = (uint32_t)(c.sample_rate / c.f_max) - 1U,
                    .tau_max = (uint32_t)ceil(c.sample_rate / c.f_min) + 2U,
                    .interval = (uint32_t)rint(c.interval * c.sample_rate)};
  parts.n_fft = smooth_length(2U * parts.tau_max);
  const PinnaStatus status = pinna_fft_plan(&parts.fft, PINNA_FFT_REAL, parts.n_fft);
  if (status) {
    return status;
  }
  PinnaYin* const self = PINNA_TAKE(arena, 1U, PinnaYin);
  parts.ring = PINNA_TAKE(arena, 2U * (size_t)parts.tau_max, float);
  parts.frame = PINNA_TAKE(arena, parts.n_fft, float);
  parts.half = PINNA_TAKE(arena, parts.n_fft, float);
  parts.difference = PINNA_TAKE(arena, parts.tau_max + 2U, float);
  parts.spectrum = PINNA_TAKE(arena, parts.n_fft / 2U + 1U, float complex);
  parts.other = PINNA_TAKE(arena, parts.n_fft / 2U + 1U, float complex);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *self = parts;
  pinna_yin_reset(self);
  *yin = self;
  return PINNA_STATUS_OK;
}
