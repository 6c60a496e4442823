// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FFT_IMPL_H
#define PINNA_DSP_FFT_IMPL_H

#include "dsp/fft.h"
#include "dsp/fft_kernel.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

#include <fftw3.h>

// What a plan holds. Even real lengths run as n / 2 complex numbers and one pass of our own, which
// up to 4096 takes about 0.6 of the time of FFTW's real transforms; odd ones are FFTW's.

struct PinnaFftImpl {
  struct PinnaFftImpl* next; ///< In the cache
  fftwf_plan           forward;
  fftwf_plan           inverse;
  PinnaFftKind         kind;
  uint32_t             n;
  bool                 realtime;
  PinnaFftPairsFunc    pairs;        ///< NULL if FFTW does the whole transform
  float complex*       twiddle;      ///< [n / 4 + 1], forward: -j / 2 exp(-2 pi j k / n)
  float complex*       twiddle_back; ///< [n / 4 + 1], inverse: j exp(2 pi j k / n)
};

#endif // PINNA_DSP_FFT_IMPL_H
