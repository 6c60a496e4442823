// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_BEAM_DRAW_H
#define PINNA_PLUGINS_COMMON_BEAM_DRAW_H

#include "dsp/beam.h"
#include "plugins/common/beam_block.h"
#include "plugins/common/paint.h"

#include <stdbool.h>

// A beamformer's picture: at the left the array, its pattern and where sound comes from; at the
// right the directions and the presence of the last five seconds

typedef struct {
  const PinnaBeamParams* params;    ///< As the controls say
  bool                   from_file; ///< The places are the geometry file's, not the controls'
  bool                   is_on;
} BeamDrawing;

/// Any thread but the audio thread
void pinna_beam_draw(Paint* paint, const BeamDrawing* drawing, BeamBlock* block);

#endif // PINNA_PLUGINS_COMMON_BEAM_DRAW_H
