// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_YIN_IMPL_H
#define PINNA_DSP_YIN_IMPL_H

#include "dsp/fft.h"
#include "dsp/yin.h"

#include <complex.h>
#include <stdint.h>

// What a fundamental tracker holds

struct PinnaYinImpl {
  const PinnaFft* fft;
  PinnaYinResult  result;
  double          sample_rate;
  double          threshold;
  uint32_t        n_channels;
  uint32_t        n_fft;
  uint32_t        tau_min; ///< Shortest lag
  uint32_t        tau_max; ///< Longest lag, and the window that lags are compared over
  uint32_t        interval;
  uint32_t        wait;       ///< Samples until the next estimate
  uint32_t        at;         ///< Oldest sample of the ring
  float*          ring;       ///< [2 tau_max]
  float*          frame;      ///< The ring, newest first, then zeros [n_fft]
  float*          half;       ///< Its first tau_max samples, then zeros [n_fft]
  float*          difference; ///< YIN's d' [tau_max + 2]
  float complex*  spectrum;   ///< [n_fft / 2 + 1]
  float complex*  other;      ///< [n_fft / 2 + 1]
};

#endif // PINNA_DSP_YIN_IMPL_H
