// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DELTAS_H
#define PINNA_DSP_DELTAS_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Slopes of features over time: torchaudio.functional.compute_deltas(), mode replicate

/// Regression over (win_length - 1) / 2 frames to each side; the first and last frame stand for
/// what is beyond them. A live block keeps win_length frames and asks for the middle one. Realtime.
/// @param in         Features [n_frames][n_cols]
/// @param win_length 3 or more (5)
/// @param out        [n_frames][n_cols], not overlapping `in`
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_deltas(const float* in, size_t n_frames, uint32_t n_cols,
                                   uint32_t win_length, float* out) PINNA_RT;

#endif // PINNA_DSP_DELTAS_H
