// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VAD_H
#define PINNA_DSP_VAD_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// Whether somebody speaks, at any moment: likelihood ratios of sub-bands over tracked noise
//
// Per band, the noise is tracked by speech presence (Gerkmann & Hendriks, IEEE TASL 20(4), 2012);
// the log likelihood ratio of "speech and noise" over "noise" with a decision-directed SNR (Sohn,
// Kim & Sung, IEEE SPL 6(1), 1999) is averaged over the bands, and held while it falls.

typedef struct PinnaVadImpl PinnaVad;

/// Zero means the default
typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  double   threshold;   ///< Probability above which pinna_vad_is_active(); default 0.5
  double   hangover;    ///< Seconds that activity outlasts it; default 0.2
  uint32_t n_fft;       ///< For pinna_vad_frame() only: its transform; default its own
  uint32_t win_length;  ///< For pinna_vad_frame() only: its window [samples]
  uint32_t hop_length;  ///< For pinna_vad_frame() only: samples between its frames
} PinnaVadConfig;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_vad_init(PinnaVad** vad, PinnaArena* arena,
                                     const PinnaVadConfig* config);

/// Listen to a stream in frames of 20 ms every 10 ms. Realtime, any n; how a stream is cut into
/// calls changes no bit.
/// @param in Samples [n], full scale ±1
PINNA_API void pinna_vad_run(PinnaVad* vad, const float* in, uint32_t n) PINNA_RT;

/// One frame of somebody else's transform, instead of pinna_vad_run(). Realtime.
/// @param bins [n_fft / 2 + 1], from a window of win_length (as pinna_stft_run() hands them out)
PINNA_API void pinna_vad_frame(PinnaVad* vad, const float complex* bins) PINNA_RT;

/// 0 to 1, of the newest frame; rises within 20 ms, falls slowly. Realtime.
PINNA_API float pinna_vad_probability(const PinnaVad* vad) PINNA_RT;

/// Threshold and hangover applied. Realtime.
PINNA_API bool pinna_vad_is_active(const PinnaVad* vad) PINNA_RT;

/// Forget all audio and the noise. Realtime.
PINNA_API void pinna_vad_reset(PinnaVad* vad) PINNA_RT;

#endif // PINNA_DSP_VAD_H
