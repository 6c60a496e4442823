// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_WIRE_H
#define PINNA_HOST_WIRE_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/ramp.h"

#include <stdbool.h>
#include <stdint.h>

// What happens to a signal between two nodes: delay, gain ramp, summing

typedef struct PinnaDelayImpl PinnaDelay;

/// How a wire sounds while the graph changes
typedef enum {
  PINNA_WIRE_STEADY, ///< At gain 1, untouched
  PINNA_WIRE_FADE_IN,
  PINNA_WIRE_FADE_OUT
} PinnaWireRole;

/// Allocate a delay line of `length` frames, filled with silence; NULL for length 0.
/// Not realtime. @return NO_MEM
PinnaStatus pinna_delay_new(PinnaDelay** delay, uint32_t length);

/// NULL is allowed
void pinna_delay_free(PinnaDelay* delay);

/// Push a block through. Realtime.
/// @param in  Samples [n_frames], or NULL: silence
/// @param out Samples [n_frames], delayed; must not overlap `in`; NULL: only remembered
void pinna_delay_run(PinnaDelay* delay, const float* in, float* out, uint32_t n_frames) PINNA_RT;

/// target = source * gain, or target += source * gain, where the gain runs through the ramp from
/// position `at` (clamped to its length) in the direction of `role`. Realtime.
void pinna_wire_mix(float* target, const float* source, uint32_t n_frames, bool add,
                    PinnaWireRole role, const PinnaRamp* ramp, uint32_t at) PINNA_RT;

#endif // PINNA_HOST_WIRE_H
