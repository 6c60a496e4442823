// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/decibel.h"

#include <math.h>
#include <stddef.h>

// Elementwise; the features' hot loops use the logarithm of dsp/lanes instead

void
pinna_amplitude_to_db(const float* const in, const size_t n, const float multiplier,
                      const float amin, const float db_multiplier, float* const out) {
  for (size_t i = 0U; i < n; ++i) {
    out[i] = multiplier * (log10f(fmaxf(in[i], amin)) - db_multiplier);
  }
}

void
pinna_db_clamp_top(float* const x, const size_t n, const float top_db) {
  float greatest = -INFINITY;
  for (size_t i = 0U; i < n; ++i) {
    greatest = x[i] > greatest ? x[i] : greatest;
  }
  const float least = greatest - top_db;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = x[i] > least ? x[i] : least;
  }
}

void
pinna_db_to_amplitude(const float* const in, const size_t n, const float ref, const float power,
                      float* const out) {
  const float scale = 0.33219280948873623F * power; // log2(10) / 10
  for (size_t i = 0U; i < n; ++i) {
    out[i] = ref * exp2f(scale * in[i]);
  }
}
