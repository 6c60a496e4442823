// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_OVERDRIVE_H
#define PINNA_DSP_OVERDRIVE_H

#include "base/attributes.h"

#include <stddef.h>

// Soft clipping with a touch of feedback: torchaudio.functional.overdrive() (SoX overdrive)

/// State of one channel: zero-initialise it
typedef struct {
  float last_in;
  float last_out;
} PinnaOverdrive;

/// Realtime; the result does not depend on how a stream is cut.
/// @param gain   dB, 0 to 100 (20)
/// @param colour Even harmonics, 0 to 100 (20)
/// @param out    [n], within +-1, may be `in`
PINNA_API void pinna_overdrive_run(PinnaOverdrive* self, const float* in, size_t n, float gain,
                                   float colour, float* out) PINNA_RT;

#endif // PINNA_DSP_OVERDRIVE_H
