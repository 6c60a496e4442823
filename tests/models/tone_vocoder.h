// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_MODELS_TONE_VOCODER_H
#define PINNA_TESTS_MODELS_TONE_VOCODER_H

#include "models/vocoder.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

// A vocoder whose sound is known: a tone as loud as the frame says, that can be made to stall

#define HOP 160U
#define N_MELS 40U
#define TONE_GAIN 7.0F // So that the tone of noise is about as loud

typedef struct {
  double           phase;
  float            level;
  _Atomic uint32_t stall_ms; ///< Once, before the next frame
} Tone;

/// 500 Hz; the amplitude of the loudest band, from hop to hop on a line
static inline void
tone_run(void* const handle, const float* const mel, const uint32_t n_frames, float* const out) {
  Tone* const    tone = (Tone*)handle;
  const uint32_t stall = atomic_exchange(&tone->stall_ms, 0U);
  if (stall) {
    nanosleep(&(struct timespec){stall / 1000U, (long)(stall % 1000U) * 1000000L}, NULL);
  }
  for (uint32_t frame = 0U; frame < n_frames; ++frame) {
    float top = -20.0F;
    for (uint32_t m = 0U; m < N_MELS; ++m) {
      top = fmaxf(top, mel[frame * N_MELS + m]);
    }
    const float goal = TONE_GAIN * expf(top);
    for (uint32_t i = 0U; i < HOP; ++i) {
      const float part = ((float)i + 0.5F) / (float)HOP;
      const float level = tone->level + part * (goal - tone->level);
      out[frame * HOP + i] = level * (float)sin(tone->phase);
      tone->phase = fmod(tone->phase + 2.0 * 3.14159265358979 * 500.0 / 16000.0, 6.283185307179586);
    }
    tone->level = goal;
  }
}

static inline void
tone_reset(void* const handle) {
  ((Tone*)handle)->phase = 0.0;
  ((Tone*)handle)->level = 0.0F;
}

/// Frame i looks at the n_fft = 2 hop samples before (i + 1) hop: its middle is i hop. Its level is
/// reached at the end of the hop that is its: (i + 1) hop. So the tone is one hop late.
static const PinnaVocoderFeatures tone_features = {16000U, 2U * HOP, 2U * HOP, HOP, N_MELS,
                                                   0.0F,   8000.0F,  1e-5F,    0.0F};

static inline PinnaVocoder
tone_vocoder(Tone* const tone) {
  atomic_init(&tone->stall_ms, 0U);
  return (PinnaVocoder){tone, tone_features, HOP, 0.0, tone_run, tone_reset};
}

#endif // PINNA_TESTS_MODELS_TONE_VOCODER_H
