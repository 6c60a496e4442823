// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_STREAM_H
#define PINNA_MODELS_ASR_STREAM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/asr.h"
#include "models/asr_model.h"

#include <stdint.h>

// A recogniser that hears a stream of any rate: resampled for it, positions as of the stream
//
// What plugin and `pinna transcribe` share, so that both tell the same of the same samples. The
// resampler's delay is taken off the positions.

typedef struct PinnaAsrStreamImpl PinnaAsrStream;

typedef struct {
  PinnaAsrModel* model;    ///< Outlives the stream; one stream at a time
  double         rate;     ///< Hz, 1000 to 384000
  uint32_t       max_push; ///< Samples at once
} PinnaAsrStreamConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_asr_stream_init(PinnaAsrStream** self, PinnaArena* arena,
                                            const PinnaAsrStreamConfig* config);

/// Samples of the stream that the network's chunk takes, rounded
PINNA_API uint32_t pinna_asr_stream_chunk(const PinnaAsrModel* model, double rate);

/// The next samples, at most max_push. As pinna_asr_push().
PINNA_API void pinna_asr_stream_push(PinnaAsrStream* self, const float* samples, uint32_t n_samples,
                                     const PinnaAsrSink* sink);

/// As pinna_asr_finish(), pinna_asr_skip() and pinna_asr_reset(), in samples of the stream
PINNA_API void pinna_asr_stream_finish(PinnaAsrStream* self, const PinnaAsrSink* sink);
PINNA_API void pinna_asr_stream_skip(PinnaAsrStream* self, uint64_t n_samples,
                                     const PinnaAsrSink* sink);
PINNA_API void pinna_asr_stream_reset(PinnaAsrStream* self);

#endif // PINNA_MODELS_ASR_STREAM_H
