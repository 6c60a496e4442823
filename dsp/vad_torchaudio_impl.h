// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VAD_TORCHAUDIO_IMPL_H
#define PINNA_DSP_VAD_TORCHAUDIO_IMPL_H

#include "dsp/fft.h"
#include "dsp/vad_torchaudio.h"

#include <complex.h>
#include <stdint.h>

// Lengths in samples or measures, and the memory of each channel

typedef struct {
  float* spectrum; ///< Smoothed magnitudes [dft_length / 2]
  float* noise;    ///< Powers [dft_length / 2]
  float* measures; ///< Ring [n_measures]
  float  mean;
} VadTorchaudioChannel;

struct PinnaVadTorchaudioImpl {
  PinnaVadTorchaudioConfig config;
  const PinnaFft*          fft;             ///< Of dft_length
  const PinnaFft*          fft_half;        ///< Of dft_length / 2
  VadTorchaudioChannel*    channels;        ///< [n_ch]
  float*                   window;          ///< [measure_length]
  float*                   cepstrum_window; ///< [spectrum_end - spectrum_start]
  float*                   frame;           ///< [dft_length]
  float complex*           bins;            ///< [dft_length / 2 + 1]
  uint32_t                 n_ch;
  uint32_t                 measure_length;
  uint32_t                 measure_period;
  uint32_t                 dft_length;
  uint32_t                 n_measures; ///< In search_time
  uint32_t                 n_gap;      ///< Measures in allowed_gap
  uint32_t                 history;    ///< Samples that SoX would hold
  uint32_t                 spectrum_start;
  uint32_t                 spectrum_end;
  uint32_t                 cepstrum_start;
  uint32_t                 cepstrum_end;
  int                      boot_count_max;
  double                   noise_up;
  double                   noise_down;
  double                   smooth;
  double                   trigger_mean;
};

#endif // PINNA_DSP_VAD_TORCHAUDIO_IMPL_H
