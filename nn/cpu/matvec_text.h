// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_MATVEC_TEXT_H
#define PINNA_NN_CPU_MATVEC_TEXT_H

#include "nn/cpu/matvec_kernel.h"
#include "nn/cpu/vec.h"

#include <string.h>

// The loops in float and half, compiled once for each instruction set

#define BLOCK_VECS (PINNA_MATVEC_ROWS / VEC_LANES)
/// Sums that fit the registers beside the weights: a block is read in one go or in halves
#define GROUP_VECS (BLOCK_VECS < 8U ? BLOCK_VECS : 8U)
/// Columns at once, so that products need not wait for one another
#define TURNS (8U / GROUP_VECS)

#define VEC_FLOATS(p) vec_load(p)

#define MATVEC(name, type, LOAD)                                                                   \
  static void name(const type* const w, const float* const x, const uint32_t n_columns,            \
                   float* const sums) {                                                            \
    for (uint32_t first = 0U; first < BLOCK_VECS; first += GROUP_VECS) {                           \
      const type* p = w + first * VEC_LANES;                                                       \
      Vec         sum[TURNS][GROUP_VECS] = {{{0}}};                                                \
      uint32_t    k = 0U;                                                                          \
      for (; k + TURNS <= n_columns; k += TURNS, p += TURNS * PINNA_MATVEC_ROWS) {                 \
        _Pragma("GCC unroll 8") for (uint32_t turn = 0U; turn < TURNS; ++turn) {                   \
          const Vec value = VEC_ALL(x[k + turn]);                                                  \
          _Pragma("GCC unroll 8") for (uint32_t i = 0U; i < GROUP_VECS; ++i) {                     \
            const Vec rows = LOAD(p + turn * PINNA_MATVEC_ROWS + i * VEC_LANES);                   \
            sum[turn][i] = VEC_FMA(rows, value, sum[turn][i]);                                     \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
      for (; k < n_columns; ++k, p += PINNA_MATVEC_ROWS) {                                         \
        for (uint32_t i = 0U; i < GROUP_VECS; ++i) {                                               \
          sum[0][i] = VEC_FMA(LOAD(p + i * VEC_LANES), VEC_ALL(x[k]), sum[0][i]);                  \
        }                                                                                          \
      }                                                                                            \
      for (uint32_t i = 0U; i < GROUP_VECS; ++i) {                                                 \
        vec_store(sums + (first + i) * VEC_LANES, sum[0][i] + sum[TURNS - 1U][i] * (TURNS > 1U));  \
      }                                                                                            \
    }                                                                                              \
  }

MATVEC(matvec_f32, float, VEC_FLOATS)
MATVEC(matvec_f16, uint16_t, VEC_HALVES)

typedef int16_t VecShort __attribute__((vector_size(2U * VEC_LANES), aligned(2), may_alias));
typedef uint8_t VecByte __attribute__((vector_size(VEC_LANES), aligned(1), may_alias));

static float
matvec_digits(const float* const x, const uint32_t n_columns, int16_t* const whole,
              uint8_t* const high, uint8_t* const low) {
  const Vec magic = VEC_ALL(12582912.0F); // Rounds to a whole number by adding 1.5 * 2^23
  const Vec greatest = VEC_ALL((float)PINNA_MATVEC_GREATEST);
  Vec       top = {0};
  float     lanes[VEC_LANES];
  float     most = 0.0F;
  for (uint32_t i = 0U; i < n_columns; i += VEC_LANES) {
    const size_t left = n_columns - i;
    const Vec    v = vec_load_some(x + i, left < VEC_LANES ? left : VEC_LANES);
    const Vec    size = vec_pick(v < 0.0F, -v, v);
    top = vec_pick(size > top, size, top); // Not by what is no number
  }
  vec_store(lanes, top);
  for (uint32_t i = 0U; i < VEC_LANES; ++i) {
    most = lanes[i] > most ? lanes[i] : most;
  }
  const float unit = most > 1e-30F && most < 1e30F ? most / (float)PINNA_MATVEC_GREATEST : 1.0F;
  const Vec   gain = VEC_ALL(1.0F / unit);
  for (uint32_t i = 0U; i < n_columns; i += VEC_LANES) {
    const size_t left = n_columns - i;
    Vec          v = vec_load_some(x + i, left < VEC_LANES ? left : VEC_LANES) * gain;
    v = vec_pick((v < 0.0F) | (v >= 0.0F), v, VEC_ALL(0.0F)); // What is no number is neither
    v = vec_pick(v > greatest, greatest, v); // A little beyond by rounding, or infinite
    v = vec_pick(v < -greatest, -greatest, v);
    const VecInt   value = (VecInt)(v + magic) - (VecInt)magic;
    const VecInt   raised = value + PINNA_MATVEC_ZERO;
    const VecShort as_short = __builtin_convertvector(value, VecShort);
    const VecByte  as_high = __builtin_convertvector(raised >> 8, VecByte);
    const VecByte  as_low = __builtin_convertvector(raised & 255, VecByte);
    const size_t   n = left < VEC_LANES ? left : VEC_LANES;
    memcpy(whole + i, &as_short, n * sizeof(int16_t));
    memcpy(high + i, &as_high, n);
    memcpy(low + i, &as_low, n);
  }
  return unit;
}

#endif // PINNA_NN_CPU_MATVEC_TEXT_H
