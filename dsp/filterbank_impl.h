// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FILTERBANK_IMPL_H
#define PINNA_DSP_FILTERBANK_IMPL_H

#include "dsp/filterbank.h"
#include "dsp/lanes_kernel.h"

#include <stdint.h>

// What a bank holds

struct PinnaFilterbankImpl {
  uint32_t   n_freqs;
  uint32_t   n_filters;
  uint32_t   n_empty;
  PinnaBand* bands;   ///< [n_filters]
  float*     weights; ///< All bands' weights, one after another
};

#endif // PINNA_DSP_FILTERBANK_IMPL_H
