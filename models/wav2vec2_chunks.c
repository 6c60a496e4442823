// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2_chunks.h"

#include "base/denormal.h"
#include "models/log_math.h"
#include "models/wav2vec2.h"
#include "models/wav2vec2_chunks_impl.h"

#include <math.h>
#include <string.h>

// Moves the window, keeps the frames in its middle

static void
run(void* const handle, const float* const samples, float* const frames) {
  PinnaWav2vec2Chunks* const self = (PinnaWav2vec2Chunks*)handle;
  const uint32_t             n_new = self->config.step * PINNA_WAV2VEC2_HOP;
  const uint32_t             n_old = self->n_samples - n_new;
  const uint32_t             n_columns = self->config.n_columns;
  const PinnaFpMode          mode = pinna_denormal_enter();
  memmove(self->window, self->window + n_new, n_old * sizeof(float));
  for (uint32_t i = 0U; i < n_new; ++i) {
    self->window[n_old + i] = isfinite(samples[i]) ? samples[i] : 0.0F;
  }
  memcpy(self->x, self->window, self->n_samples * sizeof(float));
  pinna_session_run(self->session);
  for (uint32_t t = 0U; t < self->config.step; ++t) {
    const float* const from = self->logits + (size_t)(self->config.left + t) * self->n_labels;
    float* const       to = frames + (size_t)t * n_columns;
    for (uint32_t i = 0U; i < n_columns; ++i) {
      to[i] = from[self->columns[i]];
    }
    pinna_log_softmax(to, n_columns);
  }
  pinna_denormal_leave(mode);
}

static void
reset(void* const handle) {
  PinnaWav2vec2Chunks* const self = (PinnaWav2vec2Chunks*)handle;
  memset(self->window, 0, self->n_samples * sizeof(float));
  pinna_session_reset(self->session);
}

PinnaAcoustic
pinna_wav2vec2_chunks_acoustic(PinnaWav2vec2Chunks* const self) {
  const uint32_t hop = PINNA_WAV2VEC2_HOP;
  return (PinnaAcoustic){
      .self = self,
      .rate = PINNA_WAV2VEC2_RATE,
      .chunk = self->config.step * hop,
      .n_frames = self->config.step,
      .n_values = self->config.n_columns,
      // The newest sample ends the last frame's window; a frame is dated by its middle
      .delay = self->config.right * hop + (PINNA_WAV2VEC2_REACH - hop) / 2U,
      .run = run,
      .reset = reset,
  };
}
