// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WER_H
#define PINNA_MODELS_WER_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Word error rate: what must change to make a transcript right, and how sure the rate is

typedef struct {
  uint32_t n_words; ///< Of the reference
  uint32_t n_substitutions;
  uint32_t n_deletions;
  uint32_t n_insertions;
} PinnaWer;

/// Fewest changes from reference to transcript, words between blanks, exactly as they are spelled.
/// Not realtime. @return NO_MEM
PINNA_API PinnaStatus pinna_wer_compare(const char* reference, const char* transcript,
                                        PinnaWer* wer);

/// Edit distance of two sequences (torchaudio.functional.edit_distance). Not realtime.
/// @param distance Receives the fewest insertions, deletions and substitutions
PINNA_API PinnaStatus pinna_wer_distance(const uint32_t* reference, size_t n_reference,
                                         const uint32_t* transcript, size_t n_transcript,
                                         uint32_t* distance);

typedef struct {
  double rate; ///< Errors per word of the reference, 0 and up; 0 without words
  double low;  ///< 95 % of resampled sets of utterances lie between these
  double high;
} PinnaWerInterval;

/// The rate over utterances [n], with its bootstrap interval (Bisani and Ney 2004). Not realtime.
/// @param n_rounds Resampled sets, 0: no interval
PINNA_API PinnaStatus pinna_wer_rate(const PinnaWer* utterances, size_t n, uint32_t n_rounds,
                                     uint64_t seed, PinnaWerInterval* interval);

#endif // PINNA_MODELS_WER_H
