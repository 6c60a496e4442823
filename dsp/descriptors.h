// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DESCRIPTORS_H
#define PINNA_DSP_DESCRIPTORS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stdint.h>

// The shape of a spectrum in a few numbers, frame by frame (Peeters, CUIDADO report, 2004)

typedef struct PinnaDescriptorsImpl PinnaDescriptors;

typedef struct {
  double   sample_rate; ///< Hz
  uint32_t n_fft;       ///< Even, 16 to 65536
  double   rolloff;     ///< Share of the magnitude below the roll-off, 0 to 1; 0 = 0.85
} PinnaDescriptorsConfig;

typedef struct {
  float centroid; ///< Hz: mean frequency, weighted by magnitude (torchaudio's spectral_centroid)
  float spread;   ///< Hz: standard deviation about it
  float rolloff;  ///< Hz: below it lies the configured share of magnitude (librosa's)
  float flux; ///< What was added since the last frame, as a share of this one's magnitude, 0 to 1
  float flatness; ///< Geometric over arithmetic mean of the power, 0 (tone) to 1 (white; librosa's)
} PinnaDescriptorsFrame;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_descriptors_init(PinnaDescriptors** descriptors, PinnaArena* arena,
                                             const PinnaDescriptorsConfig* config);

/// Describe one frame; silence is all 0. Realtime.
/// @param bins [n_fft / 2 + 1], finite
PINNA_API void pinna_descriptors_frame(PinnaDescriptors* descriptors, const float complex* bins,
                                       PinnaDescriptorsFrame* frame) PINNA_RT;

/// Forget the last frame. Realtime.
PINNA_API void pinna_descriptors_reset(PinnaDescriptors* descriptors) PINNA_RT;

#endif // PINNA_DSP_DESCRIPTORS_H
