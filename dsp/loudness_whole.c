// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/loudness.h"

#include "base/status.h"
#include "dsp/biquad.h"
#include "dsp/biquad_design.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// torchaudio.functional.loudness, version 0.13.1

#define MAX_CHANNELS 5U

static const double weights[MAX_CHANNELS] = {1.0, 1.0, 1.0, 1.41, 1.41};
static const double bias_lu = -0.691;
static const double gate_lkfs = -70.0;

static void
filter(const PinnaBiquad* const f, double* const x, const size_t n) {
  const double a[3] = {1.0, f->a1, f->a2};
  const double b[3] = {f->b0, f->b1, f->b2};
  double       state[2] = {0.0, 0.0};
  for (size_t at = 0U; at < n; at += 65536U) {
    const uint32_t chunk = n - at < 65536U ? (uint32_t)(n - at) : 65536U;
    pinna_lfilter(a, b, 2U, state, true, x + at, x + at, chunk);
  }
}

/// Weighted mean energy of the blocks above both levels; NaN if there are none
static double
mean_above(const double* const energy, const size_t n_blocks, const double level_a,
           const double level_b) {
  double sum = 0.0;
  double count = 0.0;
  for (size_t b = 0U; b < n_blocks; ++b) {
    const double lkfs = bias_lu + 10.0 * log10(energy[b]);
    if (lkfs > level_a && lkfs > level_b) {
      sum += energy[b];
      count += 1.0;
    }
  }
  return count > 0.0 ? sum / count : NAN;
}

static void
add_blocks(double* const energy, const size_t n_blocks, const double* const x, const size_t length,
           const size_t step, const double weight) {
  for (size_t b = 0U; b < n_blocks; ++b) {
    double sum = 0.0;
    for (size_t i = b * step; i < b * step + length; ++i) {
      sum += x[i] * x[i];
    }
    energy[b] += weight * sum / (double)length;
  }
}

PinnaStatus
pinna_loudness_torchaudio(const float* const* const in, const uint32_t n_ch, const size_t n,
                          const uint32_t sample_rate, double* const lkfs) {
  const size_t length = (size_t)rint(0.4 * sample_rate);
  const size_t step = (size_t)rint((double)length * 0.25);
  if (!n_ch || n_ch > MAX_CHANNELS || !step || n < length) {
    return PINNA_STATUS_BAD_ARG;
  }
  const size_t  n_blocks = (n - length) / step + 1U;
  double* const energy = (double*)calloc(n_blocks, sizeof(double));
  double* const x = (double*)calloc(n, sizeof(double));
  if (!energy || !x) {
    free(energy);
    free(x);
    return PINNA_STATUS_NO_MEM;
  }

  const PinnaBiquadSpec treble_spec = {sample_rate, 1500.0, 4.0, M_SQRT1_2};
  const PinnaBiquadSpec pass_spec = {sample_rate, 38.0, 0.0, 0.5};
  const PinnaBiquad     treble = pinna_biquad_treble(&treble_spec);
  const PinnaBiquad     pass = pinna_biquad_highpass(&pass_spec);
  for (uint32_t c = 0U; c < n_ch; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      x[i] = (double)in[c][i];
    }
    filter(&treble, x, n);
    filter(&pass, x, n);
    add_blocks(energy, n_blocks, x, length, step, weights[c]);
  }

  const double gated = mean_above(energy, n_blocks, gate_lkfs, gate_lkfs);
  const double relative = bias_lu + 10.0 * log10(gated) - 10.0;
  *lkfs = bias_lu + 10.0 * log10(mean_above(energy, n_blocks, gate_lkfs, relative));
  free(energy);
  free(x);
  return PINNA_STATUS_OK;
}
