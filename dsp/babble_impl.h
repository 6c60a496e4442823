// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BABBLE_IMPL_H
#define PINNA_DSP_BABBLE_IMPL_H

#include "dsp/babble.h"
#include "dsp/babble_table.h"
#include "dsp/denoise_kernel.h"
#include "dsp/fft.h"

#include <complex.h>
#include <stdint.h>

// What is followed: levels of each bin and of the speech band over several spans of time

/// Clues of the whole frame; those that each bin has of its own come first, the frequency last
#define PINNA_BABBLE_SHARED 5U

struct PinnaBabbleImpl {
  const PinnaDenoiseKernel* kernel;
  PinnaBabbleRows           rows;
  float*                    clue[PINNA_BABBLE_OWN + 1U]; ///< [n]
  const PinnaFft*           fft;                         ///< Of the frame's length
  float complex*            root;                        ///< Amplitudes [n_bins]
  float*                    echo;                        ///< Their autocorrelation [frame's length]
  float*                    window; ///< The window's, from `shortest` to `longest`
  float                     bias[PINNA_BABBLE_UNITS]; ///< With the frame's clues added
  double*                   sum;                      ///< Of the power below each bin
  double                    band_short;               ///< Power of the speech band over 30 ms
  double                    band_long;                ///< Over 0.2 s
  double                    band_mean;                ///< In the long run
  double                    band_log;                 ///< Mean of the first one's logarithm
  double                    keep_short;
  double                    keep_long;
  double                    slow; ///< Share of a frame in the long run
  uint32_t                  n_bins;
  uint32_t                  n;        ///< In whole vectors
  uint32_t                  most;     ///< Bins that the formula knows
  uint32_t                  tuned;    ///< Bins that a pitch says something about
  uint32_t                  shortest; ///< Period of a voice [samples]
  uint32_t                  longest;
  float                     pitch;  ///< How much of the frame repeats itself, 0 to 1.5
  uint32_t                  period; ///< After how many samples
  uint32_t                  low;    ///< Speech band: bins low to high - 1
  uint32_t                  high;
  uint32_t                  n_frames; ///< Seen, up to 2^20
};

#endif // PINNA_DSP_BABBLE_IMPL_H
