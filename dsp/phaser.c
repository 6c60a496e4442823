// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phaser.h"

#include "dsp/phaser_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A feedback delay line

void
pinna_phaser_reset(PinnaPhaser* const self) {
  memset(self->delay, 0, (size_t)self->config.n_ch * self->n_delay * sizeof(float));
  self->delay_pos = 0U;
  self->table_pos = 0U;
}

void
pinna_phaser_run(PinnaPhaser* const self, const float* const* const in, float* const* const out,
                 const uint32_t n_frames) {
  const PinnaPhaserConfig* const c = &self->config;
  uint32_t                       delay_pos = self->delay_pos;
  uint32_t                       table_pos = self->table_pos;
  for (uint32_t ch = 0U; ch < c->n_ch; ++ch) {
    float* const delay = self->delay + (size_t)ch * self->n_delay;
    delay_pos = self->delay_pos;
    table_pos = self->table_pos;
    for (uint32_t i = 0U; i < n_frames; ++i) {
      const uint32_t at = delay_pos + self->table[table_pos];
      const float y = in[ch][i] * c->gain_in + delay[at < self->n_delay ? at : at - self->n_delay];
      table_pos = table_pos + 1U < self->n_table ? table_pos + 1U : 0U;
      delay_pos = delay_pos + 1U < self->n_delay ? delay_pos + 1U : 0U;
      delay[delay_pos] = fabsf(y) <= 1e9F ? y * c->decay : 0.0F;
      const float z = y * c->gain_out;
      out[ch][i] = z < -1.0F ? -1.0F : z > 1.0F ? 1.0F : z;
    }
  }
  self->delay_pos = delay_pos;
  self->table_pos = table_pos;
}
