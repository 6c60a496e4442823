// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REVOICE_IMPL_H
#define PINNA_MODELS_REVOICE_IMPL_H

#include "base/ring.h"
#include "base/snapshot.h"
#include "dsp/resample.h"
#include "models/revoice.h"
#include "models/vocoder_mel.h"

#include <stdatomic.h>

// A stream's stages, and the samples between them

#define PINNA_REVOICE_PIECE 256U ///< Samples of the stream that are taken at once
#define PINNA_REVOICE_N_PARAMS 8U

struct PinnaRevoiceImpl {
  PinnaVocoder     vocoder;
  PinnaResample*   down; ///< NULL: the stream has the vocoder's rate
  PinnaResample*   up;
  PinnaVocoderMel* analysis;
  PinnaMelEdit*    edit;
  PinnaRing*       fed;
  _Atomic uint32_t era; ///< Frames that were fed in another one are not spoken
  PinnaRing*       looks;
  PinnaSnapshot    params;
  uint32_t         params_seen;
  float*           low;    ///< At the vocoder's rate, a piece
  float*           hop;    ///< [hop_length] that fills
  float*           spoken; ///< [hop_length]
  float*           mel;    ///< [n_mels]
  float*           ready;  ///< Samples of the stream that wait to go out, oldest first
  uint32_t         n_hop;
  uint32_t         n_ready;
  uint32_t         n_prime; ///< Silence that `ready` starts with, so that it never runs out
  uint32_t         latency;
  float*           powers;   ///< [n_powers] mean squares of the hops that are being spoken
  uint32_t         n_powers; ///< By so many hops the vocoder is late
  float            power_in; ///< Smoothed mean squares
  float            power_out;
  float            memory; ///< Of them, for each hop
  float            gain;
};

#endif // PINNA_MODELS_REVOICE_IMPL_H
