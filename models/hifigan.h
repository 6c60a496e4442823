// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_HIFIGAN_H
#define PINNA_MODELS_HIFIGAN_H

#include "base/attributes.h"
#include "base/status.h"
#include "models/vocoder.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <stdint.h>

// HiFi-GAN generators V1, V2 and V3: TorchAudio 2.x prototype.models.hifigan_vocoder, as a stream
//
// Kong, Kim & Bae, "HiFi-GAN: Generative adversarial networks for efficient and high fidelity
// speech synthesis", NeurIPS 2020. Each layer keeps the rows that its kernel still needs, and
// treats rows before the stream's begin and behind its end as the padding of a whole file is
// treated, so that the samples are those of the whole file, bit for bit, however it is cut.

#define PINNA_HIFIGAN_MAX 8U

/// The arguments of torchaudio's hifigan_vocoder()
typedef struct {
  uint32_t in_channels;
  uint32_t n_upsamples;
  uint32_t upsample_rates[PINNA_HIFIGAN_MAX];
  uint32_t upsample_kernel_sizes[PINNA_HIFIGAN_MAX]; ///< Each is above its rate, by an even number
  uint32_t upsample_initial_channel;
  uint32_t n_resblocks;                              ///< Side by side
  uint32_t resblock_kernel_sizes[PINNA_HIFIGAN_MAX]; ///< Odd
  uint32_t n_dilations;
  uint32_t resblock_dilation_sizes[PINNA_HIFIGAN_MAX][PINNA_HIFIGAN_MAX];
  uint32_t resblock_type; ///< 1 or 2
  float    lrelu_slope;
} PinnaHifiganNet;

/// hifigan_vocoder_v1(), v2() and v3(): version 1, 2 or 3
PINNA_API PinnaHifiganNet pinna_hifigan_version(uint32_t version);

/// Bring the names of the authors' own checkpoints ("generator", weight_g and weight_v) to those of
/// TorchAudio, which has them already, and tell which version it is.
/// @return BAD_FILE (none of the three)
PINNA_API PinnaStatus pinna_hifigan_prepare(PinnaWeights* weights, PinnaHifiganNet* net,
                                            PinnaError* error);

/// The network as a plan, not yet finished: inputs "mel" [n_frames x 1 x in_channels] and "span"
/// [1 x 1 x 2] (pinna_plan_history_within()), output "samples" [n_frames * hop x 1 x 1].
/// @param weights As pinna_hifigan_prepare() leaves them
/// @return Samples by which the output is behind the frames
PINNA_API uint32_t pinna_hifigan_describe(PinnaPlan* plan, const PinnaWeights* weights,
                                          const PinnaHifiganNet* net, uint32_t n_frames);

typedef struct PinnaHifiganImpl PinnaHifigan;

typedef struct {
  PinnaWeights* weights;  ///< Prepared by open; may be freed afterwards
  const char*   device;   ///< As in PinnaSessionConfig
  uint32_t      n_frames; ///< Frames of a chunk: more are faster and later (n_frames - 1 hops)
  PinnaVocoderFeatures features; ///< hop_length 0: those of LJ Speech, 22,050 Hz
} PinnaHifiganConfig;

/// Not realtime. @return BAD_ARG, BAD_FILE, NO_MEM, and those of pinna_session_open()
PINNA_API PinnaStatus pinna_hifigan_open(PinnaHifigan** self, const PinnaHifiganConfig* config,
                                         PinnaError* error);

/// NULL is allowed. Not realtime.
PINNA_API void pinna_hifigan_close(PinnaHifigan* self);

/// It as a vocoder: silence comes out until the first frame has passed. Its functions are realtime
/// where pinna_session_is_realtime() is.
PINNA_API PinnaVocoder pinna_hifigan_vocoder(PinnaHifigan* self);

/// Samples from a frame's place in a file (frame i begins at sample i hop) to its place in `out`:
/// what to drop for a result as long as the file. Smaller than the vocoder's latency, which counts
/// from the sound that frames are made of.
PINNA_API uint32_t pinna_hifigan_delay(const PinnaHifigan* self);

/// The frames so far are all: what comes after, until the reset, only fetches the rest. Realtime.
PINNA_API void pinna_hifigan_end(PinnaHifigan* self) PINNA_RT;

/// The network's session, for its counters and its backend's name
PINNA_API const PinnaSession* pinna_hifigan_session(const PinnaHifigan* self);

#endif // PINNA_MODELS_HIFIGAN_H
