// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECMASK_IMPL_H
#define PINNA_DSP_SPECMASK_IMPL_H

#include "dsp/mask_clock.h"
#include "dsp/specmask.h"
#include "dsp/stft.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Insides of the masker

struct PinnaSpecmaskImpl {
  PinnaStft*          stft;
  PinnaSpecmaskParams params;
  double              rate;
  uint32_t            n_ch;
  uint32_t            n_bins;
  uint32_t            hop;
  double              frame_seconds;
  float               noise_scale; ///< Frames of noise add up by power, not by amplitude
  float               level_scale; ///< |bin|^2 of a full-scale sine is 1 after it

  PinnaMaskClock clock;
  bool           triggered;
  uint64_t       drawn; ///< What `band` was made for
  bool           stale; ///< `band` must be made anew

  float  band_step; ///< One-pole of the frequency masks' motion
  float* band;      ///< Frequency masks aimed at [n_bins]
  float* covered;   ///< Frequency masks as they are [n_bins]

  float* place;     ///< Among the gate's points, bent by their cosines [n_bins]
  float* threshold; ///< Power [n_bins]
  float* gain;      ///< Drawn gain [n_bins]
  float* open;      ///< Gate, 0 closed to 1 open [n_bins]
  float* gated;     ///< What gate and gain make of the frame [n_bins]
  float  attack_step;
  float  release_step;
  float  closed; ///< Gain of a closed gate

  float*   mean;   ///< Running mean power [n_ch][n_bins]
  uint64_t n_mean; ///< Frames in it
  float    mean_step;

  float time_covered; ///< Meters
  float freq_covered;
  float gate_taken;

  uint32_t*        view_from;  ///< First bin of each column [PINNA_SPECMASK_N_VIEW + 1]
  _Atomic float*   view_level; ///< Power [PINNA_SPECMASK_N_VIEW]
  _Atomic float*   view_kept;
  _Atomic uint64_t view_drawn; ///< PinnaMaskClock.drawn of the last frame
  atomic_bool      seen;
};

/// Index of the gate point below a frequency, and how far the curve is to the next one
float pinna_specmask_place(double hz);

/// One hop: what the transform calls. Realtime.
void pinna_specmask_frame(void* handle, float complex* const* bins);

#endif // PINNA_DSP_SPECMASK_IMPL_H
