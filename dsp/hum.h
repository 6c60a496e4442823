// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_HUM_H
#define PINNA_DSP_HUM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Takes mains hum out: a comb of adaptive notches that follows the fundamental's drift, no latency

/// One channel; one thread at a time
typedef struct PinnaHumImpl PinnaHum;

/// Harmonics that are cancelled at most
#define PINNA_HUM_HARMONICS 32U

/// Plan and allocate. Not realtime.
/// @param rate Hz, 4000 to 768000
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_hum_init(PinnaHum** hum, PinnaArena* arena, double rate);

/// Realtime.
/// @param hz 0 (off, faded out), or the nominal fundamental, 40 to 70; it is followed within 2 %
PINNA_API void pinna_hum_set(PinnaHum* hum, double hz) PINNA_RT;

/// Cancel. The same bits however a stream is cut. Realtime.
/// @param x Samples [n_frames], changed in place; untouched while off and faded out
PINNA_API void pinna_hum_run(PinnaHum* hum, float* x, uint32_t n_frames) PINNA_RT;

/// The fundamental, as followed [Hz]; 0 while off. Realtime.
PINNA_API double pinna_hum_frequency(const PinnaHum* hum) PINNA_RT;

/// Forget all audio; keep what was set. Realtime.
PINNA_API void pinna_hum_reset(PinnaHum* hum) PINNA_RT;

#endif // PINNA_DSP_HUM_H
