// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phaser.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/lfo_table.h"
#include "dsp/phaser_impl.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Table and memory

PinnaPhaserConfig
pinna_phaser_config(const uint32_t sample_rate) {
  return (PinnaPhaserConfig){.sample_rate = sample_rate,
                             .n_ch = 1U,
                             .gain_in = 0.4F,
                             .gain_out = 0.74F,
                             .delay_ms = 3.0,
                             .decay = 0.4F,
                             .mod_speed = 0.5,
                             .sinusoidal = true};
}

PinnaStatus
pinna_phaser_init(PinnaPhaser** const self, PinnaArena* const arena,
                  const PinnaPhaserConfig* const config) {
  *self = NULL;
  const double n_delay = floor(config->delay_ms * 0.001 * config->sample_rate + 0.5);
  const double n_table = floor(config->sample_rate / config->mod_speed + 0.5);
  if (!config->n_ch || config->n_ch > 64U || !(n_delay >= 1.0 && n_delay <= 1e6) ||
      !(n_table >= 1.0 && n_table <= 1e8) || !(fabsf(config->decay) < 1.0F)) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaPhaser* const phaser = PINNA_TAKE(arena, 1U, PinnaPhaser);
  uint32_t* const    table = PINNA_TAKE(arena, (size_t)n_table, uint32_t);
  float* const       delay = PINNA_TAKE(arena, (size_t)n_delay * config->n_ch, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *phaser = (PinnaPhaser){.config = *config,
                          .n_delay = (uint32_t)n_delay,
                          .n_table = (uint32_t)n_table,
                          .table = table,
                          .delay = delay};
  for (uint32_t i = 0U; i < phaser->n_table; ++i) {
    const double d =
        pinna_lfo_table(i, phaser->n_table, M_PI / 2.0, config->sinusoidal, 1.0, n_delay);
    table[i] = (uint32_t)(d + 0.5) % phaser->n_delay;
  }
  *self = phaser;
  return PINNA_STATUS_OK;
}
