// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/emphasis.h"

#include <stddef.h>

// One sample of memory

void
pinna_preemphasis(const float* const in, const size_t n, const float coeff, float* const last,
                  float* const out) {
  float before = *last;
  for (size_t i = 0U; i < n; ++i) {
    const float x = in[i];
    out[i] = x - coeff * before;
    before = x;
  }
  *last = before;
}

void
pinna_deemphasis(const float* const in, const size_t n, const float coeff, float* const last,
                 float* const out) {
  float before = *last;
  for (size_t i = 0U; i < n; ++i) {
    before = in[i] + coeff * before;
    out[i] = before;
  }
  *last = before;
}
