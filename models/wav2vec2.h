// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_H
#define PINNA_MODELS_WAV2VEC2_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// wav2vec 2.0 and HuBERT: a second or more of speech to features, or to the letters of a CTC head
//
// torchaudio.models.wav2vec2_model and hubert_* of 0.13.1 (Baevski et al. 2020, Hsu et al. 2021):
// seven convolutions, a convolution that tells positions, transformer layers. Everything that a
// file can tell is read from it: the number and width of layers, biases, the labels of the CTC head
// `aux`, and whether all convolutions are normalised (large_lv60k, HuBERT large, XLSR, which also
// normalise before each transformer layer) or only the first. The network sees all of its chunk at
// once, so how much it hears is fixed when it is planned.

#define PINNA_WAV2VEC2_RATE 16000U

typedef struct {
  uint32_t n_samples; ///< Of one run: 400 at least, at PINNA_WAV2VEC2_RATE
  uint32_t n_heads;   ///< 0: 12 of 768 channels, 16 of 1024 and of 1280, else one for each 64
  uint32_t n_layers;  ///< Only the output of this layer, 1 and up, as extract_features(); 0: all,
                      ///< and what follows them
  bool normalize_waveform; ///< To mean 0 and variance 1, as bundles of large_lv60k and such want
} PinnaWav2vec2Config;

/// Open a file, fold weight normalisation in both of torch's layouts, bring Hugging Face's and
/// fairseq's names to TorchAudio's. Not realtime.
PINNA_API PinnaStatus pinna_wav2vec2_open(PinnaWeights** weights, const char* path,
                                          PinnaError* error);

/// The network as a plan, not yet finished: input "x" [n_samples x 1 x 1], output "features"
/// [frames x 1 x channels], and "logits" [frames x 1 x labels] if the file has a CTC head and all
/// layers are wanted. Not realtime.
PINNA_API void pinna_wav2vec2_describe(PinnaPlan* plan, const PinnaWeights* weights,
                                       const PinnaWav2vec2Config* config);

/// Frames that come of this many samples: one every 320 of them, of 400
PINNA_API uint32_t pinna_wav2vec2_frames(uint32_t n_samples);

typedef struct PinnaWav2vec2Impl PinnaWav2vec2;

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_wav2vec2_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_wav2vec2_init(PinnaWav2vec2** self, PinnaArena* arena,
                                          const PinnaRunnerConfig* config);

/// Hear samples [n_samples], full scale +-1; those that are no number count as 0. Realtime by its
/// means, too slow for an audio thread by its size.
PINNA_API void pinna_wav2vec2_run(PinnaWav2vec2* self, const float* samples) PINNA_RT;

/// What the last run gave: [frames x channels], and [frames x labels] or NULL without a CTC head
PINNA_API const float* pinna_wav2vec2_features(const PinnaWav2vec2* self) PINNA_RT;
PINNA_API const float* pinna_wav2vec2_logits(const PinnaWav2vec2* self) PINNA_RT;

#endif // PINNA_MODELS_WAV2VEC2_H
