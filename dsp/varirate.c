// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/varirate.h"

#include "dsp/varirate_impl.h"

#include <string.h>

// Realtime side of the varying resampler: interleaves chunks and glides the ratio over a call

static inline uint32_t
least(const uint32_t a, const uint32_t b) {
  return a < b ? a : b;
}

/// Input frames to take at a time, so that all of their output fits in one chunk
static uint32_t
choose_chunk(const double ratio) {
  return ratio > 1.0 ? (uint32_t)(PINNA_VARIRATE_CHUNK / ratio) : PINNA_VARIRATE_CHUNK;
}

/// Convert `n_in` interleaved frames of v->in; how many were taken, and given (planar at `at`)
static uint32_t
convert(PinnaVarirate* const v, const uint32_t n_in, float* const* const out, const uint32_t at,
        const uint32_t n_out_max, uint32_t* const n_given) {
  SRC_DATA data = {.data_in = v->in,
                   .data_out = v->out,
                   .input_frames = n_in,
                   .output_frames = least(n_out_max, 2 * PINNA_VARIRATE_CHUNK),
                   .src_ratio = v->ratio};
  *n_given = 0;
  if (src_process(v->state, &data)) {
    return 0;
  }
  const uint32_t n = (uint32_t)data.output_frames_gen;
  for (uint32_t c = 0; c < v->n_ch; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      out[c][at + i] = v->out[(size_t)i * v->n_ch + c];
    }
  }
  *n_given = n;
  return (uint32_t)data.input_frames_used;
}

/// The latency's silence comes before the first input
static uint32_t
feed_silence(PinnaVarirate* const v, float* const* const out, const uint32_t n_out_max) {
  uint32_t n_out = 0;
  memset(v->in, 0, PINNA_VARIRATE_CHUNK * v->n_ch * sizeof(float));
  while (v->n_silence && n_out < n_out_max) {
    const uint32_t n = least(v->n_silence, choose_chunk(v->ratio));
    uint32_t       n_given = 0;
    const uint32_t n_taken = convert(v, n, out, n_out, n_out_max - n_out, &n_given);
    v->n_silence -= n_taken;
    n_out += n_given;
    if (!n_taken && !n_given) {
      break;
    }
  }
  return n_out;
}

static void
interleave(PinnaVarirate* const v, const float* const* const in, const uint32_t at,
           const uint32_t n) {
  for (uint32_t c = 0; c < v->n_ch; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      const float sample = in[c][at + i];
      v->in[(size_t)i * v->n_ch + c] = sample - sample == 0.0F ? sample : 0.0F;
    }
  }
}

uint32_t
pinna_varirate_run(PinnaVarirate* const v, const float* const* const in, const uint32_t n_in,
                   uint32_t* const n_used, float* const* const out, const uint32_t n_out_max,
                   const double ratio) {
  const double   at_most = ratio < PINNA_VARIRATE_MAX ? ratio : PINNA_VARIRATE_MAX;
  const double   target = at_most > v->ratio_min ? at_most : v->ratio_min;
  const double   start = v->ratio;
  const uint32_t n_chunk = choose_chunk(start > target ? start : target);
  uint32_t       n_out = n_in ? feed_silence(v, out, n_out_max) : 0;
  uint32_t       used = 0;
  while (!v->n_silence && used < n_in && n_out < n_out_max) {
    const uint32_t n = least(n_in - used, n_chunk);
    interleave(v, in, used, n);
    v->ratio = start + (target - start) * (used + n) / n_in;
    uint32_t       n_given = 0;
    const uint32_t n_taken = convert(v, n, out, n_out, n_out_max - n_out, &n_given);
    used += n_taken;
    n_out += n_given;
    if (!n_taken && !n_given) {
      break;
    }
  }
  *n_used = used;
  return n_out;
}

void
pinna_varirate_reset(PinnaVarirate* const v) {
  src_reset(v->state);
  v->n_silence = v->latency;
  v->ratio = v->ratio_init;
  src_set_ratio(v->state, v->ratio);
}

uint32_t
pinna_varirate_latency(const PinnaVarirate* const v) {
  return v->latency;
}
