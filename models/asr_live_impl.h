// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_LIVE_IMPL_H
#define PINNA_MODELS_ASR_LIVE_IMPL_H

#include "base/ring.h"
#include "models/asr_live.h"
#include "models/asr_model.h"
#include "models/asr_stream.h"

#define PINNA_ASR_LIVE_PIECE 256U

// The worker's side (model, stream) and the audio thread's (engine, captions that came)

struct PinnaAsrLiveImpl {
  PinnaAsrLiveConfig config;
  void*              memory;
  PinnaAsrModel*     model;
  PinnaAsrStream*    stream;
  PinnaNnEngine*     engine;
  PinnaRing*         told;
  float*             mono;      ///< [PINNA_ASR_LIVE_PIECE]
  PinnaCaption*      caption;   ///< The audio thread's copy
  uint32_t           chunk;     ///< Samples handed to the worker at once
  uint64_t           n_pushed;  ///< Of the stream, by the audio thread
  uint64_t           origin;    ///< Position of the first sample pushed
  bool               is_behind; ///< It was told
};

#endif // PINNA_MODELS_ASR_LIVE_IMPL_H
