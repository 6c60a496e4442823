// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/revoice_live.h"

#include "models/revoice_live_impl.h"

#include <math.h>
#include <string.h>

// What is heard: chunks that came in time, else the sound itself

#define HALF_PI 1.57079633F

/// The next chunk is due: what is heard from its start on
static void
look(PinnaRevoiceLive* const self) {
  const uint32_t age = pinna_nn_engine_read(self->engine, self->n_looked, 0U, self->coming);
  ++self->n_looked;
  self->is_coming = age == 0U;
  if (!self->is_coming) {
    self->is_wet = false; // `heard` lasts as long as the fade
  }
}

static void
start_next(PinnaRevoiceLive* const self) {
  float* const heard = self->heard;
  self->heard = self->coming;
  self->coming = heard;
  self->heard_at = 0U;
  self->is_wet = self->is_coming;
  if (!self->is_coming) {
    memset(self->heard, 0, self->chunk * sizeof(float));
  }
}

/// One sample of the new voice and how much of it, and of the delayed sound, is heard
static float
next_wet(PinnaRevoiceLive* const self, float* const wet_gain, float* const dry_gain) {
  const float step = 1.0F / (float)self->n_fade;
  if (!self->to_due--) {
    look(self);
    self->to_due = self->chunk - 1U;
  }
  if (!self->to_start--) {
    start_next(self);
    self->to_start = self->chunk - 1U;
  }
  self->fade += self->is_wet ? step : -step;
  self->fade = fminf(fmaxf(self->fade, 0.0F), 1.0F);
  self->mix += self->mix_part * (self->mix_goal - self->mix);
  const float angle = HALF_PI * self->fade;
  const float wet = self->fade > 0.0F && self->fade < 1.0F ? sinf(angle) : self->fade;
  const float dry = self->fade > 0.0F && self->fade < 1.0F ? cosf(angle) : 1.0F - self->fade;
  *wet_gain = self->mix * wet;
  *dry_gain = 1.0F - self->mix + self->mix * dry;
  return self->heard[self->heard_at < self->chunk ? self->heard_at++ : 0U];
}

void
pinna_revoice_live_run(PinnaRevoiceLive* const self, const float* const* const in,
                       const float* const* const dry, float* const* const out,
                       const uint32_t n_frames) {
  const uint32_t     n_channels = self->config.n_channels;
  const float* const mono = self->mono;
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t left = n_frames - at;
    const uint32_t n = left < PINNA_REVOICE_LIVE_PIECE ? left : PINNA_REVOICE_LIVE_PIECE;
    for (uint32_t i = 0U; i < n; ++i) {
      const float a = in[0][at + i];
      self->mono[i] = n_channels > 1U ? 0.5F * (a + in[1][at + i]) : a;
    }
    pinna_nn_engine_push(self->engine, &mono, n);
    for (uint32_t i = 0U; i < n; ++i) {
      float       wet_gain;
      float       dry_gain;
      const float wet = next_wet(self, &wet_gain, &dry_gain);
      for (uint32_t c = 0U; c < n_channels; ++c) {
        const float x = dry[c][at + i];
        out[c][at + i] = wet_gain > 0.0F ? wet_gain * wet + dry_gain * x : x;
      }
    }
    at += n;
  }
}

void
pinna_revoice_live_set_mix(PinnaRevoiceLive* const self, const double mix, const bool is_fresh) {
  self->mix_goal = mix >= 0.0 ? (float)(mix < 1.0 ? mix : 1.0) : 0.0F;
  if (is_fresh) {
    self->mix = self->mix_goal;
  }
}

PinnaRevoice*
pinna_revoice_live_stream(PinnaRevoiceLive* const self) {
  return self->revoice;
}

void
pinna_revoice_live_set_offline(PinnaRevoiceLive* const self, const bool offline) {
  pinna_nn_engine_set_offline(self->engine, offline);
}

uint32_t
pinna_revoice_live_latency(const PinnaRevoiceLive* const self) {
  return self->latency;
}

PinnaNnEngineHealth
pinna_revoice_live_health(const PinnaRevoiceLive* const self) {
  return pinna_nn_engine_health(self->engine);
}

void
pinna_revoice_live_reset(PinnaRevoiceLive* const self) {
  pinna_nn_engine_reset(self->engine);
  pinna_revoice_drop(self->revoice);
  memset(self->heard, 0, self->chunk * sizeof(float));
  self->heard_at = self->chunk;
  self->to_due = self->chunk + self->budget;
  self->to_start = self->to_due + self->n_fade;
  self->n_looked = 0U;
  self->is_coming = false;
  self->is_wet = false;
  self->fade = 0.0F;
  self->mix = self->mix_goal;
}
