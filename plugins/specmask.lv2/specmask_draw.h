// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_SPECMASK_SPECMASK_DRAW_H
#define PINNA_PLUGINS_SPECMASK_SPECMASK_DRAW_H

#include "dsp/specmask.h"
#include "plugins/common/paint.h"

// The spectral masker's picture

/// Spectrum over frequency with masks and gate curves; below it, time masks of the first seconds
/// that this seed gives. Any thread but the audio thread.
void specmask_draw(Paint* paint, const float* values, double rate, const PinnaSpecmask* mask);

#endif // PINNA_PLUGINS_SPECMASK_SPECMASK_DRAW_H
