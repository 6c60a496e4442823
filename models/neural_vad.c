// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/neural_vad.h"

#include "models/neural_vad_impl.h"

// Samples to the engine, probabilities back

void
pinna_neural_vad_run(void* const handle, const float* const in, float* const out) {
  *out = pinna_silero_run(((PinnaNeuralVad*)handle)->silero, in);
}

void
pinna_neural_vad_skip(void* const handle, const uint64_t chunk, const uint64_t n_lost) {
  (void)chunk;
  (void)n_lost;
  pinna_silero_reset(((PinnaNeuralVad*)handle)->silero);
}

void
pinna_neural_vad_reset(PinnaNeuralVad* const vad) {
  pinna_resample_reset(vad->resample);
  pinna_nn_engine_reset(vad->engine);
}

void
pinna_neural_vad_set_offline(PinnaNeuralVad* const vad, const bool offline) {
  pinna_nn_engine_set_offline(vad->engine, offline);
}

void
pinna_neural_vad_push(PinnaNeuralVad* const vad, const float* const in, const uint32_t n_frames) {
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t n = n_frames - at < NEURAL_VAD_PUSH ? n_frames - at : NEURAL_VAD_PUSH;
    const uint32_t n_low =
        pinna_resample_run(vad->resample, (const float*[]){in + at}, n, (float*[]){vad->low});
    pinna_nn_engine_push(vad->engine, (const float*[]){vad->low}, n_low);
    at += n;
  }
}

bool
pinna_neural_vad_next(PinnaNeuralVad* const vad, float* const probability) {
  uint64_t chunk;
  return pinna_nn_engine_next(vad->engine, &chunk, probability);
}

PinnaNnEngineHealth
pinna_neural_vad_health(const PinnaNeuralVad* const vad) {
  return pinna_nn_engine_health(vad->engine);
}
