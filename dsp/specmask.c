// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/specmask.h"

#include "dsp/mask_clock.h"
#include "dsp/specmask_impl.h"
#include "dsp/stft.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Parameters, the gate's curves, running and what is told about it

static const double lowest_point_hz = 50.0;
static const double highest_point_hz = 16000.0;

double
pinna_specmask_gate_hz(const uint32_t i) {
  return lowest_point_hz *
         pow(highest_point_hz / lowest_point_hz, (double)i / (PINNA_SPECMASK_N_GATE_BANDS - 1U));
}

float
pinna_specmask_place(const double hz) {
  const double last = PINNA_SPECMASK_N_GATE_BANDS - 1U;
  const double place =
      last * log(fmax(hz, 1.0) / lowest_point_hz) / log(highest_point_hz / lowest_point_hz);
  const double at = fmin(fmax(place, 0.0), last);
  const double i = floor(at);
  return (float)(i + 0.5 - 0.5 * cos(3.14159265358979323846 * (at - i)));
}

static float
value_at(const float* const points, const float place) {
  const uint32_t last = PINNA_SPECMASK_N_GATE_BANDS - 1U;
  const uint32_t i = (uint32_t)place < last ? (uint32_t)place : last - 1U;
  return points[i] + (place - (float)i) * (points[i + 1U] - points[i]);
}

float
pinna_specmask_curve(const float* const points, const double hz) {
  return value_at(points, pinna_specmask_place(hz));
}

static float
clamp(const float x, const float low, const float high) {
  return x > low ? (x < high ? x : high) : low;
}

static float
step_of(const PinnaSpecmask* const self, const float seconds) {
  return (float)(1.0 - exp(-self->frame_seconds / fmax((double)seconds, 1e-4)));
}

static float
power_of_db(const float db) {
  return exp2f(0.33219280948873626f * db);
}

static void
set_gate(PinnaSpecmask* const self) {
  const PinnaSpecmaskGate* const gate = &self->params.gate;
  self->attack_step = step_of(self, gate->attack);
  self->release_step = step_of(self, gate->release);
  self->closed = sqrtf(power_of_db(-fmaxf(gate->range_db, 0.0f)));
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    const float db = value_at(gate->threshold_db, self->place[k]);
    self->threshold[k] =
        db > PINNA_SPECMASK_GATE_OPEN_DB + 0.01f ? power_of_db(db + gate->offset_db) : 0.0f;
    self->gain[k] =
        gate->enabled ? sqrtf(power_of_db(value_at(gate->gain_db, self->place[k]))) : 1.0f;
  }
}

void
pinna_specmask_set(PinnaSpecmask* const self, const PinnaSpecmaskParams* const params) {
  PinnaSpecmaskParams* const p = &self->params;
  const bool                 is_gate_new = memcmp(&p->gate, &params->gate, sizeof(p->gate)) != 0;
  *p = *params;
  p->depth = clamp(p->depth, 0.0f, 1.0f);
  p->mix = clamp(p->mix, 0.0f, 1.0f);
  p->masks.bpm = clamp(p->masks.bpm, 1.0f, 1000.0f);
  p->masks.time.beats = clamp(p->masks.time.beats, 0.01f, 1000.0f);
  p->masks.freq.beats = clamp(p->masks.freq.beats, 0.01f, 1000.0f);
  p->masks.time.rate = clamp(p->masks.time.rate, 1e-6f, 1000.0f);
  p->masks.freq.rate = clamp(p->masks.freq.rate, 1e-6f, 1000.0f);
  p->masks.time_width = clamp(p->masks.time_width, 0.0f, 10.0f);
  p->masks.time_vary = clamp(p->masks.time_vary, 0.0f, 1.0f);
  p->masks.freq_vary = clamp(p->masks.freq_vary, 0.0f, 1.0f);
  p->masks.p = clamp(p->masks.p, 0.0f, 1.0f);
  p->masks.n_bands =
      p->masks.n_bands < PINNA_MASK_MAX_BANDS ? p->masks.n_bands : PINNA_MASK_MAX_BANDS;
  self->stale = true;
  if (is_gate_new || !self->attack_step) {
    set_gate(self);
  }
}

void
pinna_specmask_trigger(PinnaSpecmask* const self) {
  self->triggered = true;
}

void
pinna_specmask_run(PinnaSpecmask* const self, const float* const* const in, float* const* const out,
                   const uint32_t n_frames) {
  pinna_stft_run(self->stft, in, out, n_frames, pinna_specmask_frame, self);
}

void
pinna_specmask_reset(PinnaSpecmask* const self) {
  pinna_stft_reset(self->stft);
  self->clock = (PinnaMaskClock){0};
  self->triggered = false;
  self->stale = true;
  self->n_mean = 0U;
  self->time_covered = self->freq_covered = self->gate_taken = 0.0f;
  memset(self->mean, 0, (size_t)self->n_bins * self->n_ch * sizeof(float));
  for (uint32_t k = 0U; k < self->n_bins; ++k) {
    self->open[k] = 1.0f;
    self->covered[k] = -1.0f; // The first frame jumps to the masks
  }
  atomic_store_explicit(&self->view_drawn, 0U, memory_order_relaxed);
  atomic_store_explicit(&self->seen, false, memory_order_relaxed);
}

uint32_t
pinna_specmask_latency(const PinnaSpecmask* const self) {
  return pinna_stft_latency(self->stft);
}

uint32_t
pinna_specmask_hop(const PinnaSpecmask* const self) {
  return self->hop;
}

void
pinna_specmask_meters(const PinnaSpecmask* const self, float* const time, float* const freq,
                      float* const gate) {
  *time = self->time_covered;
  *freq = self->freq_covered;
  *gate = self->gate_taken;
}

/// Straight lines over the columns that no bin falls into
static void
bridge(const PinnaSpecmask* const self, float* const values) {
  uint32_t last = 0U;
  for (uint32_t i = 1U; i < PINNA_SPECMASK_N_VIEW; ++i) {
    if (self->view_from[i + 1U] > self->view_from[i]) {
      for (uint32_t k = last + 1U; k < i; ++k) {
        const float t = (float)(k - last) / (float)(i - last);
        values[k] = values[last] + t * (values[i] - values[last]);
      }
      last = i;
    }
  }
}

bool
pinna_specmask_view(const PinnaSpecmask* const self, float* const level_db, float* const kept,
                    PinnaMaskClock* const clock) {
  for (uint32_t i = 0U; i < PINNA_SPECMASK_N_VIEW; ++i) {
    const float power = atomic_load_explicit(&self->view_level[i], memory_order_relaxed);
    level_db[i] = 10.0f * log10f(power + 1e-20f);
    kept[i] = atomic_load_explicit(&self->view_kept[i], memory_order_relaxed);
  }
  bridge(self, level_db);
  bridge(self, kept);
  if (clock) {
    *clock =
        (PinnaMaskClock){.drawn = atomic_load_explicit(&self->view_drawn, memory_order_relaxed)};
  }
  return atomic_load_explicit(&self->seen, memory_order_relaxed);
}
