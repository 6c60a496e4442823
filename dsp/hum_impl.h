// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_HUM_IMPL_H
#define PINNA_DSP_HUM_IMPL_H

#include "dsp/hum.h"
#include "dsp/smooth.h"

#include <stdint.h>

// Per harmonic: an oscillator, and the amplitude of the hum along it

/// Samples between two looks at the frequency
#define PINNA_HUM_PERIOD 256U

struct PinnaHumImpl {
  double          rate;
  double          nominal_hz; ///< 0: off
  double          hz;         ///< Followed
  double          slow_rate;  ///< Averaged drift of the phase, radians per sample per harmonic
  PinnaSmooth     wet;
  PinnaSmoothStep step;
  uint32_t        n;                                                ///< Harmonics in use
  uint32_t        wait;                                             ///< Samples to the next look
  float           pull;                                             ///< Adaptation per sample
  float           c[PINNA_HUM_HARMONICS], s[PINNA_HUM_HARMONICS];   ///< Oscillators
  float           dc[PINNA_HUM_HARMONICS], ds[PINNA_HUM_HARMONICS]; ///< Their turn per sample
  float           a[PINNA_HUM_HARMONICS], b[PINNA_HUM_HARMONICS];   ///< Amplitudes
  float           a0[PINNA_HUM_HARMONICS], b0[PINNA_HUM_HARMONICS]; ///< At the last look
};

#endif // PINNA_DSP_HUM_IMPL_H
