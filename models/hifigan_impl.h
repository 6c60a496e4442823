// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_HIFIGAN_IMPL_H
#define PINNA_MODELS_HIFIGAN_IMPL_H

#include "models/hifigan.h"

#include <stdint.h>

// A session, and the chunk that is being collected

struct PinnaHifiganImpl {
  PinnaSession*        session;
  float*               mel;     ///< [n_frames][n_mels]
  float*               span;    ///< [2]
  const float*         samples; ///< [n_frames][hop]
  PinnaVocoderFeatures features;
  double               macs;
  uint32_t             n_frames;
  uint32_t             delay;  ///< Of a chunk's samples behind its frames
  uint32_t             at;     ///< Frames collected
  uint64_t             n_past; ///< Frames of earlier chunks
  uint64_t             n_all;  ///< Frames of the stream, UINT64_MAX until it ends
};

#endif // PINNA_MODELS_HIFIGAN_IMPL_H
