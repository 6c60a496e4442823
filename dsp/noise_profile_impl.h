// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_PROFILE_IMPL_H
#define PINNA_DSP_NOISE_PROFILE_IMPL_H

#include "base/snapshot.h"
#include "dsp/noise_profile.h"

#include <stdint.h>

// A profile is one row of numbers: count, then the mean and the percentile of each channel

struct PinnaNoiseProfileImpl {
  uint32_t         n_bins;
  uint32_t         n_channels;
  uint32_t         n_values; ///< 1 + 2 * n_channels * n_bins
  double           rate;
  float*           values;  ///< The audio thread's [n_values]
  float*           scratch; ///< The audio thread's, for reading [n_values]
  float*           draft;   ///< The other thread's [n_values]
  bool             moved;   ///< values differ from `shown`
  PinnaSnapshot    shown;   ///< Audio thread to savers
  PinnaSnapshot    pending; ///< Restorers to the audio thread
  _Atomic uint32_t taken;   ///< Version of `pending` that is in `shown`
};

/// Power density of one bin, from the bottom of what float tells apart from zero
#define PINNA_PROFILE_LEAST 1e-24f

#endif // PINNA_DSP_NOISE_PROFILE_IMPL_H
