// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_MASK_H
#define PINNA_MODELS_MASK_H

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

// Our own mask for noisy speech, 16 kHz: a gain for each bin, built into the library
//
// Frames of 512 every 256 under the root of a Hann window, as GTCRN's. The levels of 95 bands, over
// their noise floors, their means and the whole, go through two recurrent layers that answer how
// each bin's own level over its surroundings and its own noise floor counts. Only differences of
// logarithms enter, so that neither level nor a fixed equaliser changes the mask. No future frame
// is looked at. Trained by tools/train/denoise_mask.py; models/weights/denoise_mask.md says on what
// and how well. The weights: pinna_embedded_open(.., "denoise_mask", ..).

#define PINNA_MASK_RATE 16000U
#define PINNA_MASK_N_FFT 512U
#define PINNA_MASK_HOP 256U
#define PINNA_MASK_N_BINS 257U
#define PINNA_MASK_N_BANDS 95U

typedef struct PinnaMaskImpl PinnaMask;

/// The network of one frame as a plan, not yet finished: input "features" [1 x 1 x 3 bands], output
/// "answer" [1 x 1 x 4 bands]. Not realtime.
/// @param weights Tensors enter, gru1, gru2, leave, as the recipe writes them
PINNA_API void pinna_mask_describe(PinnaPlan* plan, const PinnaWeights* weights);

/// Memory for one stream. Not realtime.
/// @param config A finished plan of pinna_mask_describe(); it may be freed afterwards
PINNA_API PinnaStatus pinna_mask_init(PinnaMask** self, PinnaArena* arena,
                                      const PinnaRunnerConfig* config);

/// Run the network by a session of the same plan from now on, which the caller keeps open as long.
/// Where the session is not realtime, neither is what runs the network. Not realtime.
/// @return false: the session is of another plan
PINNA_API bool pinna_mask_use(PinnaMask* self, PinnaSession* session);

/// The mask of the next frame. Realtime.
/// @param bins Spectrum [PINNA_MASK_N_BINS] of 512 windowed samples, full scale 1, not scaled
/// @param log_gain Receives ln of each bin's gain [PINNA_MASK_N_BINS], at most 0
PINNA_API void pinna_mask_frame(PinnaMask* self, const float complex* bins,
                                float* log_gain) PINNA_RT;

/// Enhance a stream: any n_frames; `in` may equal `out`; the bits do not depend on how it is cut.
/// Samples that are no number count as 0. Realtime.
/// @param out Delayed by pinna_mask_latency()
PINNA_API void pinna_mask_run(PinnaMask* self, const float* in, float* out,
                              uint32_t n_frames) PINNA_RT;

/// Samples by which `out` of pinna_mask_run() is behind `in`: constant. Realtime.
PINNA_API uint32_t pinna_mask_latency(const PinnaMask* self) PINNA_RT;

/// As before the first sample. Realtime.
PINNA_API void pinna_mask_reset(PinnaMask* self) PINNA_RT;

#endif // PINNA_MODELS_MASK_H
