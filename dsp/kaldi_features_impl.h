// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_KALDI_FEATURES_IMPL_H
#define PINNA_DSP_KALDI_FEATURES_IMPL_H

#include "base/arena.h"
#include "dsp/filterbank.h"
#include "dsp/kaldi_features.h"
#include "dsp/kaldi_kernel.h"

#include <stdint.h>

// What Kaldi's features hold

#define PINNA_KALDI_EPSILON 1.1920928955078125e-7 ///< Least energy of a logarithm

struct PinnaKaldiImpl {
  PinnaKaldiConfig config;
  PinnaKaldiKernel kernel;
  PinnaKaldiPlan   plan;
  PinnaFilterbank* bank;
  uint32_t         size;    ///< Samples of a frame
  uint32_t         shift;   ///< Samples between frames
  uint32_t         n_fft;   ///< Size, rounded up
  uint32_t         n_bins;  ///< n_fft / 2 + 1
  uint32_t         n_cols;  ///< Values of a frame
  uint64_t         n_live;  ///< Frames of the stream so far, for its dither
  double           floor;   ///< Least log energy
  double*          window;  ///< [size]
  float*           row;     ///< [size] samples of a frame as they come
  double*          frame;   ///< [size] the same frame, on its way to the window
  double*          columns; ///< [n_fft][lanes]
  double*          scratch; ///< [n_fft][lanes]
  double*          power;   ///< [n_bins][lanes]
  double*          bands;   ///< [num_mel_bins][lanes]
  float*           dct;     ///< [num_mel_bins][num_ceps], liftered, in output order
};

/// Plan a transform of an even number of real samples; with a measuring arena only counts bytes
void pinna_kaldi_plan(PinnaKaldiPlan* plan, PinnaArena* arena, uint32_t n_samples);

#endif // PINNA_DSP_KALDI_FEATURES_IMPL_H
