// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_STFT_IMPL_H
#define PINNA_DSP_STFT_IMPL_H

#include "dsp/fft.h"
#include "dsp/stft.h"
#include "dsp/stft_kernel.h"

#include <complex.h>
#include <stdint.h>

// What a streaming transform holds: per channel the last window of input and the output under way

struct PinnaStftImpl {
  const PinnaFft*        fft;
  const PinnaStftKernel* kernel;
  uint32_t               n_in;
  uint32_t               n_out;
  uint32_t               n_fft;
  uint32_t               hop;
  uint32_t               n_analysis;
  uint32_t               n_synthesis;
  uint32_t               first;
  uint32_t               wait;    ///< Samples until the next frame, 1 or more
  uint32_t               in_pos;  ///< Oldest sample of the input rings, and where the next one goes
  uint32_t               out_pos; ///< Oldest sample of the output rings, the next one to go out
  float*                 analysis;  ///< [n_analysis]
  float*                 synthesis; ///< [n_synthesis], the inverse transform's 1 / n_fft included
  float*                 frame;     ///< [n_fft], zeros behind n_analysis while analysing
  float**                in_ring;   ///< [n_in][n_analysis]
  float**                out_ring;  ///< [n_out][n_synthesis]
  float complex**        bins;      ///< [n_in][n_fft / 2 + 1]
};

#endif // PINNA_DSP_STFT_IMPL_H
