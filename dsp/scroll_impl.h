// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SCROLL_IMPL_H
#define PINNA_DSP_SCROLL_IMPL_H

#include "dsp/scroll.h"

#include <stdatomic.h>
#include <stdint.h>

// A ring of columns, one byte a level

/// Where a row looks: between two bins, or over several
typedef struct {
  uint32_t first;
  uint32_t last; ///< first: interpolate towards first + 1; otherwise the greatest of first to last
  float    mix;
} ScrollRow;

struct PinnaScrollImpl {
  ScrollRow        rows[PINNA_SCROLL_ROWS];
  float            power[PINNA_SCROLL_ROWS]; ///< Of the column that is filling
  uint32_t         n_rows;                   ///< Below half the rate
  uint32_t         n_frames;
  uint32_t         filled;
  float            scale; ///< Power of a bin to that of a sine of full scale
  _Atomic uint32_t n_columns;
  _Atomic uint8_t  levels[PINNA_SCROLL_COLUMNS][PINNA_SCROLL_ROWS];
};

#endif // PINNA_DSP_SCROLL_IMPL_H
