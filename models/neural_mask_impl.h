// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NEURAL_MASK_IMPL_H
#define PINNA_MODELS_NEURAL_MASK_IMPL_H

#include "dsp/fft.h"
#include "dsp/resample.h"
#include "models/gtcrn.h"
#include "models/neural_mask.h"
#include "nn/engine.h"

#include <complex.h>
#include <stdint.h>

// Resampler, engine, and what its worker runs

#define NEURAL_MASK_RATE 16000U
#define NEURAL_MASK_HOP 256U
#define NEURAL_MASK_N_FFT 512U
#define NEURAL_MASK_PUSH 256U ///< Samples at the host's rate taken at once
#define NEURAL_MASK_ROOM (4U * NEURAL_MASK_PUSH)

/// A network that looks at spectra
typedef struct {
  void* handle;
  /// ln of the gains for one spectrum [PINNA_NEURAL_MASK_BANDS]. Realtime.
  void (*frame)(void* handle, const float complex* bins, float* log_gain);
  void (*reset)(void* handle);
} NeuralMaskNet;

struct PinnaNeuralMaskImpl {
  void*                 memory;
  PinnaNeuralMaskConfig config;
  NeuralMaskNet         net;
  PinnaNnEngine*        engine;
  PinnaResample*        resample;
  float*                mono;    ///< [NEURAL_MASK_PUSH]
  float*                low;     ///< At 16 kHz [NEURAL_MASK_ROOM]
  double                delay_s; ///< Of the resampler

  // Of whoever runs the network
  const PinnaFft* fft;
  float*          window;   ///< [NEURAL_MASK_N_FFT]
  float*          past;     ///< The last two hops [NEURAL_MASK_N_FFT]
  float*          frame;    ///< [NEURAL_MASK_N_FFT]
  float           level;    ///< Mean square above 45 Hz
  uint32_t        n_levels; ///< Hops that it is the mean of, up to its time constant
  float complex*  bins;     ///< [PINNA_NEURAL_MASK_BANDS]
};

/// The engine's callbacks
void pinna_neural_mask_run(void* handle, const float* in, float* out);
void pinna_neural_mask_skip(void* handle, uint64_t chunk, uint64_t n_lost);

/// The networks' frame functions. Realtime.
void pinna_neural_mask_gtcrn(void* handle, const float complex* bins, float* log_gain);
void pinna_neural_mask_gtcrn_reset(void* handle);

#endif // PINNA_MODELS_NEURAL_MASK_IMPL_H
