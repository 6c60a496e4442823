// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_WAVESHAPE_H
#define PINNA_DSP_WAVESHAPE_H

#include "base/attributes.h"

#include <stddef.h>

// Memoryless shapers: torchaudio.functional.contrast(), dcshift(), gain()

/// sin(pi/2 x + amount/750 sin(2 pi x)): louder without clipping. Realtime.
/// @param enhancement_amount 0 to 100 (75)
/// @param out                [n], may be `in`
PINNA_API void pinna_contrast(const float* in, size_t n, float enhancement_amount,
                              float* out) PINNA_RT;

/// Add a constant and clip at full scale; with a limiter, peaks on that side are pressed instead.
/// Realtime.
/// @param shift        -1 to 1
/// @param limiter_gain Around 0.05, or below 0: no limiter
/// @param out          [n], may be `in`
PINNA_API void pinna_dcshift(const float* in, size_t n, float shift, float limiter_gain,
                             float* out) PINNA_RT;

/// Multiply by a gain in decibels. Realtime.
/// @param out [n], may be `in`
PINNA_API void pinna_gain(const float* in, size_t n, float gain_db, float* out) PINNA_RT;

#endif // PINNA_DSP_WAVESHAPE_H
