// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FLANGER_IMPL_H
#define PINNA_DSP_FLANGER_IMPL_H

#include "dsp/flanger.h"

#include <stdint.h>

// What a flanger holds

struct PinnaFlangerImpl {
  PinnaFlangerConfig config;
  float              in_gain;
  float              delay_gain;
  float              feedback;
  uint32_t           n_delay;
  uint32_t           n_table;
  uint32_t           delay_pos;
  uint32_t           table_pos;
  float              last[4]; ///< Delayed sound of each channel
  float*             table;   ///< [n_table] delays in samples
  float*             delay;   ///< [n_ch][n_delay]
};

#endif // PINNA_DSP_FLANGER_IMPL_H
