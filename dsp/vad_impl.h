// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VAD_IMPL_H
#define PINNA_DSP_VAD_IMPL_H

#include "dsp/stft.h"
#include "dsp/vad.h"

#include <stdint.h>

// What a detector remembers of each band

#define VAD_MAX_BANDS 24U

typedef struct {
  uint32_t first; ///< Bins first to last - 1
  uint32_t last;
  float    noise;    ///< Power
  float    presence; ///< Smoothed probability of speech
  float    gain2;    ///< Last clean power over the noise, for the decision-directed SNR
} VadBand;

struct PinnaVadImpl {
  PinnaStft* stft; ///< NULL: frames come from outside
  VadBand    bands[VAD_MAX_BANDS];
  uint32_t   n_bands;
  float      floor;   ///< Power of a bin that counts as silence
  float      release; ///< Share of the score that is kept while it falls
  float      track;   ///< Share of the noise that is kept in a frame
  float      threshold;
  uint32_t   n_hangover; ///< Frames
  uint32_t   n_boot;     ///< Frames that are taken for noise at first
  uint32_t   n_seen;
  uint32_t   hang; ///< Frames left
  float      score;
  float      probability;
};

#endif // PINNA_DSP_VAD_IMPL_H
