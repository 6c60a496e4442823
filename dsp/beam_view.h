// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_VIEW_H
#define PINNA_DSP_BEAM_VIEW_H

#include "base/attributes.h"
#include "dsp/array.h"
#include "dsp/beam.h"

// What a beamformer does at present, in numbers for a picture: where sound comes from and which
// directions the array answers to

/// Directions, 5 degrees apart, the first at -180
#define PINNA_BEAM_VIEW_DIRECTIONS 72U

/// Bins that stand for the spectrum, evenly spaced in log frequency
#define PINNA_BEAM_VIEW_BINS 12U

/// Nothing but floats, so that it can be published (base/snapshot.h): all, or the first
/// PINNA_BEAM_VIEW_COLUMN as a moment of a history
typedef struct {
  float azimuth;                           ///< Of the last sound that was not steady [degrees]
  float presence;                          ///< Mean mask, 0 to 1
  float power[PINNA_BEAM_VIEW_DIRECTIONS]; ///< From where it comes: 1 from one direction alone
  float blend;                             ///< As in PinnaBeamReport
  float n_mics;
  float elevation; ///< Degrees
  float speed;     ///< Of sound [m/s]
  float at[PINNA_ARRAY_MAX][3];
  float hz[PINNA_BEAM_VIEW_BINS];
  float weight[PINNA_BEAM_VIEW_BINS][PINNA_ARRAY_MAX][2]; ///< Re, im
} PinnaBeamView;

#define PINNA_BEAM_VIEW_COLUMN (2U + PINNA_BEAM_VIEW_DIRECTIONS)
#define PINNA_BEAM_VIEW_SIZE (sizeof(PinnaBeamView) / sizeof(float))

/// Realtime, in the thread that runs the beamformer
PINNA_API void pinna_beam_view(const PinnaBeam* beam, PinnaBeamView* view) PINNA_RT;

/// Mean power over the bins with which a plane wave from `azimuth` [degrees] passes, in dB re the
/// reference microphone alone. Any thread.
PINNA_API float pinna_beam_view_response(const PinnaBeamView* view, double azimuth) PINNA_RT;

#endif // PINNA_DSP_BEAM_VIEW_H
