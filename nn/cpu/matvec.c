// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec.h"

#include "nn/cpu/matvec_impl.h"

// Blocks of rows, one after the other

#define ROWS PINNA_MATVEC_ROWS
static void
run_floats(PinnaMatvec* const self, const float* const x, float* const y, const uint32_t first,
           float* const sums) {
  const size_t at = (size_t)first * self->n_columns;
  if (self->precision == PINNA_PRECISION_F16) {
    self->kernel.f16((const uint16_t*)self->w + at, x, self->n_columns, sums);
  } else {
    self->kernel.f32((const float*)self->w + at, x, self->n_columns, sums);
  }
  for (uint32_t i = 0U; i < ROWS && first + i < self->n_rows; ++i) {
    y[first + i] = sums[i] + self->bias[first + i];
  }
}

void
pinna_matvec_run(PinnaMatvec* const self, const float* const x, float* const y) {
  if (self->precision != PINNA_PRECISION_INT8) {
    float sums[ROWS];
    for (uint32_t first = 0U; first < self->n_rows; first += ROWS) {
      run_floats(self, x, y, first, sums);
    }
    return;
  }
  const PinnaMatvecDigits digits = {self->whole, self->high, self->low};
  const uint32_t          n_quads = (self->n_columns + 3U) / 4U;
  const float unit = self->kernel.digits(x, self->n_columns, self->whole, self->high, self->low);
  for (uint32_t first = 0U; first < self->n_rows; first += ROWS) {
    int32_t sums[ROWS];
    self->kernel.int8((const int8_t*)self->w + (size_t)first * n_quads * 4U, &digits, n_quads,
                      self->shift + first, sums);
    for (uint32_t i = 0U; i < ROWS && first + i < self->n_rows; ++i) {
      y[first + i] = (float)sums[i] * (self->scale[first + i] * unit) + self->bias[first + i];
    }
  }
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
