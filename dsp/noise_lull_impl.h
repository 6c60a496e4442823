// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_LULL_IMPL_H
#define PINNA_DSP_NOISE_LULL_IMPL_H

#include "dsp/noise_lull.h"

#include <stdint.h>

// What the tracker holds: the level that a third of all frames lies below, and their mean

struct PinnaNoiseLullImpl {
  float*   mean;     ///< Of the lulls [n_bins]
  float*   log_mean; ///< Of the lulls' logarithms [n_bins]
  double   quantile; ///< ln of the level in the speech band
  double   level;    ///< Mean power in the speech band
  double   step;     ///< Of the quantile, per frame
  double   hop_s;    ///< Seconds between frames
  double   since_s;  ///< Since the last lull
  double   quietest; ///< ln of the lowest level since then
  float    share;    ///< Of a frame in the mean of the lulls
  double   slow;     ///< Of a frame in `level`
  uint32_t n_bins;
  uint32_t low; ///< Speech band: bins low to high - 1
  uint32_t high;
  uint32_t n_frames; ///< Seen, up to 2^31
  uint32_t n_lulls;
};

#endif // PINNA_DSP_NOISE_LULL_IMPL_H
