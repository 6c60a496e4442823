// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/flanger.h"

#include "dsp/flanger_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A delay line read between its samples

void
pinna_flanger_reset(PinnaFlanger* const self) {
  memset(self->delay, 0, (size_t)self->config.n_ch * self->n_delay * sizeof(float));
  memset(self->last, 0, sizeof(self->last));
  self->delay_pos = 0U;
  self->table_pos = 0U;
}

static uint32_t
wrap(const uint32_t i, const uint32_t n) {
  return i < n ? i : i - n;
}

static float
read_delay(const PinnaFlanger* const self, const float* const line, const uint32_t pos,
           const float delay) {
  const uint32_t whole = (uint32_t)delay;
  const float    t = delay - (float)whole;
  const uint32_t n = self->n_delay;
  const uint32_t at = wrap(pos + whole, n);
  const float    a = line[at];
  const float    b = line[wrap(at + 1U, n)] - a;
  if (!self->config.quadratic) {
    return a + b * t;
  }
  const float c = line[wrap(wrap(at + 1U, n) + 1U, n)] - a;
  return a + ((c * 0.5F - b) * t + b * 2.0F - c * 0.5F) * t;
}

void
pinna_flanger_run(PinnaFlanger* const self, const float* const* const in, float* const* const out,
                  const uint32_t n_frames) {
  const double turn = self->n_table * (self->config.phase / 100.0);
  uint32_t     pos = self->delay_pos;
  uint32_t     at = self->table_pos;
  for (uint32_t ch = 0U; ch < self->config.n_ch; ++ch) {
    float* const line = self->delay + (size_t)ch * self->n_delay;
    float        last = self->last[ch];
    pos = self->delay_pos;
    at = self->table_pos;
    uint32_t own = (at + (uint32_t)(ch * turn + 0.5)) % self->n_table;
    for (uint32_t i = 0U; i < n_frames; ++i) {
      const float x = in[ch][i];
      const float y = x + last * self->feedback;
      pos = pos ? pos - 1U : self->n_delay - 1U;
      line[pos] = fabsf(y) <= 1e9F ? y : 0.0F;
      last = read_delay(self, line, pos, self->table[own]);
      at = wrap(at + 1U, self->n_table);
      own = wrap(own + 1U, self->n_table);
      const float z = x * self->in_gain + last * self->delay_gain;
      out[ch][i] = z < -1.0F ? -1.0F : z > 1.0F ? 1.0F : z;
    }
    self->last[ch] = last;
  }
  self->delay_pos = pos;
  self->table_pos = at;
}
