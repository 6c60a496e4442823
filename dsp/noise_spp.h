// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_SPP_H
#define PINNA_DSP_NOISE_SPP_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Noise power by the speech presence probability alone (Gerkmann & Hendriks, IEEE TASL 20(4), 2012)

/// One channel's tracker; one thread at a time. Faster than IMCRA, with no window of its own.
typedef struct PinnaNoiseSppImpl PinnaNoiseSpp;

typedef struct {
  uint32_t n_bins; ///< n_fft / 2 + 1, at least 4
  double   hop_s;  ///< Seconds between frames
} PinnaNoiseSppConfig;

/// Plan and allocate. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_noise_spp_init(PinnaNoiseSpp** spp, PinnaArena* arena,
                                           const PinnaNoiseSppConfig* config);

/// Time constant of the average. Realtime.
/// @param tau_s 0.005 to 10 s; 0.072 after init
PINNA_API void pinna_noise_spp_set_tau(PinnaNoiseSpp* spp, double tau_s) PINNA_RT;

/// Follow one frame; the first eight and silence as in pinna_noise_imcra_run(). Realtime.
/// @param power |X|^2 [n_bins], a row of pinna_noise_row_take()
/// @param noise Estimate [n_bins]: the frame before's, becomes this one's
PINNA_API void pinna_noise_spp_run(PinnaNoiseSpp* spp, const float* power, float* noise) PINNA_RT;

/// Forget everything. Realtime.
PINNA_API void pinna_noise_spp_reset(PinnaNoiseSpp* spp) PINNA_RT;

#endif // PINNA_DSP_NOISE_SPP_H
