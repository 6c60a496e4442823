// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_INVERSE_MEL_IMPL_H
#define PINNA_DSP_INVERSE_MEL_IMPL_H

#include "dsp/inverse_mel.h"

#include <stdint.h>

// What an inverse mel scale holds

struct PinnaInverseMelImpl {
  uint32_t n_freqs;
  uint32_t n_filters;
  float*   matrix; ///< [n_filters][n_freqs] pseudo-inverse
};

#endif // PINNA_DSP_INVERSE_MEL_IMPL_H
