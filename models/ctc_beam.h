// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CTC_BEAM_H
#define PINNA_MODELS_CTC_BEAM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"
#include "models/hotwords.h"
#include "models/lexicon.h"
#include "models/ngram.h"

#include <stdbool.h>
#include <stdint.h>

// CTC prefix beam search with lexicon, n-gram and hotwords; the beam is carried from run to run
//
// Sums the probabilities of all alignments of a prefix (Graves 2008, Hannun 2014). With a lexicon
// the search walks its tree: a prefix is a row of words and the beginning of one more, and the
// n-gram scores words, looking ahead to the best word below a node. Without a lexicon the n-gram,
// if any, scores tokens.

typedef struct PinnaCtcBeamImpl PinnaCtcBeam;

typedef struct {
  uint32_t n_tokens;   ///< Of the vocabulary, blank included; at least 2
  uint32_t blank;      ///< Its number
  uint32_t max_tokens; ///< Longest result, 1 to 65535
  uint32_t beam;       ///< Prefixes kept, 1 to 4096
  uint32_t n_best;     ///< Tokens tried in a frame, the best; 0: all
  float    threshold;  ///< Prefixes this much below the best are dropped; 0: never

  const PinnaLexicon*  lexicon;    ///< Or NULL. Outlives the decoder, as do the next two.
  const PinnaNgram*    ngram;      ///< Or NULL
  const uint32_t*      ngram_ids;  ///< Word (or token, without lexicon) -> n-gram's number; copied
  float                lm_weight;  ///< Factor of the n-gram's logarithms
  float                word_score; ///< Added for each word (or token, without lexicon)
  const PinnaHotwords* hotwords;   ///< Or NULL

  /// Of prefixes that nothing to come can tell apart (place in the lexicon, state of the n-gram and
  /// of the hotwords, last token) only the best goes on: the beam holds as many different futures
  /// as it has room for, and the sum over alignments loses what the others had
  bool recombine;
} PinnaCtcBeamConfig;

/// Not realtime. @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_ctc_beam_init(PinnaCtcBeam** self, PinnaArena* arena,
                                          const PinnaCtcBeamConfig* config);

/// Frames are log-probabilities [n_frames x n_tokens]; ones that are no number count as -Inf
PINNA_API PinnaDecoder pinna_ctc_beam_decoder(PinnaCtcBeam* self);

#endif // PINNA_MODELS_CTC_BEAM_H
