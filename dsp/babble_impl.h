// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BABBLE_IMPL_H
#define PINNA_DSP_BABBLE_IMPL_H

#include "dsp/babble.h"
#include "dsp/babble_table.h"
#include "dsp/denoise_kernel.h"

#include <stdint.h>

// What is followed: levels of each bin and of the speech band over several spans of time

/// Clues that each bin has of its own, and those of the whole frame; the frequency comes last
#define PINNA_BABBLE_OWN 8U
#define PINNA_BABBLE_SHARED 4U

struct PinnaBabbleImpl {
  const PinnaDenoiseKernel* kernel;
  PinnaBabbleRows           rows;
  float*                    clue[PINNA_BABBLE_OWN + 1U]; ///< [n]
  float                     bias[PINNA_BABBLE_UNITS];    ///< With the frame's clues added
  double*                   sum;                         ///< Of the power below each bin
  double                    band_short;                  ///< Power of the speech band over 30 ms
  double                    band_long;                   ///< Over 0.2 s
  double                    band_mean;                   ///< In the long run
  double                    band_log;                    ///< Mean of the first one's logarithm
  double                    keep_short;
  double                    keep_long;
  double                    slow; ///< Share of a frame in the long run
  uint32_t                  n_bins;
  uint32_t                  n;    ///< In whole vectors
  uint32_t                  most; ///< Bins that the formula knows
  uint32_t                  low;  ///< Speech band: bins low to high - 1
  uint32_t                  high;
  uint32_t                  n_frames; ///< Seen, up to 2^20
};

#endif // PINNA_DSP_BABBLE_IMPL_H
