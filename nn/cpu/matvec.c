// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec.h"

#include "nn/cpu/matvec_impl.h"

// Blocks of rows, one after the other

#define ROWS PINNA_MATVEC_ROWS

static void
run_floats(const PinnaMatvec* const self, const uint32_t first, const uint32_t n, float* const y) {
  const size_t       at = (size_t)first * self->n_columns;
  const float* const bias = self->bias + first;
  float              sums[ROWS];
  if (self->precision == PINNA_PRECISION_F16) {
    self->kernel.f16((const uint16_t*)self->w + at, self->x, self->n_columns, sums);
  } else {
    self->kernel.f32((const float*)self->w + at, self->x, self->n_columns, sums);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    y[i] = sums[i] + bias[i];
  }
}

static void
run_int8(const PinnaMatvec* const self, const uint32_t first, const uint32_t n, float* const y) {
  const PinnaMatvecDigits digits = {self->whole, self->high, self->low};
  const uint32_t          n_quads = (self->n_columns + 3U) / 4U;
  const float* const      scale = self->scale + first;
  const float* const      bias = self->bias + first;
  const float             unit = self->unit;
  int32_t                 sums[ROWS];
  self->kernel.int8((const int8_t*)self->w + (size_t)first * n_quads * 4U, &digits, n_quads,
                    self->shift + first, sums);
  for (uint32_t i = 0U; i < n; ++i) {
    y[i] = (float)sums[i] * (scale[i] * unit) + bias[i];
  }
}

void
pinna_matvec_take(PinnaMatvec* const self, const float* const x) {
  self->x = x;
  if (self->precision == PINNA_PRECISION_INT8) {
    self->unit = self->kernel.digits(x, self->n_columns, self->whole, self->high, self->low);
  }
}

uint32_t
pinna_matvec_n_blocks(const PinnaMatvec* const self) {
  return (self->n_rows + ROWS - 1U) / ROWS;
}

void
pinna_matvec_blocks(const PinnaMatvec* const self, const uint32_t first, const uint32_t n_blocks,
                    float* const y) {
  for (uint32_t row = first * ROWS; row < (first + n_blocks) * ROWS && row < self->n_rows;
       row += ROWS) {
    const uint32_t left = self->n_rows - row;
    const uint32_t n = left < ROWS ? left : ROWS;
    if (self->precision == PINNA_PRECISION_INT8) {
      run_int8(self, row, n, y + row);
    } else {
      run_floats(self, row, n, y + row);
    }
  }
}

void
pinna_matvec_run(PinnaMatvec* const self, const float* const x, float* const y) {
  pinna_matvec_take(self, x);
  pinna_matvec_blocks(self, 0U, pinna_matvec_n_blocks(self), y);
}

void
pinna_matvec_set_column(PinnaMatvec* const self, const uint32_t column, const float* const values) {
  for (uint32_t row = 0U; row < self->n_rows; ++row) {
    const size_t at = ((size_t)(row / ROWS) * self->n_columns + column) * ROWS + row % ROWS;
    ((float*)self->w)[at] = values[row];
  }
}

size_t
pinna_matvec_bytes(const PinnaMatvec* const self) {
  static const size_t bytes[PINNA_N_PRECISIONS] = {4U, 2U, 1U};
  return (size_t)self->n_rows * self->n_columns * bytes[self->precision];
}
