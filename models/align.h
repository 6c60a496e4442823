// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ALIGN_H
#define PINNA_MODELS_ALIGN_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Forced alignment of a CTC model's output with a text that is known: the most probable path

/// One target's frames, as torchaudio's merge_tokens() makes them
typedef struct {
  uint32_t start;    ///< First frame
  uint32_t end;      ///< Behind the last frame
  float    log_prob; ///< Mean over its frames
} PinnaAlignSpan;

/// Align, as torchaudio.functional.forced_align (2.1) does. Not realtime.
/// @param log_probs [n_frames x n_tokens]
/// @param targets [n_targets] tokens, none of them blank
/// @param path  Receives the token of each frame [n_frames]; may be NULL
/// @param spans Receives each target's frames [n_targets]; may be NULL
/// @param score Receives the path's log-probability; may be NULL
/// @return BAD_ARG (too few frames for the targets and the blanks between equal ones, a target that
///         is blank or beyond the vocabulary, no path that is possible), NO_MEM
PINNA_API PinnaStatus pinna_align_ctc(const float* log_probs, uint32_t n_frames, uint32_t n_tokens,
                                      uint32_t blank, const uint32_t* targets, uint32_t n_targets,
                                      uint32_t* path, PinnaAlignSpan* spans, float* score);

#endif // PINNA_MODELS_ALIGN_H
