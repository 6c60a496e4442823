// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PHASER_IMPL_H
#define PINNA_DSP_PHASER_IMPL_H

#include "dsp/phaser.h"

#include <stdint.h>

// What a phaser holds

struct PinnaPhaserImpl {
  PinnaPhaserConfig config;
  uint32_t          n_delay;
  uint32_t          n_table;
  uint32_t          delay_pos;
  uint32_t          table_pos;
  uint32_t*         table; ///< [n_table] delays in samples, modulo n_delay
  float*            delay; ///< [n_ch][n_delay]
};

#endif // PINNA_DSP_PHASER_IMPL_H
