// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CTC_GREEDY_IMPL_H
#define PINNA_MODELS_CTC_GREEDY_IMPL_H

#include "models/ctc_greedy.h"
#include "models/decoder.h"

#include <stdint.h>

// The result so far, and what may go on in the next frame

struct PinnaCtcGreedyImpl {
  PinnaCtcGreedyConfig config;
  PinnaDecoderResult   state;
  PinnaDecoderToken*   tokens; ///< [max_tokens]
  uint32_t             last;   ///< Best token of the last frame
};

#endif // PINNA_MODELS_CTC_GREEDY_IMPL_H
