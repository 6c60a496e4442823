// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VARIRATE_IMPL_H
#define PINNA_DSP_VARIRATE_IMPL_H

#include "dsp/varirate.h"

#include <samplerate.h>

// What the set-up of a varying resampler leaves to its realtime side

/// Frames interleaved at a time on the way in; twice as many on the way out
#define PINNA_VARIRATE_CHUNK 256U
#define PINNA_VARIRATE_MAX 256.0

struct PinnaVarirateImpl {
  SRC_STATE* state;
  float*     in;  ///< Interleaved [chunk][n_ch]
  float*     out; ///< Interleaved [2 chunk][n_ch]
  uint32_t   n_ch;
  uint32_t   latency;   ///< Input frames
  uint32_t   n_silence; ///< Of the latency, still to be fed
  double     ratio;     ///< Now
  double     ratio_init;
  double     ratio_min;
};

#endif // PINNA_DSP_VARIRATE_IMPL_H
