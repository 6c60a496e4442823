// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/flanger.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/flanger_impl.h"
#include "dsp/lfo_table.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Table, gains and memory

PinnaFlangerConfig
pinna_flanger_config(const uint32_t sample_rate) {
  return (PinnaFlangerConfig){.sample_rate = sample_rate,
                              .n_ch = 1U,
                              .depth = 2.0,
                              .width = 71.0,
                              .speed = 0.5,
                              .phase = 25.0};
}

static bool
is_valid(const PinnaFlangerConfig* const c) {
  return c->n_ch && c->n_ch <= 4U && c->sample_rate && c->delay >= 0.0 && c->delay <= 1000.0 &&
         c->depth >= 0.0 && c->depth <= 1000.0 && c->regen >= -100.0 && c->regen <= 100.0 &&
         c->width >= 0.0 && c->width <= 100.0 && c->phase >= 0.0 && c->phase <= 100.0 &&
         c->speed > 0.0 && c->sample_rate / c->speed >= 1.0 && c->sample_rate / c->speed <= 1e8;
}

PinnaStatus
pinna_flanger_init(PinnaFlanger** const self, PinnaArena* const arena,
                   const PinnaFlangerConfig* const config) {
  *self = NULL;
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const double   rate = config->sample_rate;
  const uint32_t n_delay =
      (uint32_t)((config->delay / 1000.0 + config->depth / 1000.0) * rate + 0.5) + 2U;
  const uint32_t      n_table = (uint32_t)(rate / config->speed);
  PinnaFlanger* const flanger = PINNA_TAKE(arena, 1U, PinnaFlanger);
  float* const        table = PINNA_TAKE(arena, n_table, float);
  float* const        delay = PINNA_TAKE(arena, (size_t)n_delay * config->n_ch, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const double width = config->width / 100.0;
  const double feedback = config->regen / 100.0;
  *flanger = (PinnaFlanger){.config = *config,
                            .in_gain = (float)(1.0 / (1.0 + width)),
                            .delay_gain = (float)(width / (1.0 + width) * (1.0 - fabs(feedback))),
                            .feedback = (float)feedback,
                            .n_delay = n_delay,
                            .n_table = n_table,
                            .table = table,
                            .delay = delay};
  for (uint32_t i = 0U; i < n_table; ++i) {
    table[i] = (float)pinna_lfo_table(i, n_table, 3.0 * M_PI / 2.0, !config->triangular,
                                      floor(config->delay / 1000.0 * rate + 0.5), n_delay - 2.0);
  }
  *self = flanger;
  return PINNA_STATUS_OK;
}
