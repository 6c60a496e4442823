// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ACOUSTIC_H
#define PINNA_MODELS_ACOUSTIC_H

#include "base/attributes.h"

#include <stdint.h>

// The seam between a speech network of any kind and a decoder: chunks of sound in, frames out
//
// CTC networks give log-probabilities of tokens, transducers what their joiner takes. A network's
// owner fills one in; nothing is copied but the frames.

typedef struct {
  void*    self;
  uint32_t rate;     ///< Of the samples [Hz]
  uint32_t chunk;    ///< Samples of a run
  uint32_t n_frames; ///< Frames that a run gives
  uint32_t n_values; ///< Floats of a frame
  uint32_t delay;    ///< Samples by which a sound's tokens come after it, on average

  /// The next samples [chunk], full scale ±1; ones that are no number count as 0. Realtime, unless
  /// the network waits for a device.
  /// @param frames Receives [n_frames x n_values]
  void (*run)(void* self, const float* samples, float* frames);

  /// As before the first chunk
  void (*reset)(void* self);
} PinnaAcoustic;

#endif // PINNA_MODELS_ACOUSTIC_H
