// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_TRUE_PEAK_H
#define PINNA_DSP_TRUE_PEAK_H

#include "base/attributes.h"

#include <stdint.h>

// The peak between the samples (ITU-R BS.1770-4, annex 2)

/// Samples that one interpolated value sees
#define PINNA_TRUE_PEAK_TAPS 24U

/// Samples until a peak is seen whole
#define PINNA_TRUE_PEAK_DELAY (PINNA_TRUE_PEAK_TAPS / 2U)

/// One channel; treat as opaque
typedef struct {
  float    taps[3][PINNA_TRUE_PEAK_TAPS]; ///< Of the phases between the samples
  float    history[PINNA_TRUE_PEAK_TAPS]; ///< Newest last
  float    before[2];                     ///< Last two interpolated values
  uint32_t factor;
  float    peak;
} PinnaTruePeak;

/// Interpolates 4 times (2 from 96 kHz on, 1 from 192 kHz on) through a windowed sinc, then through
/// a parabola at each crest: sines up to 0.42 of the rate read within 0.02 dB, where four values a
/// sample alone are up to 0.5 dB low. Pure.
/// @param sample_rate Hz
PINNA_API void pinna_true_peak_init(PinnaTruePeak* self, double sample_rate);

/// Forget all. Realtime.
PINNA_API void pinna_true_peak_reset(PinnaTruePeak* self) PINNA_RT;

/// Look at samples [n]. The result does not depend on how a stream is cut, bit for bit. A peak in
/// the last PINNA_TRUE_PEAK_DELAY samples counts as if silence followed only once that was fed.
/// Realtime.
PINNA_API void pinna_true_peak_run(PinnaTruePeak* self, const float* in, uint32_t n) PINNA_RT;

/// Greatest magnitude since reset, 1 = full scale. Realtime.
PINNA_API float pinna_true_peak_value(const PinnaTruePeak* self) PINNA_RT;

#endif // PINNA_DSP_TRUE_PEAK_H
