// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_CONV_TASNET_IMPL_H
#define PINNA_MODELS_CONV_TASNET_IMPL_H

#include "models/conv_tasnet.h"
#include "nn/cpu/runner.h"

#include <stdint.h>

// A runner and where its samples and sources are

struct PinnaConvTasnetImpl {
  PinnaRunner* runner;
  uint32_t     n_samples;
  uint32_t     n_sources;
  float*       x;
  const float* sources[PINNA_CONV_TASNET_MOST_SOURCES];
};

#endif // PINNA_MODELS_CONV_TASNET_IMPL_H
