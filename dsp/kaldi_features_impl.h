// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_KALDI_FEATURES_IMPL_H
#define PINNA_DSP_KALDI_FEATURES_IMPL_H

#include "dsp/filterbank.h"
#include "dsp/kaldi_features.h"
#include "dsp/spectrogram.h"

#include <stdint.h>

// What Kaldi's features hold

#define PINNA_KALDI_EPSILON 1.1920928955078125e-7F ///< Least energy of a logarithm

struct PinnaKaldiImpl {
  PinnaKaldiConfig  config;
  PinnaSpectrogram* spectrogram; ///< Frames end to end, in `rows`
  PinnaFilterbank*  bank;
  uint32_t          size;    ///< Samples of a frame
  uint32_t          shift;   ///< Samples between frames
  uint32_t          n_fft;   ///< Size, rounded up
  uint32_t          n_bins;  ///< n_fft / 2 + 1
  uint32_t          n_cols;  ///< Values of a frame
  uint64_t          n_live;  ///< Frames of the stream so far, for its dither
  float             floor;   ///< Least log energy
  float*            window;  ///< [n_fft]
  float*            rows;    ///< [lanes][n_fft]
  float*            dct;     ///< [num_mel_bins][num_ceps], liftered, in output order
  float*            bands;   ///< [num_mel_bins + 1][lanes]
  float*            columns; ///< [n_cols][lanes]
};

#endif // PINNA_DSP_KALDI_FEATURES_IMPL_H
