// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CEPSTRUM_IMPL_H
#define PINNA_DSP_CEPSTRUM_IMPL_H

#include "dsp/cepstrum.h"
#include "dsp/mel.h"

#include <stdint.h>

// What a cepstrum holds

struct PinnaCepstrumImpl {
  PinnaMel* mel;
  uint32_t  n_coeffs;
  float     least;   ///< Of a band
  float     offset;  ///< Added to it
  float     unit;    ///< Of its natural logarithm
  float     top_db;  ///< Below 0 = all
  float*    dct;     ///< [n_mels][n_coeffs]
  float*    columns; ///< [n_coeffs][lanes]
  float*    bands;   ///< [n_mels] of a live frame, rounded up to a multiple of lanes
};

#endif // PINNA_DSP_CEPSTRUM_IMPL_H
