// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAVERNN_H
#define PINNA_MODELS_WAVERNN_H

#include "base/attributes.h"
#include "base/cpu.h"
#include "base/status.h"
#include "models/vocoder.h"
#include "nn/cpu/matvec.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// WaveRNN as TorchAudio's: a waveform from mel frames, sample by sample, from its checkpoints
//
// torchaudio.models.WaveRNN (Kalchbrenner et al. 2018, in fatchord's form): two GRUs and three
// dense layers for every sample. What is linear in the mel frame and in the last sample is
// multiplied out at set-up, so that a sample costs 3.0 instead of 3.8 million multiplications (for
// the LJSpeech checkpoint), the results within rounding of TorchAudio's.

/// What the last layer's numbers mean
typedef enum {
  PINNA_WAVERNN_CLASSES = 0, ///< Logits of labels, drawn as WaveRNN.infer() does
  PINNA_WAVERNN_MIXTURE      ///< n / 3 logistic distributions: their logits, means, ln of scales
} PinnaWavernnForm;

typedef struct PinnaWavernnImpl PinnaWavernn;

typedef struct {
  const PinnaWeights* weights;   ///< TorchAudio's names; may be freed afterwards
  PinnaPrecision      precision; ///< Of the layers that every sample reads
  PinnaIsa            isa;       ///< At most pinna_cpu_isa(), which is the one to use
  PinnaWavernnForm    form;
  uint64_t            seed; ///< Of the numbers that samples are drawn with
  bool has_helper;          ///< Share the work with a worker of the pool: the same bits, sooner
} PinnaWavernnConfig;

/// What the checkpoint says
typedef struct {
  uint32_t n_freq;    ///< Mel bands of a frame
  uint32_t hop;       ///< Samples for each frame
  uint32_t n_classes; ///< Numbers of the last layer
  uint32_t n_ahead;   ///< Frames that must be known behind the one that is spoken: 2
} PinnaWavernnFacts;

/// Read the weights, multiply out, take all memory. Not realtime.
/// @return BAD_FILE (a tensor is missing or of the wrong shape, named in `error`), BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_wavernn_new(PinnaWavernn** self, const PinnaWavernnConfig* config,
                                        PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_wavernn_free(PinnaWavernn* self);

PINNA_API PinnaWavernnFacts pinna_wavernn_facts(const PinnaWavernn* self) PINNA_RT;

/// The next frame. The first n_ahead frames give nothing; n_ahead frames of 0 after the last give
/// the rest, and all together is TorchAudio's infer(). Any one thread; asks nothing of the system
/// but, with a helper, to wake it and in need to wait for it.
/// @param mel      [n_freq] as pinna_wavernn_scale() leaves them
/// @param uniforms Numbers in [0, 1): CLASSES [hop], MIXTURE [hop x 2]; NULL: our own
/// @param out      Receives [hop], -1 to 1: for checkpoints of classes still in mu-law (mulaw.h)
/// @return Samples written: 0 or hop
PINNA_API uint32_t pinna_wavernn_frame(PinnaWavernn* self, const float* mel, const float* uniforms,
                                       float* out) PINNA_RT;

/// The same, but what was spoken is given: TorchAudio's forward().
/// @param wave   [hop] samples that belong to the frame n_ahead before this one
/// @param logits Receives [hop x n_classes]
PINNA_API uint32_t pinna_wavernn_teach(PinnaWavernn* self, const float* mel, const float* wave,
                                       float* logits) PINNA_RT;

/// As before the first frame. Realtime.
PINNA_API void pinna_wavernn_reset(PinnaWavernn* self) PINNA_RT;

/// Mel magnitudes to what TorchAudio's LJSpeech checkpoint was trained on, in place: 20 log10 from
/// -100 to 0 dB as 0 to 1. Realtime.
PINNA_API void pinna_wavernn_scale(float* mel, size_t n) PINNA_RT;

/// As any vocoder, for checkpoints trained as TorchAudio's of LJ Speech: 22,050 Hz, mu-law decoded,
/// frames in ln of magnitude. Its run() walks sample by sample: far from free. Realtime.
PINNA_API PinnaVocoder pinna_wavernn_vocoder(PinnaWavernn* self) PINNA_RT;

/// How a whole utterance is cut so that many samples are spoken at once
typedef struct {
  const PinnaWeights* weights;
  PinnaIsa            isa; ///< At most pinna_cpu_isa(), which is the one to use
  PinnaWavernnForm    form;
  uint64_t            seed;
  uint32_t            n_folds;   ///< Pieces spoken side by side, 1 to 64; 8 to 16 are fastest
  uint32_t            n_overlap; ///< Frames by which pieces overlap and fade over, 2 or more
  /// Called after each frame's samples of all pieces, done of n frames of a piece; or NULL
  void (*progress)(void* data, uint32_t n_done, uint32_t n_frames);
  void* data;
  bool  has_helper; ///< A worker of the pool speaks half of the pieces; not for jobs of the pool
} PinnaWavernnFolds;

/// A whole utterance at a multiple of the speed, at the price of n_folds - 1 fades. Not realtime.
/// With one fold it is what pinna_wavernn_frame() says with the same seed, mu-law decoded.
/// @param mel Frames [n_frames x n_freq] as pinna_wavernn_scale() leaves them
/// @param out Receives [n_frames x hop], linear, -1 to 1
/// @return As pinna_wavernn_new()
PINNA_API PinnaStatus pinna_wavernn_fold(const PinnaWavernnFolds* config, const float* mel,
                                         uint32_t n_frames, float* out, PinnaError* error);

#endif // PINNA_MODELS_WAVERNN_H
