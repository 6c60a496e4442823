// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_TRANSCRIPT_H
#define PINNA_MODELS_TRANSCRIPT_H

#include "base/attributes.h"
#include "base/caption.h"
#include "models/decoder.h"
#include "models/lexicon.h"
#include "models/tokens.h"

#include <stdbool.h>
#include <stdint.h>

// From a decoder's tokens to a caption: words, their times, and how much of them will stay

typedef struct {
  const PinnaTokens*  tokens;
  const PinnaLexicon* lexicon; ///< Of the decoder, or NULL: words are made of tokens
  uint32_t            rate;    ///< Of positions
  double              hop;     ///< Samples per decoder frame
  double              delay;   ///< Samples by which tokens come after their sound, on average
} PinnaTranscriptConfig;

/// Fill in text, words, times, n_stable and log_prob of a caption; other members are the caller's,
/// who has set kind, segment and rate. What does not fit is cut off at a word. Realtime.
/// @param tokens [n_tokens], the first n_stable of them stable
/// @param origin Position of frame 0's first sample
/// @return False if something was cut off
PINNA_API bool pinna_transcript_fill(const PinnaTranscriptConfig* config, PinnaCaption* caption,
                                     const PinnaDecoderToken* tokens, uint32_t n_tokens,
                                     uint32_t n_stable, uint64_t origin) PINNA_RT;

#endif // PINNA_MODELS_TRANSCRIPT_H
