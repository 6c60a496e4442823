// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CENTROID_H
#define PINNA_DSP_CENTROID_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Spectral centroid: the mean frequency, weighted by magnitude (torchaudio SpectralCentroid)

typedef struct {
  PinnaSpectrogramConfig spectrogram; ///< One-sided
  uint32_t               sample_rate; ///< Hz
  bool                   torchaudio;  ///< Digital silence gives NaN as there, otherwise 0 Hz
} PinnaCentroidConfig;

typedef struct PinnaCentroidImpl PinnaCentroid;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_centroid_init(PinnaCentroid** self, PinnaArena* arena,
                                          const PinnaCentroidConfig* config);

/// Frames of a signal, 0 if it is too short. Realtime.
PINNA_API size_t pinna_centroid_n_frames(const PinnaCentroid* self, size_t n_samples) PINNA_RT;

/// A whole signal. Allocates nothing where n_fft is realtime (dsp/fft.h).
/// @param in  Samples [n_samples]
/// @param out Hz [n_frames]
/// @return BAD_ARG if the signal is too short
PINNA_API PinnaStatus pinna_centroid_run(PinnaCentroid* self, const float* in, size_t n_samples,
                                         float* out);

/// One frame of a stream, from bins [n_fft / 2 + 1]. Realtime.
/// @return Hz
PINNA_API float pinna_centroid_frame(const PinnaCentroid* self, const float complex* bins) PINNA_RT;

#endif // PINNA_DSP_CENTROID_H
