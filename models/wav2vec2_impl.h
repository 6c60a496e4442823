// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_WAV2VEC2_IMPL_H
#define PINNA_MODELS_WAV2VEC2_IMPL_H

#include "models/wav2vec2.h"
#include "nn/cpu/runner.h"

#include <stdint.h>

// A runner and where its samples and results are

struct PinnaWav2vec2Impl {
  PinnaRunner* runner;
  uint32_t     n_samples;
  float*       x;
  const float* features;
  const float* logits;
};

#endif // PINNA_MODELS_WAV2VEC2_IMPL_H
