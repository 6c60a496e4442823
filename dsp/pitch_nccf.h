// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_NCCF_H
#define PINNA_DSP_PITCH_NCCF_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Pitch by the normalised cross-correlation: torchaudio.functional.detect_pitch_frequency

typedef struct {
  uint32_t sample_rate; ///< Hz
  double   frame_time;  ///< Seconds; default 0.01
  uint32_t win_length;  ///< Frames of the median; default 30
  uint32_t freq_low;    ///< Hz; default 85
  uint32_t freq_high;   ///< Hz; default 3400
} PinnaPitchNccfConfig;

typedef struct PinnaPitchNccfImpl PinnaPitchNccf;

/// TorchAudio's defaults
PINNA_API PinnaPitchNccfConfig pinna_pitch_nccf_config(uint32_t sample_rate);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range is empty), NO_MEM
PINNA_API PinnaStatus pinna_pitch_nccf_init(PinnaPitchNccf** self, PinnaArena* arena,
                                            const PinnaPitchNccfConfig* config);

/// Samples that pinna_pitch_nccf_frame() looks at: a frame and the greatest lag. Realtime.
PINNA_API uint32_t pinna_pitch_nccf_span(const PinnaPitchNccf* self) PINNA_RT;

/// Lag of one frame, before the median. Realtime.
/// @param in   Samples [pinna_pitch_nccf_span()]
/// @param nccf Receives the correlation at that lag, divided by both energies as TorchAudio has it;
///             NULL if unwanted
/// @return Lag in samples: the highest correlation's, or the highest of the shorter half of lags
/// where
///         that one is more than 0.99 of it
PINNA_API uint32_t pinna_pitch_nccf_frame(const PinnaPitchNccf* self, const float* in,
                                          float* nccf) PINNA_RT;

/// Values of a signal: its frames less half the median's length; 0 if it is too short. Realtime.
PINNA_API size_t pinna_pitch_nccf_n_frames(const PinnaPitchNccf* self, size_t n_samples) PINNA_RT;

/// A whole signal, exactly TorchAudio's values (in double precision). Not realtime.
/// @param in   Samples [n_samples]
/// @param freq Receives Hz [n_frames]
/// @return BAD_ARG (too short), NO_MEM
PINNA_API PinnaStatus pinna_pitch_nccf_run(const PinnaPitchNccf* self, const float* in,
                                           size_t n_samples, float* freq);

#endif // PINNA_DSP_PITCH_NCCF_H
