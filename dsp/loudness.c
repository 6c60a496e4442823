// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/loudness.h"

#include "dsp/biquad.h"
#include "dsp/k_weighting.h"
#include "dsp/loudness_impl.h"
#include "dsp/true_peak.h"

#include <math.h>
#include <string.h>

// Listening and reading

#define CHUNK 256U

static const double offset_lu = -0.691; // BS.1770-4, equation 2

static double
to_lufs(const double energy) {
  return energy > 0.0 ? fmax(offset_lu + 10.0 * log10(energy), PINNA_LOUDNESS_SILENCE)
                      : PINNA_LOUDNESS_SILENCE;
}

void
pinna_loudness_reset(PinnaLoudness* const self) {
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    memset(self->channels[c].filters, 0, sizeof(self->channels[c].filters));
    self->channels[c].energy = 0.0;
    pinna_true_peak_reset(&self->channels[c].peak);
  }
  self->slot = 0U;
  self->slot_filled = 0U;
  self->n_slots = 0U;
  self->momentary = self->short_term = 0.0;
  self->momentary_max = self->short_term_max = 0.0;
  memset(self->ring, 0, sizeof(self->ring));
  memset(&self->blocks, 0, sizeof(self->blocks));
  memset(&self->ranges, 0, sizeof(self->ranges));
}

static void
count_block(LoudnessHistogram* const histogram, const double energy) {
  const double lufs = to_lufs(energy);
  if (lufs >= LOUDNESS_GATE) {
    const double   place = (lufs - LOUDNESS_GATE) / LOUDNESS_BIN_LU;
    const uint32_t bin = place < LOUDNESS_BINS - 1.0 ? (uint32_t)place : LOUDNESS_BINS - 1U;
    histogram->energy[bin] += energy;
    ++histogram->count[bin];
  }
}

/// Mean energy of the last `n` slots, oldest first
static double
mean_of_slots(const PinnaLoudness* const self, const uint32_t n) {
  uint32_t at = (uint32_t)((self->n_slots + LOUDNESS_SLOTS - n) % LOUDNESS_SLOTS);
  double   sum = 0.0;
  for (uint32_t s = 0U; s < n; ++s) {
    sum += self->ring[at];
    at = at + 1U < LOUDNESS_SLOTS ? at + 1U : 0U;
  }
  return sum * LOUDNESS_SLOTS_PER_STEP / ((double)n * self->step_length);
}

static void
end_slot(PinnaLoudness* const self) {
  double energy = 0.0;
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    energy += self->channels[c].weight * self->channels[c].energy;
    self->channels[c].energy = 0.0;
  }
  self->ring[self->n_slots % LOUDNESS_SLOTS] = energy;
  ++self->n_slots;
  self->slot = (self->slot + 1U) % LOUDNESS_SLOTS_PER_STEP;
  self->slot_filled = 0U;

  self->momentary = mean_of_slots(self, LOUDNESS_MOMENTARY_SLOTS);
  self->short_term = mean_of_slots(self, LOUDNESS_SLOTS);
  self->momentary_max = fmax(self->momentary_max, self->momentary);
  self->short_term_max = fmax(self->short_term_max, self->short_term);
  if (!self->slot && self->n_slots >= LOUDNESS_MOMENTARY_SLOTS) {
    count_block(&self->blocks, self->momentary);
  }
  if (self->n_slots >= LOUDNESS_SLOTS &&
      !(self->n_slots % (LOUDNESS_SLOTS_PER_STEP * LOUDNESS_STEPS_PER_RANGE))) {
    count_block(&self->ranges, self->short_term);
  }
}

static void
add_energy(PinnaLoudness* const self, LoudnessChannel* const channel, const float* const in,
           const uint32_t n) {
  float        weighted[CHUNK];
  const double before = channel->energy;
  double       energy = before;
  pinna_biquad_run(self->filters, channel->filters, PINNA_K_WEIGHTING_SECTIONS, in, weighted, n);
  for (uint32_t i = 0U; i < n; ++i) {
    energy += (double)weighted[i] * (double)weighted[i];
  }
  channel->energy = energy;
  pinna_true_peak_run(&channel->peak, in, n);
}

/// Samples in a slot: ten slots are one step, whatever the rate
static uint32_t
slot_length(const PinnaLoudness* const self) {
  const uint64_t length = self->step_length;
  return (uint32_t)(length * (self->slot + 1U) / LOUDNESS_SLOTS_PER_STEP -
                    length * self->slot / LOUDNESS_SLOTS_PER_STEP);
}

