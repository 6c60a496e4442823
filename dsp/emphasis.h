// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_EMPHASIS_H
#define PINNA_DSP_EMPHASIS_H

#include "base/attributes.h"

#include <stddef.h>

// First-order pre-emphasis and its inverse: torchaudio 2.x preemphasis() and deemphasis()

/// y[i] = x[i] - coeff x[i - 1]. Realtime.
/// @param last x[-1], 0 at the start; receives the last sample, for the next block
/// @param out  [n], may be `in`
PINNA_API void pinna_preemphasis(const float* in, size_t n, float coeff, float* last,
                                 float* out) PINNA_RT;

/// y[i] = x[i] + coeff y[i - 1]. Realtime.
/// @param last y[-1], 0 at the start; receives the last output, for the next block
/// @param out  [n], may be `in`
PINNA_API void pinna_deemphasis(const float* in, size_t n, float coeff, float* last,
                                float* out) PINNA_RT;

#endif // PINNA_DSP_EMPHASIS_H
