// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_K_WEIGHTING_H
#define PINNA_DSP_K_WEIGHTING_H

#include "base/attributes.h"
#include "dsp/biquad.h"

// The two filters of ITU-R BS.1770-4, annex 1, for any sample rate

/// Sections of the cascade: the head's shelf, then the revised low-frequency B-curve
#define PINNA_K_WEIGHTING_SECTIONS 2U

/// At 48 kHz these are the standard's tables 1 and 2. At other rates both poles keep their place in
/// Hz, the shelf's numerator fits the 48 kHz magnitude at 0, 0.15 of the rate and the top, and the
/// high pass fits its gain: within 0.013 dB of the standard's curve from 11.025 kHz up, 0.05 dB at
/// 8 kHz (to 20 kHz or 0.49 of the rate), where a bilinear transform misses by 0.15 and 0.3 dB.
/// @param sample_rate Hz, 4000 or more
PINNA_API void pinna_k_weighting(double      sample_rate,
                                 PinnaBiquad sections[PINNA_K_WEIGHTING_SECTIONS]) PINNA_RT;

#endif // PINNA_DSP_K_WEIGHTING_H
