// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_MASK_IMPL_H
#define PINNA_MODELS_MASK_IMPL_H

#include "dsp/stft.h"
#include "models/mask.h"
#include "models/net_run.h"

#include <stdbool.h>
#include <stdint.h>

// What the mask remembers between frames, and where its numbers go

#define MASK_N_BINS PINNA_MASK_N_BINS
#define MASK_N_BANDS PINNA_MASK_N_BANDS

struct PinnaMaskImpl {
  PinnaNetRun  net;
  PinnaStft*   stft;
  float*       features; ///< [3][bands]
  const float* answer;   ///< [4][bands]
  float*       log_gain; ///< [bins], of pinna_mask_run()
  bool         is_begun; ///< The levels below are of a frame

  uint32_t centre[MASK_N_BANDS];      ///< Of each band, in bins
  uint32_t band_of[MASK_N_BINS];      ///< Band at or below a bin, never the last
  float    part[MASK_N_BINS];         ///< of a bin that goes to the band above band_of
  float    band_weight[MASK_N_BANDS]; ///< 1 / sum of a band's parts

  float level[MASK_N_BINS]; ///< Log power of this frame
  float smooth[MASK_N_BINS];
  float floor[MASK_N_BINS];
  float band[MASK_N_BANDS]; ///< Log power of this frame in bands
  float band_smooth[MASK_N_BANDS];
  float band_floor[MASK_N_BANDS];
  float band_mean[MASK_N_BANDS];
  float whole;
};

#endif // PINNA_MODELS_MASK_IMPL_H
