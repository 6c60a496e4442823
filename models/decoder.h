// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_DECODER_H
#define PINNA_MODELS_DECODER_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// What all decoders of speech have in common: frames in, the best sequence of tokens so far out
//
// Made once, all memory at init; running allocates nothing, so that a worker or even the audio
// thread may do it. Frames are counted from the last reset. A decoder gives the same result however
// its frames are cut into runs.

#define PINNA_NO_WORD UINT32_MAX

/// One unit of a result. Decoders with a lexicon also say where a word ends and which it is.
typedef struct {
  uint32_t token;    ///< Number in the model's vocabulary
  uint32_t word;     ///< Number in the lexicon of the word that ends with this token, or none
  uint32_t frame;    ///< When it was emitted
  float    log_prob; ///< Of this token then
} PinnaDecoderToken;

typedef struct {
  uint32_t n_tokens;   ///< Of the best sequence; at most the decoder's max_tokens
  uint32_t n_stable;   ///< The first of them that every sequence still considered shares
  uint32_t n_frames;   ///< Decoded since the last reset
  uint32_t last_frame; ///< Of the newest token; 0 without tokens
  float    score;      ///< Natural logarithm, with language model and hotwords
  bool     full;       ///< A sequence reached max_tokens: finish and reset now
} PinnaDecoderResult;

/// A decoder of any kind
typedef struct {
  void* self;

  /// Decode frames, [n_frames x what the model's decoder takes]. Realtime.
  void (*run)(void* self, const float* frames, uint32_t n_frames) PINNA_RT;

  /// The utterance is over: unfinished words and hotwords lose, the last word's probability counts.
  /// Only result() and reset() may follow. Realtime.
  void (*finish)(void* self) PINNA_RT;

  /// As before the first frame. Realtime.
  void (*reset)(void* self) PINNA_RT;

  /// The best sequence now. Realtime.
  /// @param tokens Receives up to `capacity` tokens, the first first; may be NULL
  PinnaDecoderResult (*result)(const void* self, PinnaDecoderToken* tokens,
                               uint32_t capacity) PINNA_RT;
} PinnaDecoder;

#endif // PINNA_MODELS_DECODER_H
