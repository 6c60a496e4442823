// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_small.h"

#include "base/denormal.h"
#include "dsp/phase_steps.h"
#include "models/vocoder_small_impl.h"
#include "nn/session.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// A frame in, the answer to the frame before it, one hop of sound

#define N_MELS PINNA_VOCODER_SMALL_MELS
#define N_BINS PINNA_VOCODER_SMALL_BINS
#define LOUDEST 8.0F

static void
run_frame(PinnaVocoderSmall* const self, const float* const mel, float* const out) {
  const float silence = logf(pinna_vocoder_small_features().floor);
  float       bands[N_MELS];
  for (uint32_t m = 0U; m < N_MELS; ++m) {
    const float x = isfinite(mel[m]) ? fminf(fmaxf(mel[m], silence), LOUDEST) : silence;
    bands[m] = expf(self->frame[m]);
    self->frame[m] = x;
    self->mel[m] = (x + 4.0F) * 0.4F;
  }
  pinna_session_run(self->session);
  pinna_phase_steps_run(self->steps, self->magnitude, self->head + N_BINS, bands, out);
}

static void
run(void* const handle, const float* const mel, const uint32_t n_frames, float* const out) {
  PinnaVocoderSmall* const self = (PinnaVocoderSmall*)handle;
  const uint32_t           hop = pinna_vocoder_small_features().hop_length;
  const PinnaFpMode        mode = pinna_denormal_enter();
  for (uint32_t i = 0U; i < n_frames; ++i) {
    run_frame(self, mel + (size_t)i * N_MELS, out + (size_t)i * hop);
  }
  pinna_denormal_leave(mode);
}

static void
reset(void* const handle) {
  PinnaVocoderSmall* const self = (PinnaVocoderSmall*)handle;
  const float              silence = logf(pinna_vocoder_small_features().floor);
  pinna_session_reset(self->session);
  pinna_phase_steps_reset(self->steps);
  for (uint32_t m = 0U; m < N_MELS; ++m) {
    self->frame[m] = silence;
  }
}

PinnaVocoderFeatures
pinna_vocoder_small_features(void) {
  return (PinnaVocoderFeatures){.sample_rate = 16000U,
                                .n_fft = 640U,
                                .win_length = 640U,
                                .hop_length = 160U,
                                .n_mels = N_MELS,
                                .f_min = 0.0F,
                                .f_max = 8000.0F,
                                .floor = 1e-5F,
                                .epsilon = 0.0F};
}

const PinnaSession*
pinna_vocoder_small_session(const PinnaVocoderSmall* const self) {
  return self->session;
}

PinnaVocoder
pinna_vocoder_small_vocoder(PinnaVocoderSmall* const self) {
  const PinnaVocoderFeatures f = pinna_vocoder_small_features();
  return (PinnaVocoder){.handle = self,
                        .features = f,
                        // A window, less the newest hop, and a frame ahead for either half
                        .latency = f.n_fft - f.hop_length + 2U * f.hop_length,
                        .macs = self->macs * f.sample_rate / f.hop_length,
                        .run = run,
                        .reset = reset};
}
