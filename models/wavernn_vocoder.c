// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wavernn.h"

#include "dsp/mulaw.h"
#include "models/wavernn_impl.h"

#include <math.h>
#include <string.h>

// WaveRNN behind the face that all vocoders have

#define RATE 22050U
#define N_FFT 2048U
#define WIN_LENGTH 1100U

float
pinna_wavernn_linear(const PinnaWavernnForm form, const uint32_t n_classes, const float x) {
  if (form == PINNA_WAVERNN_MIXTURE) {
    return x;
  }
  const int32_t label =
      (int32_t)lrintf((x + 1.0F) * 0.5F * (float)(pinna_wavernn_n_labels(n_classes) - 1U));
  float y = 0.0F;
  pinna_mulaw_decode(&label, 1U, n_classes, &y);
  return y;
}

static void
run(void* const handle, const float* const mel, const uint32_t n_frames, float* const out) {
  PinnaWavernn* const self = (PinnaWavernn*)handle;
  const uint32_t      n = self->z.n_freq;
  const uint32_t      hop = self->z.hop;
  for (uint32_t frame = 0U; frame < n_frames; ++frame) {
    float* const samples = out + (size_t)frame * hop;
    for (uint32_t i = 0U; i < n; ++i) {
      const float level = mel[(size_t)frame * n + i];
      self->scaled[i] = isfinite(level) ? expf(fminf(level, 20.0F)) : 0.0F;
    }
    pinna_wavernn_scale(self->scaled, n);
    if (!pinna_wavernn_frame(self, self->scaled, NULL, samples)) {
      memset(samples, 0, hop * sizeof(float));
      continue;
    }
    for (uint32_t i = 0U; i < hop; ++i) {
      samples[i] = pinna_wavernn_linear(self->form, self->z.n_classes, samples[i]);
    }
  }
}

static void
reset(void* const handle) {
  pinna_wavernn_reset((PinnaWavernn*)handle);
}

PinnaVocoder
pinna_wavernn_vocoder(PinnaWavernn* const self) {
  const PinnaWavernnSizes* const z = &self->z;
  const double                   each = 12.0 * z->n_rnn * z->n_rnn - 3.0 * z->n_rnn * z->n_rnn +
                      (double)z->n_fc * (z->n_rnn + z->n_fc + z->n_classes);
  return (PinnaVocoder){.handle = self,
                        .features = {.sample_rate = RATE,
                                     .n_fft = N_FFT,
                                     .win_length = WIN_LENGTH,
                                     .hop_length = z->hop,
                                     .n_mels = z->n_freq,
                                     .f_min = 40.0F,
                                     .f_max = (float)RATE / 2.0F,
                                     .floor = 1e-5F,
                                     .epsilon = 0.0F},
                        // Frame i speaks from its middle on, n_ahead frames later
                        .latency = (z->n_context / 2U - 1U) * z->hop + N_FFT / 2U,
                        .macs = each * RATE,
                        .run = run,
                        .reset = reset};
}
