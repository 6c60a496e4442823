// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_DENOISE_DRAW_H
#define PINNA_PLUGINS_DENOISE_DENOISE_DRAW_H

#include "plugins/common/paint.h"

// The inline display: spectrum, noise and gain

/// A PinnaPlugin.draw: `block` is a DenoiseBlock
void denoise_draw(Paint* paint, const float* values, double rate, void* block);

#endif // PINNA_PLUGINS_DENOISE_DENOISE_DRAW_H
