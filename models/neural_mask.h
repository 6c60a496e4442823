// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NEURAL_MASK_H
#define PINNA_MODELS_NEURAL_MASK_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/engine.h"

#include <stdbool.h>
#include <stdint.h>

// A learned mask for the denoiser: any host rate in, gains of the bins of a network at 16 kHz out
//
// Channels are averaged and resampled, framed and run through a network every 16 ms by nn/engine.h;
// what comes out is read by the time it belongs to. Above 8 kHz the network knows nothing: the last
// band is the mean gain of 4 to 7.5 kHz, for the denoiser to hold upwards.

typedef struct PinnaNeuralMaskImpl PinnaNeuralMask;

#define PINNA_NEURAL_MASK_BANDS 257U ///< Centres at k * 31.25 Hz

typedef struct {
  double      rate;       ///< Of the host [Hz], 8000 to 384000
  uint32_t    n_channels; ///< 1 or more
  double      block_s;    ///< Shortest block, and the longest [s]; 0: 64 and 256 frames of 48 kHz
  double      longest_block_s;
  const char* path;       ///< Weights: a GTCRN checkpoint
  PinnaNnEngineMode mode; ///< AUTO: by measured cost
} PinnaNeuralMaskConfig;

/// Centres of the bands [PINNA_NEURAL_MASK_BANDS], in Hz
PINNA_API const float* pinna_neural_mask_hz(void);

/// Samples at the host's rate from a sample to its mask, when the network runs inline; the same for
/// all networks. Run live by a worker the masks lag behind by the longest block and 8 ms,
/// and never the sound; offline they come at once, whoever runs the network.
PINNA_API uint32_t pinna_neural_mask_latency(double rate);

/// Read weights, plan, measure. Not realtime.
/// @return BAD_ARG, UNSUPPORTED, or what reading the weights said, in `error`
PINNA_API PinnaStatus pinna_neural_mask_open(PinnaNeuralMask**            mask,
                                             const PinnaNeuralMaskConfig* config,
                                             PinnaError*                  error);

/// NULL is allowed. Not realtime: waits for a frame that runs.
PINNA_API void pinna_neural_mask_close(PinnaNeuralMask* mask);

/// "GTCRN", "DTLN" or "Pinna". Any thread.
PINNA_API const char* pinna_neural_mask_name(const PinnaNeuralMask* mask);

/// Weight that it deserves against OM-LSA where all of it is wanted, 0 to 1: what was best on a
/// tuning set. Any thread.
PINNA_API float pinna_neural_mask_share(const PinnaNeuralMask* mask) PINNA_RT;

/// Forget all audio; samples are counted from 0. Realtime.
PINNA_API void pinna_neural_mask_reset(PinnaNeuralMask* mask) PINNA_RT;

/// As pinna_nn_engine_set_offline()
PINNA_API void pinna_neural_mask_set_offline(PinnaNeuralMask* mask, bool offline) PINNA_RT;

/// The next samples. Realtime.
/// @param in Channels [n_channels][n_frames]
PINNA_API void pinna_neural_mask_push(PinnaNeuralMask* mask, const float* const* in,
                                      uint32_t n_frames) PINNA_RT;

/// ln of the gains for the sound around a sample, 50 ms old at most. Realtime.
/// @param log_gain Receives [PINNA_NEURAL_MASK_BANDS], each at most 0
/// @return false: there is none
PINNA_API bool pinna_neural_mask_read(const PinnaNeuralMask* mask, uint64_t sample,
                                      float* log_gain) PINNA_RT;

PINNA_API PinnaNnEngineHealth pinna_neural_mask_health(const PinnaNeuralMask* mask) PINNA_RT;

/// As pinna_nn_engine_rest(). Not realtime.
PINNA_API void pinna_neural_mask_rest(PinnaNeuralMask* mask, bool rests);

#endif // PINNA_MODELS_NEURAL_MASK_H
