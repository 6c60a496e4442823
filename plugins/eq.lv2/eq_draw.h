// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_EQ_EQ_DRAW_H
#define PINNA_PLUGINS_EQ_EQ_DRAW_H

#include "plugins/common/paint.h"

// The equaliser's picture

/// The curve over grid lines, a dot for each band. Any thread but the audio thread.
void pinna_eq_draw(Paint* paint, const float* values, double rate, void* block);

#endif // PINNA_PLUGINS_EQ_EQ_DRAW_H
