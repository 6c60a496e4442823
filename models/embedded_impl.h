// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_EMBEDDED_IMPL_H
#define PINNA_MODELS_EMBEDDED_IMPL_H

#include "models/embedded.h"

// The table that tools/embed makes of models/weights/

/// In the order of names
extern const PinnaEmbedded pinna_embedded_all[];
extern const size_t        pinna_embedded_count;

#endif // PINNA_MODELS_EMBEDDED_IMPL_H
