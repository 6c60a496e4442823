// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_SILERO_IMPL_H
#define PINNA_MODELS_SILERO_IMPL_H

#include "models/net_run.h"
#include "models/silero.h"

// A network and where its samples go

struct PinnaSileroImpl {
  PinnaNetRun  net;
  float*       x;
  const float* p;
};

#endif // PINNA_MODELS_SILERO_IMPL_H
