// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REVOICE_LIVE_H
#define PINNA_MODELS_REVOICE_LIVE_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/revoice.h"
#include "nn/engine.h"

#include <stdbool.h>
#include <stdint.h>

// A revoiced stream beside the audio thread: on time, or the delayed sound itself, without a click
//
// Chunks of 10 ms go to nn/engine.h. What is due is looked at 5 ms before it is heard: a chunk that
// is late fades over to the delayed sound, and the next that is there fades back, at equal power.

typedef struct PinnaRevoiceLiveImpl PinnaRevoiceLive;

typedef struct {
  double            rate;            ///< Hz, 8000 to 384000
  uint32_t          n_channels;      ///< 1 or 2; their mean is the voice
  PinnaVocoder      vocoder;         ///< Its object outlives this one
  double            longest_block_s; ///< That the audio thread runs; 0: 1024 frames at 48 kHz
  uint32_t          least_latency;   ///< Frames; a faster vocoder is delayed to it
  PinnaNnEngineMode mode;            ///< ASYNC, or INLINE where the vocoder is cheap and realtime
} PinnaRevoiceLiveConfig;

/// Not realtime. @return BAD_ARG, NO_MEM, UNSUPPORTED
PINNA_API PinnaStatus pinna_revoice_live_new(PinnaRevoiceLive**            self,
                                             const PinnaRevoiceLiveConfig* config);

/// Waits for a chunk that runs. Not realtime. NULL is allowed.
PINNA_API void pinna_revoice_live_free(PinnaRevoiceLive* self);

/// The next samples. Realtime (unless offline).
/// Starts with the delayed sound, until the first chunk has come.
/// @param in  [n_channels][n_frames]
/// @param dry `in`, delayed by pinna_revoice_live_latency()
/// @param out May equal `in` or `dry`
PINNA_API void pinna_revoice_live_run(PinnaRevoiceLive* self, const float* const* in,
                                      const float* const* dry, float* const* out,
                                      uint32_t n_frames) PINNA_RT;

/// Share of the new voice, 0 to 1, reached in 20 ms; at once if `is_fresh`. Realtime.
PINNA_API void pinna_revoice_live_set_mix(PinnaRevoiceLive* self, double mix,
                                          bool is_fresh) PINNA_RT;

/// The stream itself: for pinna_revoice_set() and _feed() from the audio thread
PINNA_API PinnaRevoice* pinna_revoice_live_stream(PinnaRevoiceLive* self) PINNA_RT;

/// While `offline`, running waits for the results. Realtime, if false.
PINNA_API void pinna_revoice_live_set_offline(PinnaRevoiceLive* self, bool offline) PINNA_RT;

/// The latency that pinna_revoice_live_new() would give. Not realtime; the vocoder is not called.
/// @return 0: it would fail
PINNA_API uint32_t pinna_revoice_live_measure(const PinnaRevoiceLiveConfig* config);

/// Frames: constant. Realtime, any thread.
PINNA_API uint32_t pinna_revoice_live_latency(const PinnaRevoiceLive* self) PINNA_RT;

/// Realtime, the thread that runs it
PINNA_API PinnaNnEngineHealth pinna_revoice_live_health(const PinnaRevoiceLive* self) PINNA_RT;

/// Forget all sound. Realtime.
PINNA_API void pinna_revoice_live_reset(PinnaRevoiceLive* self) PINNA_RT;

/// As pinna_nn_engine_rest(). Not realtime.
PINNA_API void pinna_revoice_live_rest(PinnaRevoiceLive* self, bool rests);

#endif // PINNA_MODELS_REVOICE_LIVE_H
