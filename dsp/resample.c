// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample.h"

#include "dsp/resample_impl.h"

#include <string.h>

// Realtime side of the polyphase resampler: keeps the input's history and cuts spans for the kernel

/// Frames whose window ends within the first `n_known` frames of `history`
static uint64_t
count_ready(const PinnaResample* const r, const uint64_t n_known) {
  const uint64_t start = r->offsets[r->phase / r->group]; // re the turn
  if (n_known + start < (uint64_t)r->pos + r->n_taps) {
    return 0;
  }
  const uint64_t steps = n_known + start - r->pos - r->n_taps;
  const uint64_t end = (steps * r->l + r->l - 1) / r->m + 1;
  return end > r->phase ? end - r->phase : 0;
}

/// Turns for all channels; what is not wanted of the last one is kept for the next call
static void
run_folds(PinnaResample* const r, float* const* const out, size_t at, uint64_t n_out) {
  const size_t turn = r->group;
  const size_t step = (size_t)r->m * r->n_turns;
  const float* in = r->history + r->pos + (r->n_taps - 1U - r->half);
  size_t       place = r->phase;
  while (n_out) {
    if (!place && n_out >= 2U * turn) {
      for (uint32_t c = 0; c < r->n_ch; ++c) {
        const float* const from = in + c * r->stride;
        r->fold_kernel(&r->fold, (const float*[]){from, from + step},
                       (float*[]){out[c] + at, out[c] + at + turn});
      }
      in += 2U * step;
      at += 2U * turn;
      n_out -= 2U * turn;
      continue;
    }
    for (uint32_t c = 0; !r->is_cached && c < r->n_ch; c += 2U) {
      const float* const from = in + c * r->stride;
      float* const       to = r->cache + c * turn;
      r->fold_kernel(&r->fold, (const float*[]){from, c + 1U < r->n_ch ? from + r->stride : NULL},
                     (float*[]){to, to + turn});
    }
    const size_t n = turn - place < n_out ? turn - place : n_out;
    for (uint32_t c = 0; c < r->n_ch; ++c) {
      memcpy(out[c] + at, r->cache + c * turn + place, n * sizeof(float));
    }
    at += n;
    n_out -= n;
    place = (place + n) % turn;
    r->is_cached = place != 0U;
    in += place ? 0U : step;
  }
}

static void
run_span(PinnaResample* const r, float* const* const out, const size_t out_start,
         const uint64_t n_out) {
  const uint64_t          turn_out = (uint64_t)r->l * r->n_turns;
  const uint64_t          turn_in = (uint64_t)r->m * r->n_turns;
  const PinnaResampleSpan span = {.table = r->table,
                                  .offsets = r->offsets,
                                  .n_steps = r->n_steps,
                                  .lanes = r->group,
                                  .l = (uint32_t)turn_out,
                                  .m = (uint32_t)turn_in,
                                  .phase = r->phase,
                                  .in = r->history + r->pos,
                                  .stride = r->stride,
                                  .out = out,
                                  .n_ch = r->n_ch,
                                  .out_start = out_start,
                                  .n_out = n_out};
  if (r->fold.n_rows) {
    run_folds(r, out, out_start, n_out);
  } else {
    r->kernel(&span);
  }
  const uint64_t end = r->phase + n_out;
  const uint32_t phase = (uint32_t)(end % turn_out);
  r->pos +=
      end / turn_out * turn_in + r->offsets[phase / r->group] - r->offsets[r->phase / r->group];
  r->phase = phase;
}

/// Drop what no window needs any more
static void
shift_history(PinnaResample* const r) {
  const size_t n_drop = r->pos < r->fill ? r->pos : r->fill;
  const size_t n_keep = r->fill - n_drop;
  for (uint32_t c = 0; c < r->n_ch; ++c) {
    float* const channel = r->history + c * r->stride;
    memmove(channel, channel + n_drop, n_keep * sizeof(float));
  }
  r->pos -= n_drop;
  r->fill = n_keep;
}

static void
append(PinnaResample* const r, const float* const* const in, const size_t start, const size_t n) {
  for (uint32_t c = 0; c < r->n_ch; ++c) {
    float* const to = r->history + c * r->stride + r->fill;
    if (!in) {
      memset(to, 0, n * sizeof(float));
      continue;
    }
    const float* const from = in[c] + start;
    for (size_t i = 0; i < n; ++i) {
      to[i] = from[i] - from[i] == 0.0F ? from[i] : 0.0F;
    }
  }
  r->fill += n;
}

void
pinna_resample_reset(PinnaResample* const r) {
  memset(r->history, 0, r->n_ch * r->stride * sizeof(float));
  r->fill = r->n_before;
  r->pos = 0;
  r->phase = 0;
  r->is_cached = false;
}

uint32_t
pinna_resample_run(PinnaResample* const r, const float* const* const in, const uint32_t n_in,
                   float* const* const out) {
  size_t n_out = 0;
  for (size_t i = 0; i < n_in;) {
    if (r->fill == r->capacity) {
      shift_history(r);
    }
    const size_t room = r->capacity - r->fill;
    const size_t n = n_in - i < room ? n_in - i : room;
    append(r, in, i, n);
    i += n;
    const uint64_t n_ready = count_ready(r, r->fill);
    if (n_ready) {
      run_span(r, out, n_out, n_ready);
      n_out += n_ready;
    }
  }
  return (uint32_t)n_out;
}

uint32_t
pinna_resample_n_out(const PinnaResample* const r, const uint32_t n_in) {
  return (uint32_t)count_ready(r, (uint64_t)r->fill + n_in);
}

uint32_t
pinna_resample_n_in(const PinnaResample* const r, const uint32_t n_out) {
  if (!n_out) {
    return 0;
  }
  const uint64_t start = r->offsets[r->phase / r->group];
  const uint64_t steps = ((uint64_t)r->phase + n_out - 1) * r->m / r->l;
  const uint64_t end = r->pos + steps + r->n_taps;
  return end > r->fill + start ? (uint32_t)(end - r->fill - start) : 0;
}

uint32_t
pinna_resample_latency(const PinnaResample* const r) {
  return r->half;
}

double
pinna_resample_latency_out(const PinnaResample* const r) {
  return (double)r->half * r->l / r->m;
}

void
pinna_resample_ratio(const PinnaResample* const r, uint32_t* const l, uint32_t* const m) {
  *l = r->l;
  *m = r->m;
}
