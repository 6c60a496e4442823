// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REGISTRY_IMPL_H
#define PINNA_MODELS_REGISTRY_IMPL_H

#include "models/registry.h"

// The table of published checkpoints

extern const PinnaRegistryEntry pinna_registry_entries[];
extern const size_t             pinna_registry_count;

extern const PinnaRegistryCompanion pinna_registry_companions[];
extern const size_t                 pinna_registry_n_companions;

#endif // PINNA_MODELS_REGISTRY_IMPL_H
