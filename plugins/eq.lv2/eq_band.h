// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_EQ_EQ_BAND_H
#define PINNA_PLUGINS_EQ_EQ_BAND_H

#include "dsp/eq.h"
#include "plugins/eq.lv2/ports.h"

#include <stdint.h>

// What the controls of a band mean to the equaliser

/// Band `b` (0 to 7) of the control values. Realtime.
static inline PinnaEqBand
eq_band(const float* const values, const uint32_t b) {
  const float* const control = values + EQ_BANDS + b * EQ_BAND_CONTROLS;
  return (PinnaEqBand){
      .enabled = control[EQ_ENABLED] > 0.0f,
      .type = (PinnaEqType)control[EQ_TYPE],
      .shape = (PinnaEqShape)values[EQ_SHAPE],
      .order = (uint32_t)(control[EQ_SLOPE] / 6.0f),
      .freq_hz = (double)control[EQ_FREQ],
      .gain_db = (double)control[EQ_GAIN],
      .q = (double)control[EQ_Q],
  };
}

#endif // PINNA_PLUGINS_EQ_EQ_BAND_H
