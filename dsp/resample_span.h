// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_SPAN_H
#define PINNA_DSP_RESAMPLE_SPAN_H

#include "dsp/resample_impl.h"

// The loop over a span's outputs, the same for every instruction set: rows read once for four
// outputs

/// Outputs that share a row, at most: as many as the widest dot product takes
#define MAX_TURNS 4U

/// sums[j] = row . x[j], for 4 and for 1 windows; the same order of additions in both
static inline void  dot4(const float* row, uint32_t n_taps, const float* const* x, float* sums);
static inline float dot1(const float* row, uint32_t n_taps, const float* x);

/// All channels of outputs `at`, `at` + l, ... (n_turns of them), which share a row
static inline void
run_row(const PinnaResampleSpan* const s, const float* const row, const float* const in,
        const size_t at, const uint32_t n_turns) {
  for (uint32_t c = 0; c < s->n_ch; ++c) {
    const float* const x = in + c * s->in_stride;
    float* const       out = s->out[c] + at;
    if (n_turns == MAX_TURNS) {
      const float* const windows[MAX_TURNS] = {x, x + s->m, x + 2 * (size_t)s->m,
                                               x + 3 * (size_t)s->m};
      float              sums[MAX_TURNS];
      dot4(row, s->n_taps, windows, sums);
      for (uint32_t j = 0; j < MAX_TURNS; ++j) {
        out[(size_t)j * s->l] = sums[j];
      }
    } else {
      for (uint32_t j = 0; j < n_turns; ++j) {
        out[(size_t)j * s->l] = dot1(row, s->n_taps, x + (size_t)j * s->m);
      }
    }
  }
}

static inline void
run_span(const PinnaResampleSpan* const s) {
  const uint32_t step = s->m / s->l;
  const uint32_t step_frac = s->m % s->l;
  uint32_t       phase = s->phase;
  const float*   in = s->in;
  for (size_t done = 0; done < s->n_out;) {
    const size_t   n_left = s->n_out - done;
    const size_t   turns = n_left / s->l;
    const uint32_t n_turns = turns >= MAX_TURNS ? MAX_TURNS : turns ? (uint32_t)turns : 1U;
    const size_t   n = n_left < s->l ? n_left : s->l;
    for (size_t i = 0; i < n; ++i) {
      run_row(s, s->rows + (size_t)phase * s->n_taps, in, s->out_start + done + i, n_turns);
      in += step;
      phase += step_frac;
      if (phase >= s->l) {
        phase -= s->l;
        ++in;
      }
    }
    in += (size_t)(n_turns - 1) * s->m;
    done += n + (size_t)(n_turns - 1) * s->l;
  }
}

#endif // PINNA_DSP_RESAMPLE_SPAN_H
