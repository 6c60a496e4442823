// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_IMCRA_H
#define PINNA_DSP_NOISE_IMCRA_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Noise power by improved minima controlled recursive averaging (Cohen, IEEE TSAP 11(5), 2003)
//
// A voice may hold its fundamental for longer than the window. So below 400 Hz the floor rises as
// far as it does between there and 4 kHz, and beyond that by 6 dB a second only.

/// One channel's tracker; one thread at a time
typedef struct PinnaNoiseImcraImpl PinnaNoiseImcra;

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, at least 4
  double   hop_s;  ///< Seconds between frames
  double   bin_hz; ///< Distance of bins
} PinnaNoiseImcraConfig;

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_noise_imcra_init(PinnaNoiseImcra** imcra, PinnaArena* arena,
                                             const PinnaNoiseImcraConfig* config);

/// Length of the window whose minimum is the floor: a rise of the noise is followed after it.
/// Realtime.
/// @param window_s 0.1 to 10 s; 1 after init
PINNA_API void pinna_noise_imcra_set_window(PinnaNoiseImcra* imcra, double window_s) PINNA_RT;

/// Follow one frame. The first eight frames that are not silence are taken as noise; silence itself
/// (digital zero) teaches nothing. Realtime.
/// @param power  |X|^2 [-1 to n_bins], rounded up to whole vectors: power[-1] and power[n_bins] are
///               read as neighbours, rows come from pinna_noise_row_take()
/// @param speech Speech power of the frame before [n_bins], by the caller's estimate; may be zero
/// @param noise  Estimate [n_bins]: the frame before's, becomes this one's
PINNA_API void pinna_noise_imcra_run(PinnaNoiseImcra* imcra, const float* power,
                                     const float* speech, float* noise) PINNA_RT;

/// Forget everything. Realtime.
PINNA_API void pinna_noise_imcra_reset(PinnaNoiseImcra* imcra) PINNA_RT;

/// A row of n_bins values, rounded up to whole vectors, with one vector before and after it
PINNA_API float* pinna_noise_row_take(PinnaArena* arena, uint32_t n_bins);

#endif // PINNA_DSP_NOISE_IMCRA_H
