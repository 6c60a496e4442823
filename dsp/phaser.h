// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASER_H
#define PINNA_DSP_PHASER_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// A modulated delay that feeds back: torchaudio.functional.phaser() (SoX phaser)

/// TorchAudio's arguments; start from pinna_phaser_config()
typedef struct {
  uint32_t sample_rate; ///< Hz
  uint32_t n_ch;        ///< 1 to 64
  float    gain_in;     ///< 0 to 1 (0.4)
  float    gain_out;    ///< 0 to 1e9 (0.74)
  double   delay_ms;    ///< 0 to 5 (3)
  float    decay;       ///< Feedback, 0 to 0.99 (0.4)
  double   mod_speed;   ///< Hz, 0.1 to 2 (0.5)
  bool     sinusoidal;  ///< Else triangular (true)
} PinnaPhaserConfig;

typedef struct PinnaPhaserImpl PinnaPhaser;

/// The defaults above
PINNA_API PinnaPhaserConfig pinna_phaser_config(uint32_t sample_rate);

/// Allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_phaser_init(PinnaPhaser** self, PinnaArena* arena,
                                        const PinnaPhaserConfig* config);

/// Forget the past. Realtime.
PINNA_API void pinna_phaser_reset(PinnaPhaser* self) PINNA_RT;

/// Realtime; the result does not depend on how a stream is cut.
/// @param out Channels [n_ch][n_frames], within +-1; each may be its `in`
PINNA_API void pinna_phaser_run(PinnaPhaser* self, const float* const* in, float* const* out,
                                uint32_t n_frames) PINNA_RT;

#endif // PINNA_DSP_PHASER_H
