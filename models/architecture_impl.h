// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_ARCHITECTURE_IMPL_H
#define PINNA_MODELS_ARCHITECTURE_IMPL_H

#include "models/architecture.h"
#include "nn/plan.h"

// One network's telltale and how its tensors are checked

typedef struct {
  PinnaArchitecture about;
  const char*       telltale; ///< A tensor that only this network has, after renaming

  /// Lines "NAME SHAPE", or "NAME SHAPE SHAPE" for NAME.weight and NAME.bias: # in NAME stands for
  /// 0, 1, ... as far as there are tensors, at least 0; in SHAPE a number is itself, a letter the
  /// same number wherever it is, ? any. NULL: `describe` checks
  const char* tensors;

  /// Emit the network's plan or plans [n_plans] from the weights
  void (*describe)(PinnaPlan* const* plans, const PinnaWeights* weights);
  unsigned n_plans; ///< 1 or 2
} Architecture;

extern const Architecture pinna_architectures[];
extern const size_t       pinna_architecture_count;

#endif // PINNA_MODELS_ARCHITECTURE_IMPL_H
