// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/matvec.h"

#include "base/arena.h"
#include "base/status.h"
#include "nn/cpu/half.h"
#include "nn/cpu/matvec_impl.h"

#include <math.h>
#include <string.h>

// Packing a matrix into blocks of rows

#define ROWS PINNA_MATVEC_ROWS
#define ZERO PINNA_MATVEC_ZERO

static PinnaMatvecKernel
kernel_of(const PinnaIsa isa) {
#if defined(__x86_64__)
  if (isa >= PINNA_ISA_AVX512) {
    PinnaMatvecKernel kernel = pinna_matvec_kernel_avx512;
    if (__builtin_cpu_supports("avx512vnni")) {
      kernel.int8 = pinna_matvec_kernel_vnni.int8;
    }
    return kernel;
  }
  return isa >= PINNA_ISA_AVX2 ? pinna_matvec_kernel_avx2 : pinna_matvec_kernel_c;
#else
  (void)isa;
  return pinna_matvec_kernel_c;
#endif
}

static void
pack_floats(const PinnaMatvecConfig* const c, void* const to) {
  for (uint32_t row = 0U; row < c->n_rows; ++row) {
    const float* const w = c->w + row * c->w_stride;
    const size_t       at = (size_t)(row / ROWS) * ROWS * c->n_columns + row % ROWS;
    for (uint32_t k = 0U; k < c->n_columns; ++k) {
      if (c->precision == PINNA_PRECISION_F16) {
        ((uint16_t*)to)[at + (size_t)k * ROWS] = pinna_half_of(w[k]);
      } else {
        ((float*)to)[at + (size_t)k * ROWS] = w[k];
      }
    }
  }
}

static void
pack_int8(const PinnaMatvecConfig* const c, int8_t* const to, float* const scale,
          int32_t* const shift) {
  const uint32_t n_quads = (c->n_columns + 3U) / 4U;
  for (uint32_t row = 0U; row < c->n_rows; ++row) {
    const float* const w = c->w + row * c->w_stride;
    float              top = 0.0F;
    for (uint32_t k = 0U; k < c->n_columns; ++k) {
      top = fmaxf(top, fabsf(w[k]));
    }
    scale[row] = top > 0.0F ? top / 127.0F : 1.0F;
    for (uint32_t k = 0U; k < c->n_columns; ++k) {
      const int8_t value = (int8_t)rintf(w[k] / scale[row]);
      to[((size_t)(row / ROWS) * n_quads + k / 4U) * ROWS * 4U + row % ROWS * 4U + k % 4U] = value;
      shift[row] += ZERO * value;
    }
  }
}

PinnaStatus
pinna_matvec_init(PinnaMatvec** const self, PinnaArena* const arena,
                  const PinnaMatvecConfig* const c) {
  const bool is_int8 = c->precision == PINNA_PRECISION_INT8;
  *self = NULL;
  if (!c->n_rows || !c->n_columns || (uint32_t)c->precision > PINNA_PRECISION_INT8 ||
      (is_int8 && c->n_columns > PINNA_MATVEC_INT8_COLUMNS)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const size_t n_rows = ((size_t)c->n_rows + ROWS - 1U) / ROWS * ROWS;
  const size_t n_columns = ((size_t)c->n_columns + 3U) / 4U * 4U;
  const size_t size = is_int8 ? 1U : c->precision == PINNA_PRECISION_F16 ? 2U : 4U;

  PinnaMatvec* const matvec = PINNA_TAKE(arena, 1U, PinnaMatvec);
  void* const    w = pinna_arena_take(arena, n_rows * (is_int8 ? n_columns : c->n_columns), size);
  float* const   bias = PINNA_TAKE(arena, n_rows, float);
  float* const   scale = PINNA_TAKE(arena, is_int8 ? n_rows : 0U, float);
  int32_t* const shift = PINNA_TAKE(arena, is_int8 ? n_rows : 0U, int32_t);
  int16_t* const whole = PINNA_TAKE(arena, is_int8 ? n_columns : 0U, int16_t);
  uint8_t* const digits = PINNA_TAKE(arena, is_int8 ? 2U * n_columns : 0U, uint8_t);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  if (is_int8) {
    pack_int8(c, (int8_t*)w, scale, shift);
    memset(digits, ZERO >> 8, n_columns); // Columns filled up count as 0
  } else if (c->w) {
    pack_floats(c, w);
  }
  if (c->bias) {
    memcpy(bias, c->bias, c->n_rows * sizeof(float));
  }
  *matvec = (PinnaMatvec){.kernel = kernel_of(c->isa),
                          .precision = c->precision,
                          .n_rows = c->n_rows,
                          .n_columns = c->n_columns,
                          .w = w,
                          .bias = bias,
                          .scale = scale,
                          .shift = shift,
                          .whole = whole,
                          .high = digits,
                          .low = digits + n_columns};
  *self = matvec;
  return PINNA_STATUS_OK;
}
