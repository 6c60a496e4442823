// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/wire.h"

#include "host/wire_impl.h"

#include <string.h>

// Delay lines and gain ramps, realtime side; exact for any split of the blocks

static uint32_t
smaller(const uint32_t a, const uint32_t b) {
  return a < b ? a : b;
}

void
pinna_delay_run(PinnaDelay* const delay, const float* const in, float* const out,
                const uint32_t n_frames) PINNA_RT {
  for (uint32_t i = 0U; i < n_frames;) {
    const uint32_t n = smaller(n_frames - i, delay->length - delay->at);
    float* const   place = delay->samples + delay->at;
    if (out) {
      memcpy(out + i, place, n * sizeof(float));
    }
    if (in) {
      memcpy(place, in + i, n * sizeof(float));
    } else {
      memset(place, 0, n * sizeof(float));
    }

    i += n;
    delay->at = delay->at + n == delay->length ? 0U : delay->at + n;
  }
}

static void
mix_steady(float* const target, const float* const source, const uint32_t n, const bool add) {
  if (add) {
    for (uint32_t i = 0U; i < n; ++i) {
      target[i] += source[i];
    }
  } else {
    memcpy(target, source, n * sizeof(float));
  }
}

static void
mix_silent(float* const target, const uint32_t n, const bool add) {
  if (!add) {
    memset(target, 0, n * sizeof(float));
  }
}

void
pinna_wire_mix(float* const target, const float* const source, const uint32_t n_frames,
               const bool add, const PinnaWireRole role, const PinnaRamp* const ramp,
               const uint32_t at) PINNA_RT {
  if (role == PINNA_WIRE_STEADY) {
    mix_steady(target, source, n_frames, add);
    return;
  }

  const bool     in = role == PINNA_WIRE_FADE_IN;
  const uint32_t length = ramp->length;
  const uint32_t moving = at < length ? smaller(n_frames, length - at) : 0U;
  for (uint32_t i = 0U; i < moving; ++i) {
    const float gain = in ? ramp->up[at + i] : ramp->up[length - at - i];
    const float value = source[i] * gain;
    target[i] = add ? target[i] + value : value;
  }

  if (in) {
    mix_steady(target + moving, source + moving, n_frames - moving, add);
  } else {
    mix_silent(target + moving, n_frames - moving, add);
  }
}
