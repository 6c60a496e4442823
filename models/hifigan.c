// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/hifigan.h"

#include "base/denormal.h"
#include "models/hifigan_impl.h"
#include "nn/session.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// Frames into chunks, chunks through the network, samples out one hop for each frame

#define FAR 1e6F ///< Frames that are further away than any layer's delay
#define LOUDEST 8.0F

static float
distance(const uint64_t from, const uint64_t to) {
  const float d = to >= from ? (float)(to - from) : -(float)(from - to);
  return fminf(fmaxf(d, -FAR), FAR);
}

static void
run_chunk(PinnaHifigan* const self) {
  const PinnaFpMode mode = pinna_denormal_enter();
  self->span[0] = distance(self->n_past, 0U);
  self->span[1] = distance(self->n_past, self->n_all);
  pinna_session_run(self->session);
  self->n_past += self->n_frames;
  pinna_denormal_leave(mode);
}

static void
run(void* const handle, const float* const mel, const uint32_t n_frames, float* const out) {
  PinnaHifigan* const self = (PinnaHifigan*)handle;
  const uint32_t      n_mels = self->features.n_mels;
  const uint32_t      hop = self->features.hop_length;
  const float         silence = logf(self->features.floor);
  for (uint32_t i = 0U; i < n_frames; ++i) {
    float* const frame = self->mel + (size_t)self->at * n_mels;
    for (uint32_t m = 0U; m < n_mels; ++m) {
      const float x = mel[(size_t)i * n_mels + m];
      frame[m] = isfinite(x) ? fminf(fmaxf(x, silence), LOUDEST) : silence;
    }
    self->at = (self->at + 1U) % self->n_frames;
    if (!self->at) {
      run_chunk(self);
    }
    memcpy(out + (size_t)i * hop, self->samples + (size_t)self->at * hop, hop * sizeof(float));
  }
}

static void
reset(void* const handle) {
  PinnaHifigan* const self = (PinnaHifigan*)handle;
  pinna_session_reset(self->session);
  self->at = 0U;
  self->n_past = 0U;
  self->n_all = UINT64_MAX;
  memset(pinna_session_tensor(self->session, "samples"), 0,
         (size_t)self->n_frames * self->features.hop_length * sizeof(float));
}

void
pinna_hifigan_end(PinnaHifigan* const self) {
  self->n_all = self->n_past + self->at;
}

uint32_t
pinna_hifigan_delay(const PinnaHifigan* const self) {
  return self->delay + (self->n_frames - 1U) * self->features.hop_length;
}

const PinnaSession*
pinna_hifigan_session(const PinnaHifigan* const self) {
  return self->session;
}

PinnaVocoder
pinna_hifigan_vocoder(PinnaHifigan* const self) {
  const PinnaVocoderFeatures* const f = &self->features;
  const double chunks = (double)f->sample_rate / f->hop_length / (double)self->n_frames;
  return (PinnaVocoder){.handle = self,
                        .features = *f,
                        .latency = pinna_hifigan_delay(self) + (f->n_fft - f->hop_length) / 2U,
                        .macs = self->macs * chunks,
                        .run = run,
                        .reset = reset};
}
