// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_H
#define PINNA_DSP_PITCH_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/yin.h"

#include <stdbool.h>
#include <stdint.h>

// Pitch shifting for live use: three engines, a fixed latency each, formants, glide, dry and wet

/// One object serves one stream: its channels run together, in one thread at a time
typedef struct PinnaPitchImpl PinnaPitch;

typedef enum {
  PINNA_PITCH_POLY = 0,    ///< Anything: 64 ms at most (dsp/peakshift.h)
  PINNA_PITCH_LOW_LATENCY, ///< The same engine at 43 ms at most, dearer
  PINNA_PITCH_VOICE,       ///< One voice: 30 ms at most, period by period (dsp/psola.h)
  PINNA_PITCH_N_MODES
} PinnaPitchMode;

typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  uint32_t n_channels;  ///< 1 to 8, shifted as one: their sum is as if shifted alone
} PinnaPitchConfig;

/// What a stream is heading for
typedef struct {
  double semitones;  ///< -25 to 25
  double formant;    ///< Semitones by which formants move, -12 to 12
  bool   preserve;   ///< Formants do not follow the pitch
  double mix;        ///< Share of the shifted sound, 0 to 1; the rest is the input, as late
  double transients; ///< How readily attacks pass unshifted and start phases anew, 0 to 1
  double glide;      ///< Time constant of the pitch's way [s], 0.001 to 1
  double note;       ///< MIDI note (69 is 440 Hz) that the tracked fundamental is moved to, before
                     ///< `semitones`; 0: none. Where there is no fundamental the last move holds.
} PinnaPitchTarget;

/// Plan and allocate for every mode; starts in poly. With a measuring arena only counts bytes.
/// Not realtime.
/// @return BAD_ARG (a range above), NO_MEM
PINNA_API PinnaStatus pinna_pitch_init(PinnaPitch** pitch, PinnaArena* arena,
                                       const PinnaPitchConfig* config);

/// Forget all audio and go on in this mode, all values at their targets. Realtime.
PINNA_API void pinna_pitch_start(PinnaPitch* pitch, PinnaPitchMode mode) PINNA_RT;

/// The same in the present mode. Realtime.
PINNA_API void pinna_pitch_reset(PinnaPitch* pitch) PINNA_RT;

/// Head for new values, held within their ranges. Realtime.
PINNA_API void pinna_pitch_set(PinnaPitch* pitch, const PinnaPitchTarget* target) PINNA_RT;

/// Be there at once. Realtime.
PINNA_API void pinna_pitch_snap(PinnaPitch* pitch) PINNA_RT;

/// Shift. Realtime, any n_frames; how a stream is cut into calls changes no bit.
///
/// Samples that are no number, infinite or beyond ±1e9 are taken as 0. With 0 semitones and
/// formants at rest the output becomes the delayed input, within rounding (-130 dB).
/// @param in  Samples [n_channels][n_frames], full scale ±1
/// @param out Samples [n_channels][n_frames], delayed by pinna_pitch_latency() whatever the shift;
///            each may be its own `in`, from its start
PINNA_API void pinna_pitch_run(PinnaPitch* pitch, const float* const* in, float* const* out,
                               uint32_t n_frames) PINNA_RT;

/// Fundamental of the input, channels added up: the newest estimate. Realtime.
PINNA_API PinnaYinResult pinna_pitch_tracked(const PinnaPitch* pitch) PINNA_RT;

/// As configured. Realtime.
PINNA_API uint32_t pinna_pitch_n_channels(const PinnaPitch* pitch) PINNA_RT;

/// Delay of `out` behind `in` in samples: only pinna_pitch_start() changes it. Realtime.
PINNA_API uint32_t pinna_pitch_latency(const PinnaPitch* pitch) PINNA_RT;

/// The greatest of all modes' latencies. Realtime.
PINNA_API uint32_t pinna_pitch_max_latency(const PinnaPitch* pitch) PINNA_RT;

#endif // PINNA_DSP_PITCH_H
