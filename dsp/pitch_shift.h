// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_SHIFT_H
#define PINNA_DSP_PITCH_SHIFT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Pitch of whole signals as TorchAudio shifts it: phase vocoder and resampler
// (torchaudio.functional.pitch_shift(), transforms.PitchShift)

/// Zero means the default where one is named
typedef struct {
  uint32_t sample_rate;     ///< Hz
  double   n_steps;         ///< Steps up, negative: down; within four octaves
  uint32_t bins_per_octave; ///< Steps of an octave (12)
  uint32_t n_fft;           ///< (512)
  uint32_t win_length;      ///< (n_fft)
  uint32_t hop_length;      ///< (win_length / 4)
} PinnaPitchShiftConfig;

typedef struct PinnaPitchShiftImpl PinnaPitchShift;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM, UNSUPPORTED (the ratio's filters are too many, dsp/resample.h)
PINNA_API PinnaStatus pinna_pitch_shift_init(PinnaPitchShift** self, PinnaArena* arena,
                                             const PinnaPitchShiftConfig* config);

/// A whole signal. Takes scratch memory of two spectrograms. Not realtime.
/// @param in  Samples [n_samples], more than n_fft / 2 and less than 2^31
/// @param out Samples [n_samples], not overlapping `in`
/// @return BAD_ARG (too short or too long), NO_MEM
PINNA_API PinnaStatus pinna_pitch_shift_run(PinnaPitchShift* self, const float* in,
                                            size_t n_samples, float* out);

#endif // PINNA_DSP_PITCH_SHIFT_H
