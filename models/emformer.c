// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/emformer.h"

#include "base/denormal.h"
#include "models/emformer_impl.h"

#include <math.h>
#include <string.h>

// Chunks through features and encoder; hypotheses through predictor and joiner

#define GAIN (32767.0F * 32767.0F) ///< TorchAudio: 10^(0.05 2 20 log10(32767))
#define E 2.718281828459045F

void
pinna_emformer_normalise(const PinnaEmformer* const self, float* const frames,
                         const uint32_t n_frames) {
  for (uint32_t t = 0U; t < n_frames; ++t) {
    float* const frame = frames + (size_t)t * self->n_mels;
    for (uint32_t i = 0U; i < self->n_mels; ++i) {
      const float x = frame[i] * GAIN;
      frame[i] = ((x > E ? logf(x) : x / E) - self->mean[i]) * self->invstddev[i];
    }
  }
}

uint32_t
pinna_emformer_features(PinnaEmformer* const self, const float* const samples,
                        const uint32_t n_samples, float* const frames) {
  const uint32_t n = (uint32_t)pinna_mel_n_frames(self->whole, n_samples);
  if (n && frames) {
    pinna_mel_run(self->whole, samples, n_samples, frames);
    pinna_emformer_normalise(self, frames, n);
  }
  return n;
}

void
pinna_emformer_encode(PinnaEmformer* const self, const float* const features, float* const frames) {
  const uint32_t    n_in = self->config.segment + self->config.right_context;
  const uint32_t    n_out = self->config.segment / self->config.stride;
  const PinnaFpMode mode = pinna_denormal_enter();
  memcpy(self->x, features, (size_t)n_in * self->n_mels * sizeof(float));
  pinna_session_run(self->encoder);
  memcpy(frames, self->encoding, (size_t)n_out * self->n_encoding * sizeof(float));
  pinna_denormal_leave(mode);
}

static void
hear(void* const handle, const float* const samples, float* const frames) {
  PinnaEmformer* const self = (PinnaEmformer*)handle;
  const uint32_t       n_new = self->config.segment * PINNA_EMFORMER_HOP;
  const uint32_t       n_old = self->n_samples - n_new;
  const uint32_t       n_frames = self->config.segment + self->config.right_context;
  memmove(self->samples, self->samples + n_new, n_old * sizeof(float));
  for (uint32_t i = 0U; i < n_new; ++i) {
    self->samples[n_old + i] = isfinite(samples[i]) ? samples[i] : 0.0F;
  }
  pinna_mel_run(self->config.torchaudio_frames ? self->whole : self->within, self->samples,
                self->n_samples, self->features);
  pinna_emformer_normalise(self, self->features, n_frames);
  pinna_emformer_encode(self, self->features, frames);
}

static void
forget(void* const handle) {
  PinnaEmformer* const self = (PinnaEmformer*)handle;
  memset(self->samples, 0, self->n_samples * sizeof(float));
  pinna_session_reset(self->encoder);
}

PinnaAcoustic
pinna_emformer_acoustic(PinnaEmformer* const self) {
  const uint32_t n_new = self->config.segment * PINNA_EMFORMER_HOP;
  // A frame is dated by its middle; the window reaches half of itself to both sides
  return (PinnaAcoustic){
      .self = self,
      .rate = PINNA_EMFORMER_RATE,
      .chunk = n_new,
      .n_frames = self->config.segment / self->config.stride,
      .n_values = self->n_encoding,
      .delay = self->n_samples - n_new -
               (self->config.torchaudio_frames ? 0U : PINNA_EMFORMER_N_FFT / 2U),
      .run = hear,
      .reset = forget,
  };
}

static void
predict(void* const handle, const uint32_t n, const uint32_t* const tokens,
        const float* const* const states, float* const* const next,
        float* const* const predictions) {
  PinnaEmformer* const self = (PinnaEmformer*)handle;
  const size_t         n_hidden = self->n_hidden;
  for (uint32_t i = 0U; i < n; ++i) {
    self->token[i] = (float)tokens[i];
    for (uint32_t k = 0U; k < self->n_states; ++k) {
      memcpy(self->states[k].in + i * n_hidden, states[i] + k * n_hidden, n_hidden * sizeof(float));
    }
  }
  pinna_runner_run(self->predictor);
  for (uint32_t i = 0U; i < n; ++i) {
    memcpy(predictions[i], self->prediction + (size_t)i * self->n_encoding,
           self->n_encoding * sizeof(float));
    for (uint32_t k = 0U; k < self->n_states; ++k) {
      memcpy(next[i] + k * n_hidden, self->states[k].out + i * n_hidden, n_hidden * sizeof(float));
    }
  }
}

static void
join(void* const handle, const uint32_t n, const float* const encoding,
     const float* const* const predictions, float* const logits) {
  PinnaEmformer* const self = (PinnaEmformer*)handle;
  memcpy(self->join_encoding, encoding, self->n_encoding * sizeof(float));
  for (uint32_t i = 0U; i < n; ++i) {
    memcpy(self->join_prediction + (size_t)i * self->n_encoding, predictions[i],
           self->n_encoding * sizeof(float));
  }
  pinna_runner_run(self->joiner);
  memcpy(logits, self->logits, (size_t)n * self->n_tokens * sizeof(float));
}

PinnaTransducer
pinna_emformer_transducer(PinnaEmformer* const self) {
  return (PinnaTransducer){
      .self = self,
      .n_tokens = self->n_tokens,
      .blank = self->n_tokens - 1U,
      .n_encoding = self->n_encoding,
      .n_prediction = self->n_encoding,
      .n_state = self->n_states * self->n_hidden,
      .max_batch = self->config.max_batch,
      .predict = predict,
      .join = join,
  };
}
