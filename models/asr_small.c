// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_small.h"

#include "base/denormal.h"
#include "dsp/kaldi_features.h"
#include "models/acoustic.h"
#include "models/asr_small_impl.h"
#include "models/log_math.h"
#include "nn/cpu/runner.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// One chunk: mel energies, network, log-probabilities

#define FULL_SCALE 32768.0F
#define FLOOR 1000.0F
#define MEAN 13.0F
#define SCALE 0.25F

static void
run(void* const handle, const float* const samples, float* const frames) {
  PinnaAsrSmall* const self = (PinnaAsrSmall*)handle;
  const PinnaFpMode    mode = pinna_denormal_enter();
  float* const         fresh = self->sound + PINNA_ASR_SMALL_PAST;
  for (uint32_t i = 0U; i < PINNA_ASR_SMALL_CHUNK; ++i) {
    fresh[i] = isfinite(samples[i]) ? samples[i] * FULL_SCALE : 0.0F;
  }
  for (uint32_t i = 0U; i < PINNA_ASR_SMALL_N_FEATURES; ++i) {
    pinna_kaldi_frame(self->kaldi, self->sound + (size_t)i * PINNA_ASR_SMALL_SHIFT,
                      self->x + (size_t)i * PINNA_ASR_SMALL_N_MELS);
  }
  memmove(self->sound, self->sound + PINNA_ASR_SMALL_CHUNK, PINNA_ASR_SMALL_PAST * sizeof(float));
  for (uint32_t i = 0U; i < PINNA_ASR_SMALL_N_FEATURES * PINNA_ASR_SMALL_N_MELS; ++i) {
    self->x[i] = (logf(self->x[i] + FLOOR) - MEAN) * SCALE;
  }
  pinna_runner_run(self->runner);
  memcpy(frames, self->logits, sizeof(float) * PINNA_ASR_SMALL_N_FRAMES * PINNA_ASR_SMALL_N_TOKENS);
  for (uint32_t i = 0U; i < PINNA_ASR_SMALL_N_FRAMES; ++i) {
    pinna_log_softmax(frames + (size_t)i * PINNA_ASR_SMALL_N_TOKENS, PINNA_ASR_SMALL_N_TOKENS);
  }
  pinna_denormal_leave(mode);
}

static void
reset(void* const handle) {
  PinnaAsrSmall* const self = (PinnaAsrSmall*)handle;
  memset(self->sound, 0, PINNA_ASR_SMALL_PAST * sizeof(float));
  pinna_runner_reset(self->runner);
}

PinnaAcoustic
pinna_asr_small_acoustic(PinnaAsrSmall* const self) {
  return (PinnaAcoustic){.self = self,
                         .rate = PINNA_ASR_SMALL_RATE,
                         .chunk = PINNA_ASR_SMALL_CHUNK,
                         .n_frames = PINNA_ASR_SMALL_N_FRAMES,
                         .n_values = PINNA_ASR_SMALL_N_TOKENS,
                         .delay = 0U,
                         .run = run,
                         .reset = reset};
}
