// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_OMLSA_H
#define PINNA_DSP_OMLSA_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Speech presence and gain by optimally modified log-spectral amplitude (Cohen & Berdugo, Signal
// Processing 81, 2001): given the power of a frame and of its noise

/// One channel; one thread at a time
typedef struct PinnaOmlsaImpl PinnaOmlsa;

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, at least 4
  double   hop_s;  ///< Seconds between frames
  double   bin_hz; ///< Distance of bins
} PinnaOmlsaConfig;

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_omlsa_init(PinnaOmlsa** omlsa, PinnaArena* arena,
                                       const PinnaOmlsaConfig* config);

/// How much it takes to be speech. Realtime.
/// @param bias_db Moves the thresholds of presence: 0 after init, more finds less speech
PINNA_API void pinna_omlsa_set_bias(PinnaOmlsa* omlsa, double bias_db) PINNA_RT;

/// Weight of the frame before in the a priori SNR. Realtime.
/// @param tau_s Its time constant, 0.005 to 1 s; 0.063 after init. Longer: fewer musical tones,
///              softer onsets
PINNA_API void pinna_omlsa_set_memory(PinnaOmlsa* omlsa, double tau_s) PINNA_RT;

/// One frame. Rows come from pinna_noise_row_take(). Realtime.
/// @param power |X|^2 [n_bins]
/// @param noise Power of what is to go [n_bins], above zero
PINNA_API void pinna_omlsa_run(PinnaOmlsa* omlsa, const float* power, const float* noise) PINNA_RT;

/// ln of the Wiener gain for the SNR that the amplitude estimate leaves in this very frame
/// (two-step noise reduction: Plapous et al., IEEE TASL 14(6), 2006), if speech is present, at most
/// 0 [n_bins]: combine with the presence p and a floor as p * log_gain + (1 - p) * log_floor.
/// Realtime.
PINNA_API const float* pinna_omlsa_log_gain(const PinnaOmlsa* omlsa) PINNA_RT;

/// Probability that speech is present [n_bins]. Realtime.
PINNA_API const float* pinna_omlsa_presence(const PinnaOmlsa* omlsa) PINNA_RT;

/// Power of the speech, by this estimate [n_bins]. Realtime.
PINNA_API const float* pinna_omlsa_speech(const PinnaOmlsa* omlsa) PINNA_RT;

/// Forget everything. Realtime.
PINNA_API void pinna_omlsa_reset(PinnaOmlsa* omlsa) PINNA_RT;

#endif // PINNA_DSP_OMLSA_H
