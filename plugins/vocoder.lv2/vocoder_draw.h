// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_VOCODER_VOCODER_DRAW_H
#define PINNA_PLUGINS_VOCODER_VOCODER_DRAW_H

#include "plugins/common/paint.h"

// Inline display of the vocoder: what was said above what is spoken, and beside them what is
// changed

/// A PinnaPlugin.draw
void vocoder_draw(Paint* paint, const float* values, double rate, void* block);

#endif // PINNA_PLUGINS_VOCODER_VOCODER_DRAW_H
