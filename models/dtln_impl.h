// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_DTLN_IMPL_H
#define PINNA_MODELS_DTLN_IMPL_H

#include "dsp/fft.h"
#include "models/dtln.h"
#include "models/net_run.h"

#include <complex.h>

// Two networks, where their numbers go, and the frames around them

struct PinnaDtlnImpl {
  PinnaNetRun     spectrum;
  PinnaNetRun     sound;
  float*          features; ///< [PINNA_DTLN_N_BINS]
  const float*    mask;     ///< [PINNA_DTLN_N_BINS]
  float*          masked;   ///< [PINNA_DTLN_N_FFT]
  const float*    decoded;  ///< [PINNA_DTLN_N_FFT]
  const PinnaFft* fft;
  float*          past;  ///< The newest samples [PINNA_DTLN_N_FFT]
  float*          frame; ///< For the transform [PINNA_DTLN_N_FFT]
  float complex*  bins;  ///< [PINNA_DTLN_N_BINS]
  float*          sum;   ///< What overlaps so far [PINNA_DTLN_N_FFT]
  float*          hop;   ///< In, then out [PINNA_DTLN_HOP]
  uint32_t        n_hop; ///< Samples of `hop` that were exchanged
};

#endif // PINNA_MODELS_DTLN_IMPL_H
