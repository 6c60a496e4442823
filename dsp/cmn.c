// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/cmn.h"

#include "base/status.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Column by column, so that no memory is needed

PinnaCmnConfig
pinna_cmn_config(void) {
  return (PinnaCmnConfig){.cmn_window = 600U, .min_cmn_window = 100U};
}

typedef struct {
  ptrdiff_t start;
  ptrdiff_t end;
} Span;

static Span
window_at(const PinnaCmnConfig* const c, const ptrdiff_t t, const ptrdiff_t n) {
  const ptrdiff_t w = c->cmn_window;
  Span            s = {c->center ? t - w / 2 : t - w, c->center ? t - w / 2 + w : t + 1};
  if (s.start < 0) {
    s.end -= s.start;
    s.start = 0;
  }
  if (!c->center && s.end > t) {
    s.end = t + 1 > (ptrdiff_t)c->min_cmn_window ? t + 1 : (ptrdiff_t)c->min_cmn_window;
  }
  if (s.end > n) {
    s.start -= s.end - n;
    s.end = n;
    s.start = s.start > 0 ? s.start : 0;
  }
  return s;
}

typedef struct {
  double sum;
  double squares;
} Sums;

static void
add(Sums* const sums, const double x, const double sign) {
  sums->sum += sign * x;
  sums->squares += sign * x * x;
}

static float
normalise(const PinnaCmnConfig* const c, const Sums* const sums, const double n, const double x) {
  const double mean = sums->sum / n;
  if (!c->norm_vars) {
    return (float)(x - mean);
  }
  return n == 1.0 ? 0.0F : (float)((x - mean) / sqrt(sums->squares / n - mean * mean));
}

PinnaStatus
pinna_cmn_run(const PinnaCmnConfig* const config, const float* const in, const size_t n_frames,
              const uint32_t n_cols, float* const out) {
  const ptrdiff_t n = (ptrdiff_t)n_frames;
  if (!config->cmn_window || config->cmn_window > 1U << 30U || config->min_cmn_window > 1U << 30U) {
    return PINNA_STATUS_BAD_ARG;
  }

  for (uint32_t c = 0U; c < n_cols; ++c) {
    Sums sums = {0.0, 0.0};
    Span last = {0, 0};
    for (ptrdiff_t t = 0; t < n; ++t) {
      const Span now = window_at(config, t, n);
      for (; last.end < now.end; ++last.end) {
        add(&sums, in[last.end * (ptrdiff_t)n_cols + c], 1.0);
      }
      for (; last.start < now.start; ++last.start) {
        add(&sums, in[last.start * (ptrdiff_t)n_cols + c], -1.0);
      }
      const ptrdiff_t at = t * (ptrdiff_t)n_cols + c;
      out[at] = normalise(config, &sums, (double)(now.end - now.start), in[at]);
    }
  }
  return PINNA_STATUS_OK;
}
