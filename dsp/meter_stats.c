// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/meter_stats.h"

#include "dsp/meter_stats_impl.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// Adding and reading

static void
add_samples(MeterStatsSlot* const slot, const float* const in, const uint32_t n) {
  MeterStatsSlot s = *slot;
  for (uint32_t i = 0U; i < n; ++i) {
    const double x = (double)in[i];
    s.sum += x;
    s.squares += x * x;
    s.minimum = x < s.minimum ? x : s.minimum;
    s.maximum = x > s.maximum ? x : s.maximum;
  }
  s.n += n;
  *slot = s;
}

static void
add_slot(MeterStatsSlot* const to, const MeterStatsSlot* const slot) {
  if (slot->n > 0.0) {
    const double none = to->n > 0.0 ? 0.0 : 1.0;
    to->minimum = none > 0.0 ? slot->minimum : fmin(to->minimum, slot->minimum);
    to->maximum = none > 0.0 ? slot->maximum : fmax(to->maximum, slot->maximum);
    to->sum += slot->sum;
    to->squares += slot->squares;
    to->n += slot->n;
  }
}

static MeterStatsSlot
empty_slot(void) {
  return (MeterStatsSlot){.minimum = INFINITY, .maximum = -INFINITY};
}

static void
end_slot(PinnaMeterStats* const self) {
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    MeterStatsChannel* const channel = &self->channels[c];
    add_slot(&channel->total, &channel->filling);
    channel->ring[self->at] = channel->filling;
    channel->filling = empty_slot();
  }
  self->at = (self->at + 1U) % METER_STATS_SLOTS;
  self->filled = 0U;
}

void
pinna_meter_stats_run(PinnaMeterStats* const self, const float* const* const in, const uint32_t n) {
  for (uint32_t at = 0U; at < n;) {
    const uint32_t room = self->slot_length - self->filled;
    const uint32_t chunk = n - at < room ? n - at : room;
    for (uint32_t c = 0U; c < self->n_ch; ++c) {
      MeterStatsChannel* const channel = &self->channels[c];
      channel->filling = self->filled ? channel->filling : empty_slot();
      add_samples(&channel->filling, in[c] + at, chunk);
    }
    self->filled += chunk;
    at += chunk;
    if (chunk == room) {
      end_slot(self);
    }
  }
}

/// One channel's sums into the reading; `reading->rms` gathers squares, until the end
static void
gather(PinnaMeterStatsReading* const reading, const MeterStatsSlot* const slot, double* const n) {
  if (slot->n > 0.0) {
    const double mean = slot->sum / slot->n;
    reading->dc = fabs(mean) > fabs(reading->dc) ? mean : reading->dc;
    reading->rms += slot->squares;
    reading->minimum = *n > 0.0 ? fmin(reading->minimum, slot->minimum) : slot->minimum;
    reading->maximum = *n > 0.0 ? fmax(reading->maximum, slot->maximum) : slot->maximum;
    *n += slot->n;
  }
}

static void
finish(PinnaMeterStatsReading* const reading, const double n) {
  reading->rms = n > 0.0 ? sqrt(reading->rms / n) : 0.0;
  reading->peak = fmax(reading->maximum, -reading->minimum);
  reading->crest = reading->rms > 0.0 ? reading->peak / reading->rms : 1.0;
}

void
pinna_meter_stats_moment(const PinnaMeterStats* const self, PinnaMeterStatsReading* const reading) {
  double n = 0.0;
  *reading = (PinnaMeterStatsReading){.dc = 0.0};
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    MeterStatsSlot sum = {.n = 0.0};
    for (uint32_t s = 0U; s < METER_STATS_SLOTS; ++s) {
      add_slot(&sum, &self->channels[c].ring[s]);
    }
    gather(reading, &sum, &n);
  }
  finish(reading, n);
}

void
pinna_meter_stats_total(const PinnaMeterStats* const self, PinnaMeterStatsReading* const reading) {
  double n = 0.0;
  *reading = (PinnaMeterStatsReading){.dc = 0.0};
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    MeterStatsSlot sum = self->channels[c].total;
    if (self->filled) {
      add_slot(&sum, &self->channels[c].filling);
    }
    gather(reading, &sum, &n);
  }
  finish(reading, n);
}

void
pinna_meter_stats_reset(PinnaMeterStats* const self) {
  memset(self->channels, 0, self->n_ch * sizeof(MeterStatsChannel));
  self->filled = 0U;
  self->at = 0U;
}
