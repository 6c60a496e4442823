// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_ANALYZE_ANALYZE_DRAW_H
#define PINNA_PLUGINS_ANALYZE_ANALYZE_DRAW_H

#include "plugins/common/paint.h"

// The analyser's picture

/// A scrolling spectrogram, newest at the right, and a loudness bar. Any thread but the audio
/// thread.
void pinna_analyze_draw(Paint* paint, const float* values, double rate, void* block);

#endif // PINNA_PLUGINS_ANALYZE_ANALYZE_DRAW_H
