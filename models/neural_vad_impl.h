// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NEURAL_VAD_IMPL_H
#define PINNA_MODELS_NEURAL_VAD_IMPL_H

#include "dsp/resample.h"
#include "models/neural_vad.h"
#include "models/silero.h"
#include "nn/engine.h"
#include "nn/session.h"

// Resampler, engine, network

#define NEURAL_VAD_PUSH 256U ///< Samples at the host's rate taken at once
#define NEURAL_VAD_ROOM (4U * NEURAL_VAD_PUSH)

struct PinnaNeuralVadImpl {
  void*                memory;
  PinnaNeuralVadConfig config;
  PinnaNnEngine*       engine;
  PinnaResample*       resample;
  PinnaSilero*         silero;
  PinnaSession*        session; ///< Or NULL: on the processor
  float*               low;     ///< At 16 kHz [NEURAL_VAD_ROOM]
};

/// The engine's callbacks
void pinna_neural_vad_run(void* handle, const float* in, float* out);
void pinna_neural_vad_skip(void* handle, uint64_t chunk, uint64_t n_lost);

#endif // PINNA_MODELS_NEURAL_VAD_IMPL_H
