// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_LULL_H
#define PINNA_DSP_NOISE_LULL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Mean spectrum of a sound's lulls: what many talkers at once leave when the near one pauses
//
// A minimum lies far below the mean of noise that comes and goes (babble). Frames whose level in
// the speech band is in the lowest third show that mean instead, as long as the noise is strong: it
// counts fully while the lulls are less than 7 dB below the whole, and not at all from 9 dB on, so
// that clean speech, whose lulls are soft speech, is left alone.

/// One channel; one thread at a time
typedef struct PinnaNoiseLullImpl PinnaNoiseLull;

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, at least 4
  double   hop_s;  ///< Seconds between frames
  double   bin_hz; ///< Distance of bins
} PinnaNoiseLullConfig;

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_noise_lull_init(PinnaNoiseLull** lull, PinnaArena* arena,
                                            const PinnaNoiseLullConfig* config);

/// Follow one frame and raise a noise estimate to what the lulls show. Realtime.
/// @param power |X|^2 [n_bins]
/// @param noise Estimate of another tracker [n_bins], raised in place
PINNA_API void pinna_noise_lull_run(PinnaNoiseLull* lull, const float* power,
                                    float* noise) PINNA_RT;

/// Mean power of the lulls [n_bins]. Realtime.
PINNA_API const float* pinna_noise_lull_mean(const PinnaNoiseLull* lull) PINNA_RT;

/// How far the lulls lie below the whole in the speech band [dB]. Realtime.
PINNA_API double pinna_noise_lull_depth_db(const PinnaNoiseLull* lull) PINNA_RT;

/// Logarithm of the lulls' mean less the mean of their logarithms, over what is heard of the speech
/// band: 0.58 (Euler's constant) in steady noise, more the more it flutters, as voices do.
/// Realtime.
PINNA_API double pinna_noise_lull_flutter(const PinnaNoiseLull* lull) PINNA_RT;

/// Forget everything. Realtime.
PINNA_API void pinna_noise_lull_reset(PinnaNoiseLull* lull) PINNA_RT;

#endif // PINNA_DSP_NOISE_LULL_H
