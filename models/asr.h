// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_H
#define PINNA_MODELS_ASR_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/caption.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "models/decoder.h"
#include "models/endpoint.h"
#include "models/transcript.h"

#include <stdbool.h>
#include <stdint.h>

// A recogniser: a network, a decoder and endpoint rules become captions of a stream
//
// Samples are collected to chunks; after each chunk the decoder's best text is told as a partial
// caption if it is another one, and when a rule says that the utterance is over, as a final one;
// the decoder then starts afresh, the network goes on. Positions count the samples pushed. The
// captions do not depend on how the stream is cut into pushes.

typedef struct PinnaAsrImpl PinnaAsr;

/// Takes one caption; valid until it returns
typedef struct {
  void* handle;
  void (*take)(void* handle, const PinnaCaption* caption);
} PinnaAsrSink;

typedef struct {
  PinnaAcoustic         acoustic;
  PinnaDecoder          decoder;    ///< Takes the frames of `acoustic`
  PinnaTranscriptConfig transcript; ///< rate, hop and delay are taken from `acoustic`
  PinnaEndpointConfig   endpoint;
  uint32_t              max_tokens; ///< Longest result of the decoder
  const uint32_t*       guesses;    ///< For each node of the lexicon the word that a partial shows
                                    ///< while no more than this prefix was heard; NULL: none
} PinnaAsrConfig;

/// Not realtime. Network, decoder and texts must outlive it. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_asr_init(PinnaAsr** self, PinnaArena* arena,
                                     const PinnaAsrConfig* config);

/// The next samples at the network's rate, any number. Realtime if network and sink are.
PINNA_API void pinna_asr_push(PinnaAsr* self, const float* samples, uint32_t n_samples,
                              const PinnaAsrSink* sink);

/// The stream is over: silence is pushed until all of it is decoded and an endpoint rule has closed
/// the segment, 3 s at most, so that the last words are those of a stream that goes on.
/// Only pinna_asr_reset() may follow.
PINNA_API void pinna_asr_finish(PinnaAsr* self, const PinnaAsrSink* sink);

/// Sound of `n_samples` was lost: the open segment is closed, a gap is told, positions go on behind
/// it
PINNA_API void pinna_asr_skip(PinnaAsr* self, uint64_t n_samples, const PinnaAsrSink* sink);

/// As before the first sample
PINNA_API void pinna_asr_reset(PinnaAsr* self);

/// Samples after which a caption knows of a sound, at most, but for the decoder's own doubts
PINNA_API uint32_t pinna_asr_latency(const PinnaAsr* self) PINNA_RT;

#endif // PINNA_MODELS_ASR_H
