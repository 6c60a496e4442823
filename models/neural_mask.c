// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/neural_mask.h"

#include "models/neural_mask_impl.h"

#include <math.h>
#include <string.h>

// Samples to the engine, frames to the network, gains back by their time

enum {
  MAX_AGE = 3,     ///< Hops that a mask is held: 48 ms
  MAX_LAG = 8,     ///< Hops behind which a mask says nothing of the sound: 128 ms
  LEVEL_HOPS = 187 ///< Over which the level is averaged: 3 s
};

static const float closed = -9.0f;
static const float power_scale = // The window's mean is 1/2
    4.0f / ((float)NEURAL_MASK_N_FFT * (float)NEURAL_MASK_N_FFT);

static float
power_of(const PinnaNeuralMask* const self, const uint32_t bin) {
  const float re = crealf(self->bins[bin]);
  const float im = cimagf(self->bins[bin]);
  return re * re + im * im;
}

/// Nobody speaks below 45 Hz: what is there is rumble, but not what many recordings of voices have,
/// 12 dB below them. 0 to 1
static float
find_rumble(const PinnaNeuralMask* const self, const float level) {
  const float low = (power_of(self, 0U) + power_of(self, 1U)) * power_scale;
  const float ratio = log10f((low + 1e-12f) / (level + 1e-12f));
  return fmaxf(0.0f, fminf((ratio + 1.2f) / 0.6f, 1.0f));
}

/// Rumble is closed; above what the network knows the mean of its upper gains holds
static void
fill_ends(float* const log_gain, const float rumble) {
  enum { FIRST = 128, LAST = 240 };
  log_gain[0] = log_gain[2] + rumble * (closed - log_gain[2]);
  log_gain[1] = log_gain[0];
  float sum = 0.0f;
  for (uint32_t k = FIRST; k < LAST; ++k) {
    sum += log_gain[k];
  }
  const float mean = sum / (float)(LAST - FIRST);
  for (uint32_t k = LAST; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    log_gain[k] += (mean - log_gain[k]) * (float)(k - LAST) / 16.0f;
  }
}

/// Follow the level of what may be a voice
static float
follow_level(PinnaNeuralMask* const self) {
  float power = 0.0f;
  for (uint32_t k = 2U; k < PINNA_NEURAL_MASK_BANDS; ++k) {
    power += power_of(self, k);
  }
  power *= power_scale;
  self->n_levels += self->n_levels < LEVEL_HOPS;
  self->level += (power - self->level) / (float)self->n_levels;
  return self->level;
}

void
pinna_neural_mask_run(void* const handle, const float* const in, float* const out) {
  PinnaNeuralMask* const self = (PinnaNeuralMask*)handle;
  memmove(self->past, self->past + NEURAL_MASK_HOP, NEURAL_MASK_HOP * sizeof(float));
  memcpy(self->past + NEURAL_MASK_HOP, in, NEURAL_MASK_HOP * sizeof(float));
  for (uint32_t i = 0U; i < NEURAL_MASK_N_FFT; ++i) {
    self->frame[i] = self->past[i] * self->window[i];
  }
  pinna_fft_real_forward(self->fft, self->frame, self->bins);
  const NeuralMaskFrame frame = {in, self->bins, follow_level(self)};
  const float           rumble = find_rumble(self, frame.level);
  self->kind->frame(self->net.object, &frame, out);
  fill_ends(out, rumble);
}

void
pinna_neural_mask_skip(void* const handle, const uint64_t chunk, const uint64_t n_lost) {
  (void)chunk;
  PinnaNeuralMask* const self = (PinnaNeuralMask*)handle;
  if (n_lost) {
    return; // What it knows of the noise is worth more than a clean start
  }
  memset(self->past, 0, NEURAL_MASK_N_FFT * sizeof(float));
  self->level = 0.0f;
  self->n_levels = 0U;
  self->kind->reset(self->net.object);
}

void
pinna_neural_mask_reset(PinnaNeuralMask* const mask) {
  pinna_resample_reset(mask->resample);
  pinna_nn_engine_reset(mask->engine);
}

void
pinna_neural_mask_set_offline(PinnaNeuralMask* const mask, const bool offline) {
  mask->offline = offline;
  pinna_nn_engine_set_offline(mask->engine, offline);
}

void
pinna_neural_mask_push(PinnaNeuralMask* const mask, const float* const* const in,
                       const uint32_t n_frames) {
  const float share = 1.0f / (float)mask->config.n_channels;
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t n = n_frames - at < NEURAL_MASK_PUSH ? n_frames - at : NEURAL_MASK_PUSH;
    memcpy(mask->mono, in[0] + at, n * sizeof(float));
    for (uint32_t c = 1U; c < mask->config.n_channels; ++c) {
      for (uint32_t i = 0U; i < n; ++i) {
        mask->mono[i] += in[c][at + i];
      }
    }
    for (uint32_t i = 0U; i < n; ++i) {
      mask->mono[i] *= share;
    }
    const uint32_t n_low =
        pinna_resample_run(mask->resample, (const float*[]){mask->mono}, n, (float*[]){mask->low});
    pinna_nn_engine_push(mask->engine, (const float*[]){mask->low}, n_low);
    at += n;
  }
}

bool
pinna_neural_mask_read(const PinnaNeuralMask* const mask, const uint64_t sample,
                       float* const log_gain) {
  const double hops = ((double)sample / mask->config.rate + mask->delay_s) *
                      ((double)NEURAL_MASK_RATE / NEURAL_MASK_HOP);
  const double lag = mask->offline ? 0.0 : mask->lag_hops;
  const double frame = hops - lag + 0.5; // Frame j is around the end of hop j - 1
  return frame >= 0.0 && lag < MAX_LAG &&
         pinna_nn_engine_read(mask->engine, (uint64_t)frame, MAX_AGE, log_gain) != UINT32_MAX;
}

float
pinna_neural_mask_share(const PinnaNeuralMask* const mask) {
  return mask->kind->share;
}

PinnaNnEngineHealth
pinna_neural_mask_health(const PinnaNeuralMask* const mask) {
  return pinna_nn_engine_health(mask->engine);
}
