// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FLANGER_H
#define PINNA_DSP_FLANGER_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// A swept delay mixed with its input: torchaudio.functional.flanger() (SoX flanger)

/// TorchAudio's arguments; start from pinna_flanger_config()
typedef struct {
  uint32_t sample_rate; ///< Hz
  uint32_t n_ch;        ///< 1 to 4
  double   delay;       ///< Least delay in ms, 0 to 30 (0)
  double   depth;       ///< Sweep in ms, 0 to 10 (2)
  double   regen;       ///< Feedback in percent, -95 to 95 (0)
  double   width;       ///< Delayed part in percent, 0 to 100 (71)
  double   speed;       ///< Hz, 0.1 to 10 (0.5)
  double   phase;       ///< Sweep between channels in percent of a turn, 0 to 100 (25)
  bool     triangular;  ///< Else sinusoidal (false)
  bool     quadratic;   ///< Interpolation, else linear (false)
} PinnaFlangerConfig;

typedef struct PinnaFlangerImpl PinnaFlanger;

/// The defaults above
PINNA_API PinnaFlangerConfig pinna_flanger_config(uint32_t sample_rate);

/// Allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_flanger_init(PinnaFlanger** self, PinnaArena* arena,
                                         const PinnaFlangerConfig* config);

/// Forget the past. Realtime.
PINNA_API void pinna_flanger_reset(PinnaFlanger* self) PINNA_RT;

/// Realtime; the result does not depend on how a stream is cut.
/// @param out Channels [n_ch][n_frames], within +-1; each may be its `in`
PINNA_API void pinna_flanger_run(PinnaFlanger* self, const float* const* in, float* const* out,
                                 uint32_t n_frames) PINNA_RT;

#endif // PINNA_DSP_FLANGER_H
