// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/mask.h"

#include "base/denormal.h"
#include "dsp/stft.h"
#include "models/mask_impl.h"

#include <math.h>
#include <string.h>

// Levels over what they are compared with, then the network, then bins from its bands
//
// The constants are those of tools/train/mask_net.py.

#define LEAST 1e-8F // Under every power
#define SMOOTH 0.2F
#define RISE 0.022F
#define MEAN 0.016F
#define WHOLE 0.008F
#define MOST 4.0F // Of what the network sees

static float
clamped(const float x) {
  return fminf(fmaxf(x, -MOST), MOST);
}

/// Of two neighbouring bands, at bin k
static float
between(const PinnaMask* const self, const float* const bands, const uint32_t k) {
  const float* const b = bands + self->band_of[k];
  return b[0] + self->part[k] * (b[1] - b[0]);
}

static void
measure(PinnaMask* const self, const float complex* const bins) {
  memset(self->band, 0, sizeof(self->band));
  for (uint32_t k = 0U; k < MASK_N_BINS; ++k) {
    const float    re = crealf(bins[k]);
    const float    im = cimagf(bins[k]);
    const float    power = re * re + im * im;
    const uint32_t b = self->band_of[k];
    self->level[k] = logf(power + LEAST);
    self->band[b] += (1.0F - self->part[k]) * power;
    self->band[b + 1U] += self->part[k] * power;
  }
  for (uint32_t b = 0U; b < MASK_N_BANDS; ++b) {
    self->band[b] = logf(self->band[b] * self->band_weight[b] + LEAST);
  }
}

/// Noise floors: down at once with the smoothed level, up slowly
static void
follow(const float* const level, float* const smooth, float* const floor, const uint32_t n) {
  for (uint32_t i = 0U; i < n; ++i) {
    smooth[i] += SMOOTH * (level[i] - smooth[i]);
    floor[i] = fminf(smooth[i], floor[i] + RISE);
  }
}

static void
remember(PinnaMask* const self) {
  float sum = 0.0F;
  for (uint32_t b = 0U; b < MASK_N_BANDS; ++b) {
    sum += self->band[b];
  }
  const float whole = sum / (float)MASK_N_BANDS;
  if (!self->is_begun) {
    self->is_begun = true;
    memcpy(self->smooth, self->level, sizeof(self->level));
    memcpy(self->floor, self->level, sizeof(self->level));
    memcpy(self->band_smooth, self->band, sizeof(self->band));
    memcpy(self->band_floor, self->band, sizeof(self->band));
    memcpy(self->band_mean, self->band, sizeof(self->band));
    self->whole = whole;
    return;
  }
  follow(self->level, self->smooth, self->floor, MASK_N_BINS);
  follow(self->band, self->band_smooth, self->band_floor, MASK_N_BANDS);
  for (uint32_t b = 0U; b < MASK_N_BANDS; ++b) {
    self->band_mean[b] += MEAN * (self->band[b] - self->band_mean[b]);
  }
  self->whole += WHOLE * (whole - self->whole);
}

static void
ask(PinnaMask* const self) {
  float* const x = self->features;
  for (uint32_t b = 0U; b < MASK_N_BANDS; ++b) {
    x[b] = clamped((self->band[b] - self->band_floor[b]) * 0.2F);
    x[MASK_N_BANDS + b] = clamped((self->band[b] - self->band_mean[b]) * (1.0F / 3.0F));
    x[2U * MASK_N_BANDS + b] = clamped((self->band[b] - self->whole) * 0.25F);
  }
  pinna_net_run_chunk(&self->net);
}

void
pinna_mask_frame(PinnaMask* const self, const float complex* const bins, float* const log_gain) {
  const PinnaFpMode  mode = pinna_denormal_enter();
  const float* const answer = self->answer;
  measure(self, bins);
  remember(self);
  ask(self);
  for (uint32_t k = 0U; k < MASK_N_BINS; ++k) {
    const float around = between(self, self->band, k);
    const float fine = clamped((self->level[k] - around) * 0.5F);
    const float steady = clamped((self->smooth[k] - around) * 0.5F);
    const float above = clamped((self->level[k] - self->floor[k]) * 0.2F);
    const float logit = between(self, answer, k) + between(self, answer + MASK_N_BANDS, k) * fine +
                        between(self, answer + 2U * MASK_N_BANDS, k) * steady +
                        between(self, answer + 3U * MASK_N_BANDS, k) * above;
    // ln of the logistic function, without overflow on either side
    log_gain[k] = fminf(logit, 0.0F) - log1pf(expf(-fabsf(logit)));
  }
  pinna_denormal_leave(mode);
}

static void
on_frame(void* const handle, float complex* const* const bins) {
  PinnaMask* const self = (PinnaMask*)handle;
  pinna_mask_frame(self, bins[0], self->log_gain);
  for (uint32_t k = 0U; k < MASK_N_BINS; ++k) {
    bins[0][k] *= expf(self->log_gain[k]);
  }
}

void
pinna_mask_run(PinnaMask* const self, const float* const in, float* const out,
               const uint32_t n_frames) {
  pinna_stft_run(self->stft, &in, &out, n_frames, on_frame, self);
}

uint32_t
pinna_mask_latency(const PinnaMask* const self) {
  return pinna_stft_latency(self->stft);
}

void
pinna_mask_reset(PinnaMask* const self) {
  self->is_begun = false;
  pinna_net_run_reset(&self->net);
  pinna_stft_reset(self->stft);
}
