// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESYNTHESIS_H
#define PINNA_DSP_RESYNTHESIS_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// How near a resynthesis of a voice is to its original: measures that need nobody's ears

typedef struct {
  double stoi; ///< dsp/stoi.h; NaN with less than 30 frames of speech

  /// dB: 10 / ln 10 sqrt(2 sum_d (c_d - c'_d)^2) over mel cepstra 1 to 24 of 40 Slaney bands (ln of
  /// magnitudes, orthonormal DCT), mean over frames of 32 ms every 8 (Kubichek 1993)
  double mel_cepstral_distortion;

  /// dB: root mean square over bins of the difference of levels, mean over the same frames. Here
  /// and above, what is 80 dB below the original's loudest bin or band counts as being there
  double log_spectral_distance;

  /// Spectral convergence plus mean difference of ln magnitudes, mean over three resolutions
  /// (Yamamoto, Song & Kim, "Parallel WaveGAN", 2020): 512, 1024, 2048
  double stft_loss;

  /// Cents, root mean square where both are voiced (dsp/yin.h, 60 to 500 Hz); NaN if nowhere
  double f0_error;

  double voicing_error; ///< Share of 5 ms steps that only one of them has voiced, 0 to 1
} PinnaResynthesisScores;

/// Score whole signals. Not realtime, allocates.
/// @param original Samples [n], aligned with `other` [n]
/// @param rate     Hz, 8000 to 192000
/// @return BAD_ARG (rate, or shorter than 0.2 s), NO_MEM
PINNA_API PinnaStatus pinna_resynthesis_score(PinnaResynthesisScores* scores, const float* original,
                                              const float* other, size_t n, uint32_t rate);

#endif // PINNA_DSP_RESYNTHESIS_H
