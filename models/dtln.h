// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_DTLN_H
#define PINNA_MODELS_DTLN_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// DTLN: speech enhancement by two masks, 16 kHz, from its published weights
//
// Westhausen and Meyer, "Dual-Signal Transformation LSTM Network for Real-Time Noise Suppression",
// Interspeech 2020, the model with normalised log magnitudes (DTLN_norm): frames of 512 every 128
// without a window; two LSTM layers mask the magnitudes, two more mask 256 learned features of the
// frame that results; learned frames overlap and add. No future frame is looked at.

#define PINNA_DTLN_RATE 16000U
#define PINNA_DTLN_N_FFT 512U
#define PINNA_DTLN_HOP 128U
#define PINNA_DTLN_N_BINS 257U

typedef struct PinnaDtlnImpl PinnaDtln;

/// The network of one frame as two plans, not yet finished: `spectrum` has input "features" and
/// output "mask" [1 x 1 x 257], `sound` input "frame" and output "decoded" [1 x 1 x 512]. Not
/// realtime.
/// @param weights Tensors of dtln_norm_500h.safetensors: Keras's names and layouts
PINNA_API void pinna_dtln_describe(PinnaPlan* spectrum, PinnaPlan* sound,
                                   const PinnaWeights* weights);

typedef struct {
  const PinnaPlan* spectrum; ///< Finished, both of pinna_dtln_describe(); they may be freed
  const PinnaPlan* sound;    ///< after pinna_dtln_init()
  PinnaIsa         isa;      ///< At most pinna_cpu_isa(), which is the one to use
} PinnaDtlnConfig;

/// Memory for one stream. Not realtime.
PINNA_API PinnaStatus pinna_dtln_init(PinnaDtln** self, PinnaArena* arena,
                                      const PinnaDtlnConfig* config);

/// Run the networks by sessions of the same plans from now on, which the caller keeps open as long.
/// Where a session is not realtime, neither is what runs the networks. Not realtime.
/// @return false: a session is of another plan
PINNA_API bool pinna_dtln_use(PinnaDtln* self, PinnaSession* spectrum, PinnaSession* sound);

/// The next hop. Realtime.
/// @param in Samples [PINNA_DTLN_HOP]; what is no number counts as 0
/// @param out Samples [PINNA_DTLN_HOP], three hops behind `in`; may equal `in`
PINNA_API void pinna_dtln_frame(PinnaDtln* self, const float* in, float* out) PINNA_RT;

/// The first of the two masks, of the last frame [PINNA_DTLN_N_BINS], 0 to 1. Realtime.
PINNA_API const float* pinna_dtln_mask(const PinnaDtln* self) PINNA_RT;

/// Enhance a stream: any n_frames; `in` may equal `out`; the bits do not depend on how it is cut.
/// Realtime.
/// @param out Delayed by pinna_dtln_latency()
PINNA_API void pinna_dtln_run(PinnaDtln* self, const float* in, float* out,
                              uint32_t n_frames) PINNA_RT;

/// Samples by which `out` of pinna_dtln_run() is behind `in`: constant. Realtime.
PINNA_API uint32_t pinna_dtln_latency(const PinnaDtln* self) PINNA_RT;

/// As before the first sample. Realtime.
PINNA_API void pinna_dtln_reset(PinnaDtln* self) PINNA_RT;

#endif // PINNA_MODELS_DTLN_H
