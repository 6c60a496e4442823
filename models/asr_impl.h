// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ASR_IMPL_H
#define PINNA_MODELS_ASR_IMPL_H

#include "base/caption.h"
#include "models/asr.h"
#include "models/decoder.h"

#include <stdbool.h>
#include <stdint.h>

// What a recogniser holds

struct PinnaAsrImpl {
  PinnaAsrConfig     config;
  float*             chunk;     ///< [acoustic.chunk] samples collected
  float*             frames;    ///< [n_frames x n_values] of the newest chunk
  PinnaDecoderToken* tokens;    ///< [max_tokens]
  PinnaCaption*      caption;   ///< The one being made
  char*              told;      ///< Text last told in this segment [PINNA_CAPTION_MAX_TEXT]
  uint32_t           n_stable;  ///< Of it
  uint64_t           n_pushed;  ///< Samples run or skipped: position of the chunk's first
  uint64_t           origin;    ///< Position of the segment's frame 0
  uint64_t           segment;   ///< Number of the open one
  uint32_t           n_waiting; ///< Samples in `chunk`
  bool               open;      ///< A partial of this segment was told
};

#endif // PINNA_MODELS_ASR_IMPL_H
