// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_LIVE_H
#define PINNA_MODELS_ASR_LIVE_H

#include "base/attributes.h"
#include "base/caption.h"
#include "base/status.h"
#include "nn/engine.h"

#include <stdbool.h>
#include <stdint.h>

// Captions of a stream at any rate, made by a recogniser beside the audio thread
//
// Sound goes to a worker in chunks; captions come back through a ring, in order. A worker that is
// more than a second and a half behind loses sound, which is told as a gap; before that it is told
// once that it is behind.

typedef struct PinnaAsrLiveImpl PinnaAsrLive;

typedef struct {
  double            rate;            ///< Hz, 8000 to 384000
  uint32_t          n_channels;      ///< 1 to 64; their mean is heard
  const char*       model;           ///< As in PinnaAsrModelConfig: NULL: built in
  const char*       hotwords;        ///< As there, or NULL
  double            longest_block_s; ///< That the audio thread runs; 0: 1024 frames at 48 kHz
  PinnaNnEngineMode mode;
} PinnaAsrLiveConfig;

/// Not realtime. @return What pinna_asr_model_open() gives, BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_asr_live_open(PinnaAsrLive** self, const PinnaAsrLiveConfig* config,
                                          PinnaError* error);

/// Waits for a chunk that runs. Not realtime. NULL is allowed.
PINNA_API void pinna_asr_live_close(PinnaAsrLive* self);

/// The next samples [n_channels][n_frames], at most 4096. Realtime (unless offline).
PINNA_API void pinna_asr_live_push(PinnaAsrLive* self, const float* const* in,
                                   uint32_t n_frames) PINNA_RT;

/// The next caption, its positions in samples pushed since the reset. Realtime, the pushing thread.
/// @return NULL: none at present; else valid until the next call
PINNA_API const PinnaCaption* pinna_asr_live_next(PinnaAsrLive* self) PINNA_RT;

/// While `offline`, pushing waits for the recogniser. Realtime, if false.
PINNA_API void pinna_asr_live_set_offline(PinnaAsrLive* self, bool offline) PINNA_RT;

/// Realtime, the pushing thread
PINNA_API PinnaNnEngineHealth pinna_asr_live_health(const PinnaAsrLive* self) PINNA_RT;

/// Sound that waits for the recogniser [s]. Realtime, the pushing thread.
PINNA_API double pinna_asr_live_lag(const PinnaAsrLive* self) PINNA_RT;

/// Positions of captions count from here: how much of the stream went by before the first push.
/// Realtime, before it.
PINNA_API void pinna_asr_live_begin(PinnaAsrLive* self, uint64_t origin) PINNA_RT;

/// Forget all sound and captions; positions start at 0. Realtime.
PINNA_API void pinna_asr_live_reset(PinnaAsrLive* self) PINNA_RT;

/// As pinna_nn_engine_rest(). Not realtime.
PINNA_API void pinna_asr_live_rest(PinnaAsrLive* self, bool rests);

#endif // PINNA_MODELS_ASR_LIVE_H
