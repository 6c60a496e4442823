// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_SPAN_H
#define PINNA_DSP_RESAMPLE_SPAN_H

#include "dsp/resample_impl.h"

#include <stdbool.h>
#include <string.h>

// The loop over a span's groups, the same for every instruction set, around its dot products

/// sums[lane] = the group's coefficients times its window at `x`
static inline void dot(const float* table, uint32_t n_steps, uint32_t lanes, const float* x,
                       float* sums);

/// The same for two windows, with equal results; sums [2][32]
static inline void dot_pair(const float* table, uint32_t n_steps, uint32_t lanes, const float* x,
                            const float* y, float* sums);

/// Some outputs of one group, the same in every channel
typedef struct {
  const float* table;
  const float* in;    ///< Channel 0's window
  uint32_t     lane;  ///< First lane to store
  uint32_t     count; ///< Lanes to store
  size_t       at;    ///< Frame of `out` where they go
} Piece;

static inline void
store(float* const out, const float* const sums, const Piece* const p) {
  if (p->count == PINNA_RESAMPLE_LANES) {
    memcpy(out + p->at, sums, PINNA_RESAMPLE_LANES * sizeof(float));
  } else if (p->count == PINNA_RESAMPLE_LANES / 2U) {
    memcpy(out + p->at, sums + p->lane, PINNA_RESAMPLE_LANES / 2U * sizeof(float));
  } else {
    memcpy(out + p->at, sums + p->lane, p->count * sizeof(float));
  }
}

/// Read the coefficients once for two channels
static inline void
run_channels(const PinnaResampleSpan* const s, const Piece* const p) {
  _Alignas(64) float sums[2 * PINNA_RESAMPLE_LANES];
  uint32_t           c = 0;
  for (; c + 2 <= s->n_ch; c += 2) {
    const float* const x = p->in + c * s->stride;
    dot_pair(p->table, s->n_steps, s->lanes, x, x + s->stride, sums);
    store(s->out[c], sums, p);
    store(s->out[c + 1], sums + PINNA_RESAMPLE_LANES, p);
  }
  if (c < s->n_ch) {
    dot(p->table, s->n_steps, s->lanes, p->in + c * s->stride, sums);
    store(s->out[c], sums, p);
  }
}

/// Read the coefficients once for this turn and the next
static inline void
run_turns(const PinnaResampleSpan* const s, const Piece* const p) {
  _Alignas(64) float sums[2 * PINNA_RESAMPLE_LANES];
  for (uint32_t c = 0; c < s->n_ch; ++c) {
    const float* const x = p->in + c * s->stride;
    dot_pair(p->table, s->n_steps, s->lanes, x, x + s->m, sums);
    store(s->out[c], sums, p);
    store(s->out[c] + s->l, sums + PINNA_RESAMPLE_LANES, p);
  }
}

static inline uint32_t
least(const uint32_t a, const uint32_t b, const size_t c) {
  const uint32_t ab = a < b ? a : b;
  return ab < c ? ab : (uint32_t)c;
}

static inline void
run_groups(const PinnaResampleSpan* const s) {
  const size_t group_size = (size_t)s->n_steps * 2 * PINNA_RESAMPLE_CHAINS * s->lanes;
  const float* in = s->in;
  uint32_t     place = s->phase;
  for (size_t done = 0; done < s->n_out;) {
    const size_t n_left = s->n_out - done;
    const bool   two = n_left >= 2 * (size_t)s->l;
    const size_t n = n_left < s->l ? n_left : s->l;
    for (size_t i = 0; i < n;) {
      const uint32_t group = place / s->lanes;
      const uint32_t lane = place % s->lanes;
      const uint32_t count = least(s->lanes - lane, s->l - place, n - i);
      const Piece piece = {s->table + group * group_size, in, lane, count, s->out_start + done + i};
      if (two) {
        run_turns(s, &piece);
      } else {
        run_channels(s, &piece);
      }
      i += count;
      place += count;
      if (lane + count == s->lanes || place == s->l) {
        in += s->offsets[group + 1] - s->offsets[group];
        place = place == s->l ? 0 : place;
      }
    }
    in += two ? s->m : 0;
    done += two ? 2 * n : n;
  }
}

#endif // PINNA_DSP_RESAMPLE_SPAN_H
