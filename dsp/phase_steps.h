// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASE_STEPS_H
#define PINNA_DSP_PHASE_STEPS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/filterbank.h"

#include <stdint.h>

// Sound from magnitudes, bands and the expected steps of phase, frame by frame
//
// 1. Magnitudes are fitted to the bands, which are what is known for sure.
// 2. Phases: the unit numbers y that best agree with the steps along time, from the frame before,
//    and along frequency, from bin to bin: minimum of sum_k a_k |y_k - t_k|^2 + b_k |y_k - f_k
//    y_(k-1)|^2, a tridiagonal system (Masuyama, Yatabe, Nagatomo & Oikawa, "Online phase
//    reconstruction via DNN-based phase differences estimation", IEEE/ACM TASLP 31, 2023). A
//    step's weight is the magnitudes' product times the concentration that the length of its
//    expected unit vector stands for.
// 3. The newest frames are made consistent with their overlaps some times (RTISI-LA: Zhu,
//    Beauregard & Wyse, IEEE TASLP 15(5), 2007), by magnitudes between those given and those
//    found, again fitted to the bands: so noise may have the dips that noise has.

typedef struct {
  PinnaFilterbankConfig bank;    ///< n_freqs is taken from n_fft; neighbours overlap by twos
  uint32_t              n_fft;   ///< Transform and periodic Hann window, 16 to 65536; 4 hops long
  uint32_t              n_ahead; ///< Frames that may still change when a newer one is there, 0 to 3
  uint32_t              n_iter;  ///< Times that they are made consistent, 0 to 64
  float                 mix; ///< Weight of the magnitudes given against those found there, 0 to 1
  float                 along_f; ///< Weight of the steps along frequency against those along time
} PinnaPhaseStepsConfig;

/// One stream
typedef struct PinnaPhaseStepsImpl PinnaPhaseSteps;

/// One frame ahead, 4 iterations, mix 0.4, along_f 10
PINNA_API PinnaPhaseStepsConfig pinna_phase_steps_config(uint32_t                     n_fft,
                                                         const PinnaFilterbankConfig* bank);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM, UNSUPPORTED (n_fft would allocate while running)
PINNA_API PinnaStatus pinna_phase_steps_init(PinnaPhaseSteps** self, PinnaArena* arena,
                                             const PinnaPhaseStepsConfig* config);

/// The next frame, whose window begins one hop after the one before. Realtime.
/// @param log_magnitude ln |X| [n_bins]
/// @param steps Expected unit vectors [4][n_bins]: real and imaginary part of the step along time,
///   X[t, k] conj X[t - 1, k] exp(-pi j k / 2), then along frequency, -X[t, k] conj
///   X[t, k - 1]; shorter ones count less
/// @param bands sum_k filter[k] |X[k]| [n_filters]
/// @param out   Samples [n_fft / 4]: the first hop of the window of frame t - n_ahead
PINNA_API void pinna_phase_steps_run(PinnaPhaseSteps* self, const float* log_magnitude,
                                     const float* steps, const float* bands, float* out) PINNA_RT;

/// As before the first frame. Realtime.
PINNA_API void pinna_phase_steps_reset(PinnaPhaseSteps* self) PINNA_RT;

#endif // PINNA_DSP_PHASE_STEPS_H
