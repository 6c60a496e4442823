// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_MODELS_NEURAL_DENOISER_H
#define PINNA_TESTS_MODELS_NEURAL_DENOISER_H

#include "base/arena.h"
#include "base/status.h"
#include "dsp/denoise.h"
#include "dsp/mask_provider.h"
#include "models/neural_mask.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A denoiser of one channel with a network's mask, as the plugin puts them together

typedef struct {
  PinnaMaskProvider mask; ///< The denoiser reads it as long as it lives: this must not move
  PinnaDenoise*     denoise;
  void*             memory;
} NeuralDenoiser;

static inline void
neural_denoiser_push(void* const mask, const float* const* const in, const uint32_t n_frames) {
  pinna_neural_mask_push((PinnaNeuralMask*)mask, in, n_frames);
}

static inline float
neural_denoiser_read(void* const mask, const uint64_t sample, float* const log_gain) {
  const PinnaNeuralMask* const net = (const PinnaNeuralMask*)mask;
  return pinna_neural_mask_read(net, sample, log_gain) ? pinna_neural_mask_share(net) : 0.0f;
}

static inline void
neural_denoiser_reset(void* const mask) {
  pinna_neural_mask_reset((PinnaNeuralMask*)mask);
}

static inline PinnaStatus
neural_denoiser_build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_denoise_init((PinnaDenoise**)object, arena, (const PinnaDenoiseConfig*)config);
}

/// At these settings; `net` may be NULL. Free `memory` with pinna_arena_free()
static inline void
neural_denoiser_make(NeuralDenoiser* const self, PinnaNeuralMask* const net, const double rate,
                     const bool is_low_latency, const PinnaDenoiseParams* const params) {
  void* object = NULL;
  self->mask = (PinnaMaskProvider){.handle = net,
                                   .n_bands = PINNA_NEURAL_MASK_BANDS,
                                   .band_hz = pinna_neural_mask_hz(),
                                   .n_latency = pinna_neural_mask_latency(rate),
                                   .push = neural_denoiser_push,
                                   .read = neural_denoiser_read,
                                   .reset = neural_denoiser_reset};
  const PinnaDenoiseConfig config = {.rate = rate,
                                     .n_channels = 1U,
                                     .low_latency = is_low_latency,
                                     .mask = net ? &self->mask : NULL};
  pinna_arena_build(&self->memory, &object, neural_denoiser_build, &config);
  self->denoise = (PinnaDenoise*)object;
  pinna_denoise_set(self->denoise, params);
  pinna_denoise_snap(self->denoise);
}

/// A whole sound through one of its own, without the latency
static inline void
neural_denoiser_run(PinnaNeuralMask* const net, const double rate, const bool is_low_latency,
                    const PinnaDenoiseParams* const params, const float* const in, float* const out,
                    const uint32_t n) {
  NeuralDenoiser self;
  neural_denoiser_make(&self, net, rate, is_low_latency, params);
  const uint32_t latency = pinna_denoise_latency(self.denoise);
  float* const   padded = (float*)calloc(n + latency, sizeof(float));
  memcpy(padded, in, n * sizeof(float));
  pinna_denoise_run(self.denoise, (const float*[]){padded}, (float*[]){padded}, n + latency);
  memcpy(out, padded + latency, n * sizeof(float));
  free(padded);
  pinna_arena_free(self.memory);
}

#endif // PINNA_TESTS_MODELS_NEURAL_DENOISER_H
