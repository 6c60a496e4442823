// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "nn/weights.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>

// Weights without a file: who links this with --wrap=pinna_weights_read describes models with NULL

static unsigned weight_seed = 3U;

/// What the linker puts in the place of pinna_weights_read() here: without a file, noise that keeps
/// signals at their level, and above 0 for variances
PinnaStatus __wrap_pinna_weights_read(const PinnaWeights* weights, const char* name,
                                      uint32_t n_dims, const uint64_t* shape, float* values,
                                      PinnaError* error);
PinnaStatus __real_pinna_weights_read(const PinnaWeights* weights, const char* name,
                                      uint32_t n_dims, const uint64_t* shape, float* values,
                                      PinnaError* error);

PinnaStatus
__wrap_pinna_weights_read(const PinnaWeights* const weights, const char* const name,
                          const uint32_t n_dims, const uint64_t* const shape, float* const values,
                          PinnaError* const error) {
  uint64_t n_in = 1U;
  if (weights) {
    return __real_pinna_weights_read(weights, name, n_dims, shape, values, error);
  }
  for (uint32_t i = 1U; i < n_dims; ++i) {
    n_in *= shape[i];
  }
  for (uint64_t i = 0U; i < n_in * shape[0]; ++i) {
    const float noise = tap_noise(&weight_seed);
    values[i] = n_dims < 2U ? 0.5F + 0.4F * noise : 1.7F * noise / sqrtf((float)n_in);
  }
  return PINNA_STATUS_OK;
}
