// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/revoice.h"

#include "models/revoice_impl.h"

#include <math.h>
#include <string.h>

// Samples to hops, hops to frames, frames changed, spoken, and back to the stream's rate

#define MOST_GAIN 2.0F    ///< What the loudness is corrected by, 6 dB either way
#define LEAST_POWER 1e-7F ///< Below -70 dBFS nobody speaks
#define LOOK_FLOOR (-12.0F)
#define LOOK_STEPS 14.5F ///< 0.6 dB each

static void
take_params(PinnaRevoice* const self) {
  float          v[PINNA_REVOICE_N_PARAMS] = {0.0F};
  const uint32_t version = pinna_snapshot_version(&self->params);
  if (version != self->params_seen && pinna_snapshot_read(&self->params, v) == version) {
    const PinnaMelEditParams params = {(double)v[0], (double)v[1], (double)v[2], (double)v[3],
                                       (double)v[4], (double)v[5], (double)v[6], v[7] > 0.0F};
    pinna_mel_edit_set(self->edit, &params);
    self->params_seen = version;
  }
}

static float
mean_square(const float* const x, const uint32_t n) {
  float sum = 0.0F;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += x[i] * x[i];
  }
  return sum / (float)n;
}

/// As loud as what was said; only followed while somebody speaks
static void
match_level(PinnaRevoice* const self, const float power) {
  const uint32_t n = self->vocoder.features.hop_length;
  const float    goal = mean_square(self->spoken, n);
  const float    part = 1.0F - self->memory;
  const float    before = self->gain;
  if (power > LEAST_POWER && goal > LEAST_POWER) {
    self->power_in += part * (power - self->power_in);
    self->power_out += part * (goal - self->power_out);
    const float gain = sqrtf(self->power_in / self->power_out);
    self->gain = fminf(fmaxf(gain, 1.0F / MOST_GAIN), MOST_GAIN);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    self->spoken[i] *= before + (self->gain - before) * (float)(i + 1U) / (float)n;
  }
}

/// The next frame that was fed since the last drop, instead of the sound's
static bool
take_fed(PinnaRevoice* const self) {
  const uint32_t era = atomic_load_explicit(&self->era, memory_order_relaxed);
  const uint32_t n_mels = self->vocoder.features.n_mels;
  PinnaMessage   head;
  do {
    if (!pinna_ring_peek(self->fed, &head)) {
      return false;
    }
    pinna_ring_pop(self->fed, &head, head.type == era ? self->mel : NULL,
                   head.type == era ? n_mels * (uint32_t)sizeof(float) : 0U);
  } while (head.type != era);
  for (uint32_t m = 0U; m < n_mels; ++m) {
    self->mel[m] = isfinite(self->mel[m]) ? fminf(fmaxf(self->mel[m], -30.0F), 20.0F) : -30.0F;
  }
  return true;
}

/// Frame to picture
static void
look_at(const PinnaRevoice* const self, uint8_t* const bands) {
  const uint32_t n_mels = self->vocoder.features.n_mels;
  memset(bands, 0, PINNA_REVOICE_BANDS);
  for (uint32_t m = 0U; m < n_mels; ++m) {
    uint8_t* const band = &bands[m * PINNA_REVOICE_BANDS / n_mels];
    const float    step = (self->mel[m] - LOOK_FLOOR) * LOOK_STEPS;
    const uint8_t  level = step > 0.0F ? (uint8_t)fminf(step, 255.0F) : 0U;
    *band = level > *band ? level : *band;
  }
}

