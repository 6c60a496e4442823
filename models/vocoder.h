// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_VOCODER_H
#define PINNA_MODELS_VOCODER_H

#include "base/attributes.h"

#include <stdint.h>

// What every neural vocoder is to its users: mel frames in, one hop of samples out for each

/// Which mel frames a vocoder was trained on: ln(max(floor, sum_k filter[k] sqrt(|X[k]|^2 +
/// epsilon))), X the transform under a periodic Hann window of win_length in the middle of n_fft,
/// filters of Slaney's scale and norm. models/vocoder_mel.h makes them from sound.
typedef struct {
  uint32_t sample_rate; ///< Of the sound, Hz
  uint32_t n_fft;       ///< Even
  uint32_t win_length;  ///< At most n_fft
  uint32_t hop_length;  ///< Samples between frames
  uint32_t n_mels;      ///< Values of a frame
  float    f_min;       ///< Hz
  float    f_max;       ///< Hz, at most sample_rate / 2
  float    floor;       ///< Smallest band before the logarithm
  float    epsilon;     ///< Power added to each bin
} PinnaVocoderFeatures;

/// A vocoder as a value, filled in by the init function of each kind; the object behind `handle`
/// outlives it. One stream, one thread at a time.
typedef struct {
  void*                handle;
  PinnaVocoderFeatures features;

  /// Samples by which `out` is behind the sound whose frames go in, if frame i is made of the n_fft
  /// samples before sample (i + 1) hop_length (models/vocoder_mel.h), and its samples come out in
  /// the place of samples i hop_length to (i + 1) hop_length - 1. Constant. Who takes samples one
  /// by one collects a hop first, which makes hop_length - 1 more.
  uint32_t latency;

  /// Multiplications of a second of sound: who asks whether it can run in the audio thread
  double macs;

  /// The next frames. The result does not depend on how a stream is cut into calls, bit for bit.
  /// Values that are no number count as silence; large ones are bounded. Realtime.
  /// @param mel Frames [n_frames][n_mels]
  /// @param out Samples [n_frames][hop_length], full scale +-1 but not limited to it
  void (*run)(void* handle, const float* mel, uint32_t n_frames, float* out) PINNA_RT;

  /// As before the first frame. Realtime.
  void (*reset)(void* handle) PINNA_RT;
} PinnaVocoder;

#endif // PINNA_MODELS_VOCODER_H
