// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NEURAL_MASK_IMPL_H
#define PINNA_MODELS_NEURAL_MASK_IMPL_H

#include "dsp/fft.h"
#include "dsp/resample.h"
#include "models/neural_mask.h"
#include "nn/engine.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <complex.h>
#include <stdint.h>

// Resampler, engine, and what its worker runs

#define NEURAL_MASK_RATE 16000U
#define NEURAL_MASK_HOP 256U
#define NEURAL_MASK_N_FFT 512U
#define NEURAL_MASK_PUSH 256U ///< Samples at the host's rate taken at once
#define NEURAL_MASK_ROOM (4U * NEURAL_MASK_PUSH)

/// What a network looks at
typedef struct {
  const float*   samples; ///< The newest [NEURAL_MASK_HOP]
  float complex* bins;    ///< Of the newest two hops, windowed [PINNA_NEURAL_MASK_BANDS]
  float          level;   ///< Mean square of the last seconds above 45 Hz
} NeuralMaskFrame;

/// A network with its memory
typedef struct {
  void*         object;
  void*         memory;
  PinnaSession* sessions[2]; ///< On a device; both NULL: on the processor
} NeuralMaskNet;

/// A kind of network, known by a tensor's name
typedef struct {
  const char* name;
  const char* tensor;
  float       share; ///< See pinna_neural_mask_share()
  /// Memory, and plans of the weights; sessions, where PINNA_DEVICE names a device. Not realtime.
  PinnaStatus (*open)(NeuralMaskNet* net, const PinnaWeights* weights, PinnaError* error);
  /// ln of the gains for one frame [PINNA_NEURAL_MASK_BANDS]. Realtime.
  void (*frame)(void* net, const NeuralMaskFrame* frame, float* log_gain);
  void (*reset)(void* net);
} NeuralMaskKind;

struct PinnaNeuralMaskImpl {
  void*                 memory;
  PinnaNeuralMaskConfig config;
  const NeuralMaskKind* kind;
  NeuralMaskNet         net;
  PinnaNnEngine*        engine;
  PinnaResample*        resample;
  float*                mono;     ///< [NEURAL_MASK_PUSH]
  float*                low;      ///< At 16 kHz [NEURAL_MASK_ROOM]
  double                delay_s;  ///< Of the resampler
  double                lag_hops; ///< That masks come late when they are not computed at once
  bool                  offline;

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

/// Frame and reset functions of the kinds. Realtime.
void pinna_neural_mask_ask_gtcrn(void* net, const NeuralMaskFrame* frame, float* log_gain);
void pinna_neural_mask_reset_gtcrn(void* net);
void pinna_neural_mask_ask_own(void* net, const NeuralMaskFrame* frame, float* log_gain);
void pinna_neural_mask_reset_own(void* net);
void pinna_neural_mask_ask_dtln(void* net, const NeuralMaskFrame* frame, float* log_gain);
void pinna_neural_mask_reset_dtln(void* net);

/// GTCRN, our own mask, DTLN; the last one has no name
extern const NeuralMaskKind pinna_neural_mask_kinds[];

#endif // PINNA_MODELS_NEURAL_MASK_IMPL_H
