// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_GRIFFINLIM_H
#define PINNA_DSP_GRIFFINLIM_H

#include "base/attributes.h"
#include "base/status.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sound from magnitudes alone: torchaudio.transforms.GriffinLim (Griffin & Lim 1984 with the
// momentum of Perraudin, Balazs & Sondergaard 2013)

typedef struct {
  float    power;     ///< Of the magnitudes given: 1, 2, … (2)
  uint32_t n_iter;    ///< (32)
  float    momentum;  ///< 0 to 1 (0.99)
  bool     rand_init; ///< Start from random phases, else from zero (true)
  uint64_t seed;      ///< Of the random phases: same seed, same sound
} PinnaGriffinLimConfig;

/// TorchAudio's defaults
PINNA_API PinnaGriffinLimConfig pinna_griffinlim_config(void);

/// Find a signal. Takes scratch memory of about five spectrograms. Not realtime.
/// @param spectrogram Centred, one-sided, not normalised, without `pad`
/// @param in          Magnitudes^power [n_frames][n_bins]
/// @param length      Samples wanted, or 0 for pinna_spectrogram_length()
/// @param out         Samples [length]
/// @return BAD_ARG (config, or the signal is too short to analyse), NO_MEM
PINNA_API PinnaStatus pinna_griffinlim_run(PinnaSpectrogram*            spectrogram,
                                           const PinnaGriffinLimConfig* config, const float* in,
                                           size_t n_frames, size_t length, float* out);

#endif // PINNA_DSP_GRIFFINLIM_H
