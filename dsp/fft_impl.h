// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FFT_IMPL_H
#define PINNA_DSP_FFT_IMPL_H

#include "dsp/fft.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

#include <fftw3.h>

// What a plan holds

struct PinnaFftImpl {
  struct PinnaFftImpl* next; ///< In the cache
  fftwf_plan           forward;
  fftwf_plan           inverse;
  PinnaFftKind         kind;
  uint32_t             n;
  bool                 realtime;
};

#endif // PINNA_DSP_FFT_IMPL_H
