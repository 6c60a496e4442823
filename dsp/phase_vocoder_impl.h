// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASE_VOCODER_IMPL_H
#define PINNA_DSP_PHASE_VOCODER_IMPL_H

#include "dsp/lanes_kernel.h"
#include "dsp/phase_vocoder.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// What a phase vocoder holds

struct PinnaPhaseVocoderImpl {
  PinnaPhaseVocoderConfig config;
  const PinnaLanesKernel* kernel;
  bool                    running; ///< There are phases to go on from
  float*                  phasors; ///< [n_bins up to a multiple of lanes][2]
  float complex*          silence; ///< [n_bins] what follows the last frame
};

#endif // PINNA_DSP_PHASE_VOCODER_IMPL_H
