// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_SILERO_IMPL_H
#define PINNA_MODELS_SILERO_IMPL_H

#include "models/silero.h"
#include "nn/cpu/runner.h"

// A runner and where its samples go

struct PinnaSileroImpl {
  PinnaRunner* runner;
  float*       x;
  const float* p;
};

#endif // PINNA_MODELS_SILERO_IMPL_H
