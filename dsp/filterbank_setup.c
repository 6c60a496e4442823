// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/filterbank.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/filterbank_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Scales and triangles, in double precision

#define SLANEY_STEP (200.0 / 3.0)              ///< Hz per mel below
#define SLANEY_KNEE 1000.0                     ///< Hz, where the logarithm starts
#define SLANEY_LOG (1.8562979903656263 / 27.0) ///< ln(6.4) / 27 per mel above

double
pinna_scale_from_hz(const double hz, const PinnaScale scale) {
  return scale == PINNA_SCALE_LINEAR ? hz
         : scale == PINNA_SCALE_HTK  ? 2595.0 * log10(1.0 + hz / 700.0)
         : hz < SLANEY_KNEE          ? hz / SLANEY_STEP
                            : SLANEY_KNEE / SLANEY_STEP + log(hz / SLANEY_KNEE) / SLANEY_LOG;
}

double
pinna_scale_to_hz(const double value, const PinnaScale scale) {
  const double knee = SLANEY_KNEE / SLANEY_STEP;
  return scale == PINNA_SCALE_LINEAR ? value
         : scale == PINNA_SCALE_HTK  ? 700.0 * (pow(10.0, value / 2595.0) - 1.0)
         : value < knee              ? value * SLANEY_STEP
                                     : SLANEY_KNEE * exp(SLANEY_LOG * (value - knee));
}

typedef struct {
  const PinnaFilterbankConfig* config;
  double                       from; ///< f_min on the scale
  double                       step; ///< Between neighbouring points, on the scale
  double                       half; ///< Hz of the last bin
} Design;

static double
point(const Design* const d, const uint32_t i) {
  return pinna_scale_to_hz(d->from + d->step * i, d->config->scale);
}

static double
weight(const Design* const d, const uint32_t filter, const uint32_t bin) {
  const double low = point(d, filter);
  const double mid = point(d, filter + 1U);
  const double high = point(d, filter + 2U);
  const double f = d->half * bin / (d->config->n_freqs - 1U);
  const double height = fmax(0.0, fmin((f - low) / (mid - low), (high - f) / (high - mid)));
  return d->config->norm == PINNA_FILTER_NORM_SLANEY ? height * 2.0 / (high - low) : height;
}

// Bins from floor to ceil of the triangle: what lies outside is 0 for certain
static void
find_bins(const Design* const d, const uint32_t filter, uint32_t* const first,
          uint32_t* const end) {
  const double unit = (d->config->n_freqs - 1U) / d->half;
  const double from = fmax(0.0, floor(point(d, filter) * unit));
  const double to = fmin(d->config->n_freqs, ceil(point(d, filter + 2U) * unit) + 1.0);
  *first = (uint32_t)fmin(from, d->config->n_freqs);
  *end = to > from ? (uint32_t)to : *first;
}

static bool
is_valid(const PinnaFilterbankConfig* const c) {
  return c->n_freqs >= 2U && c->n_freqs <= 1U << 23U && c->n_filters && c->n_filters <= 4096U &&
         c->sample_rate >= 2U && c->f_min >= 0.0 && c->f_max >= 0.0 && isfinite(c->f_max) &&
         c->f_min < (c->f_max > 0.0 ? c->f_max : c->sample_rate / 2U) &&
         (unsigned)c->scale <= PINNA_SCALE_LINEAR && (unsigned)c->norm <= PINNA_FILTER_NORM_SLANEY;
}

static size_t
count_weights(const Design* const d) {
  size_t n = 0U;
  for (uint32_t m = 0U; m < d->config->n_filters; ++m) {
    uint32_t first = 0U;
    uint32_t end = 0U;
    find_bins(d, m, &first, &end);
    n += end - first;
  }
  return n;
}

PinnaStatus
pinna_filterbank_init(PinnaFilterbank** const self, PinnaArena* const arena,
                      const PinnaFilterbankConfig* const config) {
  *self = NULL;
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  Design       d = {.config = config, .half = config->sample_rate / 2U};
  const double f_max = config->f_max > 0.0 ? config->f_max : d.half;
  d.from = pinna_scale_from_hz(config->f_min, config->scale);
  d.step = (pinna_scale_from_hz(f_max, config->scale) - d.from) / (config->n_filters + 1U);

  PinnaFilterbank* const bank = PINNA_TAKE(arena, 1U, PinnaFilterbank);
  PinnaBand* const       bands = PINNA_TAKE(arena, config->n_filters, PinnaBand);
  float* const           weights = PINNA_TAKE(arena, count_weights(&d), float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *bank = (PinnaFilterbank){.n_freqs = config->n_freqs,
                            .n_filters = config->n_filters,
                            .bands = bands,
                            .weights = weights};
  uint32_t n = 0U;
  for (uint32_t m = 0U; m < config->n_filters; ++m) {
    uint32_t end = 0U;
    float    sum = 0.0f;
    bands[m].weights = n;
    find_bins(&d, m, &bands[m].first, &end);
    bands[m].n = end - bands[m].first;
    for (uint32_t k = bands[m].first; k < end; ++k) {
      weights[n] = (float)weight(&d, m, k);
      sum += weights[n++];
    }
    bank->n_empty += !(sum > 0.0f);
  }
  *self = bank;
  return PINNA_STATUS_OK;
}

static PinnaBand
trim(const float* const row, const uint32_t n, const uint32_t weights) {
  uint32_t first = 0U;
  uint32_t end = n;
  while (first < end && row[first] == 0.0f) {
    ++first;
  }
  while (end > first && row[end - 1U] == 0.0f) {
    --end;
  }
  return (PinnaBand){.first = first, .n = end - first, .weights = weights};
}

PinnaStatus
pinna_filterbank_init_dense(PinnaFilterbank** const self, PinnaArena* const arena,
                            const float* const dense, const uint32_t n_filters,
                            const uint32_t n_freqs) {
  *self = NULL;
  if (!n_filters || !n_freqs) {
    return PINNA_STATUS_BAD_ARG;
  }

  size_t n_weights = 0U;
  for (uint32_t m = 0U; m < n_filters; ++m) {
    n_weights += trim(dense + (size_t)m * n_freqs, n_freqs, 0U).n;
  }
  PinnaFilterbank* const bank = PINNA_TAKE(arena, 1U, PinnaFilterbank);
  PinnaBand* const       bands = PINNA_TAKE(arena, n_filters, PinnaBand);
  float* const           weights = PINNA_TAKE(arena, n_weights, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *bank = (PinnaFilterbank){
      .n_freqs = n_freqs, .n_filters = n_filters, .bands = bands, .weights = weights};
  uint32_t n = 0U;
  for (uint32_t m = 0U; m < n_filters; ++m) {
    const float* const row = dense + (size_t)m * n_freqs;
    bands[m] = trim(row, n_freqs, n);
    bank->n_empty += !bands[m].n;
    for (uint32_t i = 0U; i < bands[m].n; ++i) {
      weights[n++] = row[bands[m].first + i];
    }
  }
  *self = bank;
  return PINNA_STATUS_OK;
}
