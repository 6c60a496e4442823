// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_BEAM_BLOCK_H
#define PINNA_PLUGINS_COMMON_BEAM_BLOCK_H

#include "base/snapshot.h"
#include "dsp/array.h"
#include "dsp/beam.h"
#include "dsp/beam_view.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What an instance of a beamforming plugin holds: the beamformer, its geometry file, and what the
// picture shows

/// Moments of the picture's history, this many a second
#define BEAM_BLOCK_MOMENTS 128U
#define BEAM_BLOCK_RATE 25.0

typedef struct {
  PinnaBeam*       beam;
  PinnaArray*      file;                     ///< Places that were loaded, or NULL
  bool             moved;                    ///< They are new
  uint32_t         every;                    ///< Samples between moments
  uint32_t         n_waited;                 ///< Since the last one
  PinnaSnapshot    now;                      ///< A PinnaBeamView
  PinnaSnapshot    past[BEAM_BLOCK_MOMENTS]; ///< First part of it
  _Atomic uint32_t n_moments;                ///< Since init
} BeamBlock;

#endif // PINNA_PLUGINS_COMMON_BEAM_BLOCK_H
