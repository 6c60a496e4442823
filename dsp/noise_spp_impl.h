// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_SPP_IMPL_H
#define PINNA_DSP_NOISE_SPP_IMPL_H

#include "dsp/denoise_kernel.h"
#include "dsp/noise_spp.h"

#include <stdint.h>

// What the tracker holds: the smoothed probability, so that it never stands still

struct PinnaNoiseSppImpl {
  const PinnaDenoiseKernel* kernel;
  float*                    presence; ///< [n]
  double                    hop_s;
  float                     keep;
  uint32_t                  n_bins;
  uint32_t                  n;
  uint32_t                  n_seen;
};

#endif // PINNA_DSP_NOISE_SPP_IMPL_H
