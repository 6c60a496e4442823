// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/scroll.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/scroll_impl.h"

#include <math.h>
#include <stdint.h>

// Rows and memory

static void
plan_rows(PinnaScroll* const scroll, const PinnaScrollConfig* const config) {
  const double   octave = log(config->highest_hz / config->lowest_hz) / (PINNA_SCROLL_ROWS - 1U);
  const double   bin_hz = config->sample_rate / config->n_fft;
  const uint32_t n_bins = config->n_fft / 2U + 1U;
  for (uint32_t r = 0U; r < PINNA_SCROLL_ROWS; ++r) {
    const double from = config->lowest_hz * exp(octave * (r - 0.5)) / bin_hz;
    const double to = config->lowest_hz * exp(octave * (r + 0.5)) / bin_hz;
    ScrollRow    row = {.first = (uint32_t)ceil(from), .last = (uint32_t)floor(to)};
    if (row.last <= row.first) { // No two bins of its own
      const double centre = config->lowest_hz * exp(octave * r) / bin_hz;
      row.first = row.last = (uint32_t)centre;
      row.mix = (float)(centre - floor(centre));
    }
    if (row.last + 1U >= n_bins) {
      break;
    }
    scroll->rows[scroll->n_rows++] = row;
  }
}

PinnaStatus
pinna_scroll_init(PinnaScroll** const self, PinnaArena* const arena,
                  const PinnaScrollConfig* const config) {
  *self = NULL;
  if (!(config->sample_rate > 0.0) || config->n_fft < 16U || !config->n_frames ||
      !(config->lowest_hz > 0.0 && config->highest_hz > config->lowest_hz)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaScroll* const scroll = PINNA_TAKE(arena, 1U, PinnaScroll);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  double sum = 1e-9;
  for (uint32_t i = 0U; i < config->win_length; ++i) {
    sum += (double)config->window[i];
  }
  scroll->scale = (float)(4.0 / (sum * sum));
  scroll->n_frames = config->n_frames;
  plan_rows(scroll, config);
  *self = scroll;
  return PINNA_STATUS_OK;
}
