// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/scroll.h"

#include "dsp/scroll_impl.h"

#include <complex.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>

// Fills columns, shows them

static float
power_of(const float complex* const bin) {
  const float re = crealf(*bin);
  const float im = cimagf(*bin);
  return re * re + im * im;
}

static float
row_power(const ScrollRow* const row, const float complex* const bins) {
  float power = power_of(&bins[row->first]);
  if (row->first == row->last) {
    return power + row->mix * (power_of(&bins[row->first + 1U]) - power);
  }
  for (uint32_t k = row->first + 1U; k <= row->last; ++k) {
    const float next = power_of(&bins[k]);
    power = next > power ? next : power; // Inlined, not fmaxf()
  }
  return power;
}

static void
end_column(PinnaScroll* const self) {
  const uint32_t         n = atomic_load_explicit(&self->n_columns, memory_order_relaxed);
  _Atomic uint8_t* const column = self->levels[n % PINNA_SCROLL_COLUMNS];
  for (uint32_t r = 0U; r < self->n_rows; ++r) {
    const float db = 10.0f * log10f(self->power[r] * self->scale + 1e-12f);
    const float step = fminf(fmaxf(2.0f * (db - PINNA_SCROLL_LOWEST_DB), 0.0f), 255.0f);
    atomic_store_explicit(&column[r], (uint8_t)step, memory_order_relaxed);
    self->power[r] = 0.0f;
  }
  self->filled = 0U;
  atomic_store_explicit(&self->n_columns, n + 1U, memory_order_release);
}

uint32_t
pinna_scroll_frame(PinnaScroll* const self, const float complex* const bins) {
  for (uint32_t r = 0U; r < self->n_rows; ++r) {
    const float power = row_power(&self->rows[r], bins);
    self->power[r] = power > self->power[r] ? power : self->power[r];
  }
  if (++self->filled == self->n_frames) {
    end_column(self);
  }
  return pinna_scroll_n_columns(self);
}

uint32_t
pinna_scroll_n_columns(const PinnaScroll* const self) {
  return atomic_load_explicit(&self->n_columns, memory_order_acquire);
}

void
pinna_scroll_read(const PinnaScroll* const self, const uint32_t column, float* const levels) {
  const uint32_t n = pinna_scroll_n_columns(self);
  const uint32_t age = n - column; // 1: the newest; also right after the count has wrapped
  for (uint32_t r = 0U; r < PINNA_SCROLL_ROWS; ++r) {
    const _Atomic uint8_t* const level = &self->levels[column % PINNA_SCROLL_COLUMNS][r];
    levels[r] = PINNA_SCROLL_LOWEST_DB;
    if (age && age <= PINNA_SCROLL_COLUMNS) {
      levels[r] += 0.5f * (float)atomic_load_explicit(level, memory_order_relaxed);
    }
  }
}
