// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_GTCRN_H
#define PINNA_MODELS_GTCRN_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// GTCRN: speech enhancement by a complex mask, 16 kHz, from its published checkpoints
//
// Rong et al., "GTCRN: A speech enhancement model requiring ultralow computational resources",
// ICASSP 2024: frames of 512 every 256 under the root of a Hann window, 48 thousand weights. The
// network looks at no future frame, so that a stream and a whole file give the same.

#define PINNA_GTCRN_RATE 16000U
#define PINNA_GTCRN_N_FFT 512U
#define PINNA_GTCRN_HOP 256U
#define PINNA_GTCRN_N_BINS 257U

typedef struct PinnaGtcrnImpl PinnaGtcrn;

/// The network of one frame as a plan, not yet finished: input "features" [3 x 1 x 257] (magnitude,
/// re, im), output "mask" [2 x 1 x 257] (re, im). Not realtime.
/// @param weights The tensors of a published checkpoint, or ones of their names and shapes
PINNA_API void pinna_gtcrn_describe(PinnaPlan* plan, const PinnaWeights* weights);

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_gtcrn_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_gtcrn_init(PinnaGtcrn** self, PinnaArena* arena,
                                       const PinnaRunnerConfig* config);

/// Run the network by a session of the same plan from now on, which the caller keeps open as long.
/// Where the session is not realtime, neither is what runs the network. Not realtime.
/// @return false: the session is of another plan
PINNA_API bool pinna_gtcrn_use(PinnaGtcrn* self, PinnaSession* session);

/// The complex mask [2][PINNA_GTCRN_N_BINS] (real parts, imaginary parts) for the next spectrum
/// [PINNA_GTCRN_N_BINS]; it stays until the next call. Realtime.
PINNA_API const float* pinna_gtcrn_mask(PinnaGtcrn* self, const float complex* bins) PINNA_RT;

/// Mask one spectrum [PINNA_GTCRN_N_BINS] in place. Realtime.
PINNA_API void pinna_gtcrn_frame(PinnaGtcrn* self, float complex* bins) PINNA_RT;

/// Enhance a stream: any n_frames; `in` may equal `out`; the bits do not depend on how it is cut.
/// Samples that are no number count as 0. Realtime.
/// @param out Delayed by pinna_gtcrn_latency()
PINNA_API void pinna_gtcrn_run(PinnaGtcrn* self, const float* in, float* out,
                               uint32_t n_frames) PINNA_RT;

/// Samples by which `out` of pinna_gtcrn_run() is behind `in`: constant. Realtime.
PINNA_API uint32_t pinna_gtcrn_latency(const PinnaGtcrn* self) PINNA_RT;

/// As before the first sample. Realtime.
PINNA_API void pinna_gtcrn_reset(PinnaGtcrn* self) PINNA_RT;

#endif // PINNA_MODELS_GTCRN_H
