// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASE_STEPS_IMPL_H
#define PINNA_DSP_PHASE_STEPS_IMPL_H

#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "dsp/phase_steps.h"

#include <complex.h>
#include <stdint.h>

// Frames that may still change, and the sum of those that may not

#define PHASE_STEPS_MAX_AHEAD 3U

typedef struct {
  float* size;  ///< Magnitudes given [n_bins]
  float* bands; ///< [n_bands]
  float* sound; ///< Windowed [n_fft]
} PinnaPhaseFrame;

struct PinnaPhaseStepsImpl {
  const PinnaFft*  fft;
  PinnaFilterbank* bank;
  uint32_t         n_bins;
  uint32_t         n_bands;
  uint32_t         n_fft;
  uint32_t         hop;
  uint32_t         n_ahead;
  uint32_t         n_iter;
  uint32_t         n_empty; ///< Frames before the first
  float            mix;
  float            along_f;
  float            gain;                               ///< 1 / sum of squared windows
  float*           window;                             ///< [n_fft] over n_fft, for synthesis
  float*           fade[PHASE_STEPS_MAX_AHEAD + 1U];   ///< Analysis of a sum that lacks new frames
  uint32_t*        band_of;                            ///< [n_bins] The lower of a bin's two bands
  float*           share;                              ///< [2][n_bins] Of the two
  PinnaPhaseFrame  frames[PHASE_STEPS_MAX_AHEAD + 1U]; ///< Oldest first
  float*           sum;   ///< [n_fft + n_ahead hop] From the begin of the oldest on
  float*           phase; ///< [2][n_bins] Unit numbers of the newest frame
  float*           size;  ///< [n_bins] Its magnitudes
  float*           solve; ///< [8][n_bins]
  float*           ratio; ///< [n_bands]
  float*           block; ///< [n_fft]
  float complex*   bins;  ///< [n_bins]
};

#endif // PINNA_DSP_PHASE_STEPS_IMPL_H