void
pinna_loudness_run(PinnaLoudness* const self, const float* const* const in, const uint32_t n) {
  for (uint32_t at = 0U; at < n;) {
    const uint32_t room = slot_length(self) - self->slot_filled;
    const uint32_t left = n - at < room ? n - at : room;
    const uint32_t chunk = left < CHUNK ? left : CHUNK;
    for (uint32_t c = 0U; c < self->n_ch; ++c) {
      add_energy(self, &self->channels[c], in[c] + at, chunk);
    }
    self->slot_filled += chunk;
    if (chunk == room) {
      end_slot(self);
    }
    at += chunk;
  }
}

/// Sums over the bins from `first` on
static double
sum_from(const LoudnessHistogram* const histogram, const uint32_t first, uint64_t* const count) {
  double   energy = 0.0;
  uint64_t n = 0U;
  for (uint32_t b = first; b < LOUDNESS_BINS; ++b) {
    energy += histogram->energy[b];
    n += histogram->count[b];
  }
  *count = n;
  return energy;
}

/// The first bin whose blocks lie on or above `energy`
static uint32_t
bin_above(const LoudnessHistogram* const histogram, const double energy) {
  const double place = (to_lufs(energy) - LOUDNESS_GATE) / LOUDNESS_BIN_LU;
  uint32_t     bin = place > 0.0 ? (uint32_t)fmin(place, LOUDNESS_BINS - 1.0) : 0U;
  if (place > 0.0 && histogram->energy[bin] < energy * (double)histogram->count[bin]) {
    ++bin;
  }
  return bin;
}

static double
integrate(const LoudnessHistogram* const histogram) {
  uint64_t     n = 0U;
  const double energy = sum_from(histogram, 0U, &n);
  if (!n) {
    return PINNA_LOUDNESS_SILENCE;
  }
  const double gated = sum_from(histogram, bin_above(histogram, 0.1 * energy / (double)n), &n);
  return n ? to_lufs(gated / (double)n) : PINNA_LOUDNESS_SILENCE;
}

/// Level of block `rank` of those from bin `first` on, in order of loudness
static double
level_of(const LoudnessHistogram* const histogram, const uint32_t first, const uint64_t rank) {
  uint64_t passed = 0U;
  uint32_t bin = first;
  while (bin < LOUDNESS_BINS - 1U && passed + histogram->count[bin] <= rank) {
    passed += histogram->count[bin++];
  }
  return to_lufs(histogram->energy[bin] / (double)histogram->count[bin]);
}

/// EBU Tech 3342: from the 10th to the 95th percentile above -20 LU
static double
range_of(const LoudnessHistogram* const histogram) {
  uint64_t     n = 0U;
  const double energy = sum_from(histogram, 0U, &n);
  if (!n) {
    return 0.0;
  }
  const uint32_t first = bin_above(histogram, 0.01 * energy / (double)n);
  sum_from(histogram, first, &n);
  if (!n) {
    return 0.0;
  }
  const double last = (double)(n - 1U);
  return level_of(histogram, first, (uint64_t)(0.95 * last + 0.5)) -
         level_of(histogram, first, (uint64_t)(0.10 * last + 0.5));
}

void
pinna_loudness_read_levels(const PinnaLoudness* const self, PinnaLoudnessReading* const reading) {
  float peak = 0.0f;
  for (uint32_t c = 0U; c < self->n_ch; ++c) {
    peak = fmaxf(peak, pinna_true_peak_value(&self->channels[c].peak));
  }
  reading->momentary = to_lufs(self->momentary);
  reading->short_term = to_lufs(self->short_term);
  reading->momentary_max = to_lufs(self->momentary_max);
  reading->short_term_max = to_lufs(self->short_term_max);
  reading->true_peak = peak > 0.0f ? fmax(20.0 * log10((double)peak), PINNA_LOUDNESS_SILENCE)
                                   : PINNA_LOUDNESS_SILENCE;
}

void
pinna_loudness_read(const PinnaLoudness* const self, PinnaLoudnessReading* const reading) {
  pinna_loudness_read_levels(self, reading);
  reading->integrated = integrate(&self->blocks);
  reading->range = range_of(&self->ranges);
}
