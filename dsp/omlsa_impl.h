// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_OMLSA_IMPL_H
#define PINNA_DSP_OMLSA_IMPL_H

#include "dsp/denoise_kernel.h"
#include "dsp/omlsa.h"

#include <stdint.h>

// What the gain remembers: speech of the frame before, and SNR smoothed over time

struct PinnaOmlsaImpl {
  const PinnaDenoiseKernel* kernel;
  PinnaOmlsaRows            rows;
  double*                   sum; ///< Running sum of zeta [n_bins + 1]
  double                    hop_s;
  uint32_t                  n_bins;
  uint32_t                  n;
  uint32_t                  low; ///< Speech band: bins low to high - 1
  uint32_t                  high;
  float                     fall;  ///< Of the frame's presence, per frame
  uint32_t                  reach; ///< Bins to each side of the wide mean
};

#endif // PINNA_DSP_OMLSA_IMPL_H
