// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_LOAD_H
#define PINNA_MODELS_VOCODER_LOAD_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/vocoder.h"
#include "nn/cpu/matvec.h"

#include <stdbool.h>
#include <stdint.h>

// Any vocoder from its weights: the kind is told by the tensors' names

typedef struct {
  const char*    path;      ///< A checkpoint of HiFi-GAN, WaveRNN or our own; NULL: built in
  const char*    device;    ///< As in PinnaSessionConfig; WaveRNN runs on the processor only
  uint32_t       n_frames;  ///< HiFi-GAN's frames at once: more are faster and later; 0: 1
  PinnaPrecision precision; ///< Of WaveRNN's weights
  uint64_t       seed;      ///< Of what WaveRNN draws
} PinnaVocoderLoad;

typedef struct {
  PinnaVocoder vocoder;
  const char*  kind;        ///< "vocoder_small", "hifigan", "wavernn"
  bool         is_realtime; ///< Its run() may be called by an audio thread
  void*        object;
  void (*close)(void* object);
} PinnaLoadedVocoder;

/// Open a file and make the vocoder it holds. Not realtime.
/// @return What reading gives; BAD_FILE: no vocoder that is known
PINNA_API PinnaStatus pinna_vocoder_load(PinnaLoadedVocoder* loaded, const PinnaVocoderLoad* config,
                                         PinnaError* error);

/// Once. Not realtime.
PINNA_API void pinna_vocoder_unload(PinnaLoadedVocoder* loaded);

#endif // PINNA_MODELS_VOCODER_LOAD_H
