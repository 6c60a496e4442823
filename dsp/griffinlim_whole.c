// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/griffinlim.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/random.h"
#include "dsp/spectrogram_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// An iteration goes through the signal once: a group of frames is analysed, set to the magnitudes
// asked for and added to the next signal while it is in the cache

typedef struct {
  PinnaSpectrogram* spectrogram;
  size_t            n_frames;
  size_t            length;
  size_t            n_bins;
  uint32_t          lanes;
  float*            magnitude; ///< Columns [groups][n_bins][lanes]
  float*            last;      ///< Columns [groups][n_bins][2][lanes]
  float*            signal;    ///< [length], then the next one
} Work;

PinnaGriffinLimConfig
pinna_griffinlim_config(void) {
  return (PinnaGriffinLimConfig){
      .power = 2.0f, .n_iter = 32U, .momentum = 0.99f, .rand_init = true};
}

static uint32_t
group_size(const Work* const w, const size_t first) {
  return w->n_frames - first < w->lanes ? (uint32_t)(w->n_frames - first) : w->lanes;
}

static void
load_magnitudes(const Work* const w, const float* const in, const float power) {
  for (size_t f = 0U; f < w->n_frames; f += w->lanes) {
    const float* rows[PINNA_LANES_MAX];
    float* const to = w->magnitude + f * w->n_bins;
    const size_t n = w->n_bins * w->lanes;
    for (uint32_t l = 0U; l < w->lanes; ++l) {
      rows[l] = in + (f + (l < group_size(w, f) ? l : 0U)) * w->n_bins;
    }
    w->spectrogram->lanes->kernel->load(rows, w->spectrogram->ones, (uint32_t)w->n_bins, to);
    for (size_t i = 0U; power != 1.0f && i < n; ++i) {
      to[i] = power == 2.0f ? sqrtf(to[i]) : powf(to[i], 1.0f / power);
    }
  }
}

/// The magnitudes with their first phases, as a signal
static PinnaStatus
start(const Work* const w, const PinnaGriffinLimConfig* const config, float* const out) {
  float* const columns = w->spectrogram->lanes->a;
  const size_t edge = pinna_spectrogram_edge(w->spectrogram);
  memset(out, 0, w->length * sizeof(float));
  for (size_t f = 0U; f < w->n_frames; f += w->lanes) {
    const float* const magnitude = w->magnitude + f * w->n_bins;
    for (size_t i = 0U; i < w->n_bins * w->lanes; ++i) {
      const size_t k = i / w->lanes;
      const size_t l = i % w->lanes;
      const float re = config->rand_init ? pinna_random_uniform(config->seed, f + l, 2U * k) : 1.0f;
      const float im =
          config->rand_init ? pinna_random_uniform(config->seed, f + l, 2U * k + 1U) : 0.0f;
      columns[2U * k * w->lanes + l] = magnitude[i] * re;
      columns[(2U * k + 1U) * w->lanes + l] = magnitude[i] * im;
    }
    pinna_spectrogram_add_columns(w->spectrogram, columns, f, group_size(w, f), edge, w->length,
                                  out);
  }
  return pinna_spectrogram_normalise(w->spectrogram, w->n_frames, edge, w->length, out);
}

static PinnaStatus
iterate(const Work* const w, const float momentum, const float* const in, float* const out) {
  const size_t edge = pinna_spectrogram_edge(w->spectrogram);
  memset(out, 0, w->length * sizeof(float));
  for (size_t f = 0U; f < w->n_frames; f += w->lanes) {
    const uint32_t n = group_size(w, f);
    float* const   columns = pinna_spectrogram_bin_columns(w->spectrogram, in, w->length, f, n);
    w->spectrogram->lanes->kernel->griffin(columns, w->last + 2U * f * w->n_bins,
                                           w->magnitude + f * w->n_bins, momentum,
                                           (uint32_t)w->n_bins);
    pinna_spectrogram_add_columns(w->spectrogram, columns, f, n, edge, w->length, out);
  }
  return pinna_spectrogram_normalise(w->spectrogram, w->n_frames, edge, w->length, out);
}

static bool
is_valid(const PinnaSpectrogram* const s, const PinnaGriffinLimConfig* const c,
         const size_t n_frames, const size_t length) {
  return s->config.center && s->config.onesided && !s->config.pad &&
         s->config.normalized == PINNA_NORMALIZED_NONE && c->power > 0.0f && c->momentum >= 0.0f &&
         c->momentum < 1.0f && n_frames && pinna_spectrogram_n_frames(s, length) == n_frames;
}

PinnaStatus
pinna_griffinlim_run(PinnaSpectrogram* const spectrogram, const PinnaGriffinLimConfig* const config,
                     const float* const in, const size_t n_frames, const size_t length,
                     float* const out) {
  Work w = {.spectrogram = spectrogram,
            .n_frames = n_frames,
            .length = length ? length : pinna_spectrogram_length(spectrogram, n_frames),
            .n_bins = pinna_spectrogram_n_bins(spectrogram),
            .lanes = pinna_spectrogram_lanes(spectrogram)};
  if (!is_valid(spectrogram, config, n_frames, w.length)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const size_t n_up = (n_frames + w.lanes - 1U) / w.lanes * w.lanes;
  const size_t n_values = (n_up * w.n_bins + 15U) / 16U * 16U;
  float* const memory = aligned_alloc(
      PINNA_ARENA_ALIGN, (3U * n_values + (w.length + 15U) / 16U * 16U) * sizeof(float));
  if (!memory) {
    return PINNA_STATUS_NO_MEM;
  }
  w.last = memory;
  w.magnitude = memory + 2U * n_values;
  w.signal = w.magnitude + n_values;
  memset(w.last, 0, 2U * n_values * sizeof(float));
  load_magnitudes(&w, in, config->power);

  const float momentum = config->momentum / (1.0f + config->momentum);
  float*      from = config->n_iter % 2U ? w.signal : out;
  float*      to = config->n_iter % 2U ? out : w.signal;
  PinnaStatus status = start(&w, config, from);
  for (uint32_t i = 0U; !status && i < config->n_iter; ++i) {
    status = iterate(&w, momentum, from, to);
    float* const swap = from;
    from = to;
    to = swap;
  }
  free(memory);
  return status;
}
