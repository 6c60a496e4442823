// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DECIBEL_H
#define PINNA_DSP_DECIBEL_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

// Decibels and back: torchaudio.functional.amplitude_to_DB() and DB_to_amplitude()

/// multiplier * (log10(max(x, amin)) - db_multiplier). TorchAudio's AmplitudeToDB has
/// multiplier 10 (power) or 20 (magnitude), amin 1e-10 and db_multiplier 0. librosa's
/// power_to_db(ref=1.0) is the same with 10. Realtime.
/// @param amin Above 0
/// @param out  [n], may be `in`
PINNA_API void pinna_amplitude_to_db(const float* in, size_t n, float multiplier, float amin,
                                     float db_multiplier, float* out) PINNA_RT;

/// Raise what is more than top_db below the greatest of all values: needs the whole signal.
/// Realtime.
/// @param x      [n], changed in place
/// @param top_db 0 or more
PINNA_API void pinna_db_clamp_top(float* x, size_t n, float top_db) PINNA_RT;

/// ref * (10^(0.1 x))^power. Realtime.
/// @param power 1 (power) or 0.5 (magnitude)
/// @param out   [n], may be `in`
PINNA_API void pinna_db_to_amplitude(const float* in, size_t n, float ref, float power,
                                     float* out) PINNA_RT;

#endif // PINNA_DSP_DECIBEL_H