/// A hop is full: speak one, put it behind what waits
static void
speak(PinnaRevoice* const self) {
  const uint32_t n = self->vocoder.features.hop_length;
  memmove(self->powers, self->powers + 1, (self->n_powers - 1U) * sizeof(float));
  self->powers[self->n_powers - 1U] = mean_square(self->hop, n);
  take_params(self);
  pinna_vocoder_mel_run(self->analysis, self->hop, self->mel);
  const bool       is_fed = take_fed(self);
  PinnaRevoiceLook look;
  look_at(self, look.said);
  pinna_mel_edit_run(self->edit, self->mel);
  look_at(self, look.spoken);
  pinna_ring_push(self->looks, 0U, &look, sizeof(look));
  self->vocoder.run(self->vocoder.handle, self->mel, 1U, self->spoken);
  if (!is_fed) {
    match_level(self, self->powers[0]); // Of what is spoken now
  }
  if (self->up) {
    const float* const from[] = {self->spoken};
    float* const       to[] = {self->ready + self->n_ready};
    self->n_ready += pinna_resample_run(self->up, from, n, to);
  } else {
    memcpy(self->ready + self->n_ready, self->spoken, n * sizeof(float));
    self->n_ready += n;
  }
}

static void
run_piece(PinnaRevoice* const self, const float* const in, float* const out, const uint32_t n) {
  const uint32_t n_hop = self->vocoder.features.hop_length;
  uint32_t       n_low = n;
  if (self->down) {
    float* const to[] = {self->low};
    n_low = pinna_resample_run(self->down, &in, n, to);
  } else {
    memcpy(self->low, in, n * sizeof(float));
  }
  for (uint32_t i = 0U; i < n_low; ++i) {
    self->hop[self->n_hop] = self->low[i];
    if (++self->n_hop == n_hop) {
      speak(self);
      self->n_hop = 0U;
    }
  }
  memcpy(out, self->ready, n * sizeof(float));
  self->n_ready -= n;
  memmove(self->ready, self->ready + n, self->n_ready * sizeof(float));
}

void
pinna_revoice_run(PinnaRevoice* const self, const float* in, float* out, const uint32_t n_frames) {
  uint32_t left = n_frames;
  while (left) {
    const uint32_t n = left < PINNA_REVOICE_PIECE ? left : PINNA_REVOICE_PIECE;
    run_piece(self, in, out, n);
    in += n;
    out += n;
    left -= n;
  }
}

uint32_t
pinna_revoice_latency(const PinnaRevoice* const self) {
  return self->latency;
}

void
pinna_revoice_set(PinnaRevoice* const self, const PinnaMelEditParams* const p) {
  const float values[PINNA_REVOICE_N_PARAMS] = {
      (float)p->pitch, (float)p->formant,  (float)p->robot_hz,   (float)p->whisper,
      (float)p->blur,  (float)p->smooth_s, (float)p->denoise_db, p->freeze ? 1.0F : 0.0F};
  pinna_snapshot_write(&self->params, values);
}

bool
pinna_revoice_feed(PinnaRevoice* const self, const float* const mel) {
  const uint32_t era = atomic_load_explicit(&self->era, memory_order_relaxed);
  return pinna_ring_push(self->fed, era, mel,
                         self->vocoder.features.n_mels * (uint32_t)sizeof(float));
}

bool
pinna_revoice_look(PinnaRevoice* const self, PinnaRevoiceLook* const look) {
  PinnaMessage head;
  return pinna_ring_pop(self->looks, &head, look, sizeof(*look));
}

void
pinna_revoice_drop(PinnaRevoice* const self) {
  atomic_fetch_add_explicit(&self->era, 1U, memory_order_relaxed);
}

void
pinna_revoice_reset(PinnaRevoice* const self) {
  pinna_revoice_drop(self);
  pinna_revoice_restart(self);
}

void
pinna_revoice_restart(PinnaRevoice* const self) {
  if (self->down) {
    pinna_resample_reset(self->down);
    pinna_resample_reset(self->up);
  }
  pinna_vocoder_mel_reset(self->analysis);
  pinna_mel_edit_reset(self->edit);
  self->vocoder.reset(self->vocoder.handle);
  self->n_hop = 0U;
  self->n_ready = self->n_prime;
  memset(self->ready, 0, self->n_prime * sizeof(float));
  memset(self->powers, 0, self->n_powers * sizeof(float));
  self->power_in = self->power_out = LEAST_POWER;
  self->gain = 1.0F;
}
