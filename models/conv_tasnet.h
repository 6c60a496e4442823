// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CONV_TASNET_H
#define PINNA_MODELS_CONV_TASNET_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// Conv-TasNet: one channel to the sources in it, a whole file at once or chunk by chunk
//
// torchaudio.models.ConvTasNet of 0.13.1 (Luo and Mesgarani 2019): a learned filter bank, masks
// from a temporal convolutional network, the bank's counterpart. All sizes are the file's but the
// number of blocks in a stack, which sets their dilations.
//
// TorchAudio has the paper's non-causal network only: each norm runs over the whole file and each
// block sees both sides. That is what a file gets here, exactly. The causal form is the paper's, of
// the same tensors by the same names, for weights that were trained so: the norms are cumulative
// (pinna_plan_norm_cumulative()), and each block sees (taps - 1) dilation earlier rows instead of
// half of them on both sides. It takes chunks without end, and its output is pinna_conv_tasnet_
// latency() samples behind its input.

#define PINNA_CONV_TASNET_MOST_SOURCES 8U

typedef struct {
  uint32_t n_samples; ///< Of one run. Causal: a multiple of half the encoder's kernel
  bool     is_causal;
  uint32_t n_layers; ///< Blocks in a stack: msk_num_layers; 0: 8, as conv_tasnet_base has
  PinnaAct mask;     ///< PINNA_ACT_SIGMOID, or PINNA_ACT_RELU (0, too) as conv_tasnet_base has
} PinnaConvTasnetConfig;

/// The network as a plan, not yet finished: input "x" [n_samples x 1 x 1], outputs "source0" and so
/// on of the same shape. Not realtime.
PINNA_API void pinna_conv_tasnet_describe(PinnaPlan* plan, const PinnaWeights* weights,
                                          const PinnaConvTasnetConfig* config);

/// Samples that the causal form's output is behind: half the encoder's kernel
PINNA_API uint32_t pinna_conv_tasnet_latency(const PinnaWeights* weights);

typedef struct PinnaConvTasnetImpl PinnaConvTasnet;

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_conv_tasnet_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_conv_tasnet_init(PinnaConvTasnet** self, PinnaArena* arena,
                                             const PinnaRunnerConfig* config);

PINNA_API uint32_t pinna_conv_tasnet_n_sources(const PinnaConvTasnet* self) PINNA_RT;

/// Samples [n_samples] to sources, each [n_samples]; those that are no number count as 0. Realtime.
PINNA_API void pinna_conv_tasnet_run(PinnaConvTasnet* self, const float* samples,
                                     float* const* sources) PINNA_RT;

/// As before the first chunk. Realtime.
PINNA_API void pinna_conv_tasnet_reset(PinnaConvTasnet* self) PINNA_RT;

#endif // PINNA_MODELS_CONV_TASNET_H
