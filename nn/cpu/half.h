// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_HALF_H
#define PINNA_NN_CPU_HALF_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// IEEE's 16-bit floats, for weights that are kept in half the room

/// The nearest half, ties to even; beyond the greatest: the greatest
static inline uint16_t
pinna_half_of(const float value) {
  uint32_t bits;
  float    size = fabsf(value);
  size = size > 65504.0F ? 65504.0F : size;
  if (size < 0x1p-14F) { // Subnormal: a whole number of 2^-24
    return (uint16_t)((uint16_t)rintf(size * 0x1p24F) | (signbit(value) ? 0x8000U : 0U));
  }
  memcpy(&bits, &size, sizeof(bits));
  bits += 0xFFFU + ((bits >> 13U) & 1U);
  bits = (bits >> 13U) - (112U << 10U);
  return (uint16_t)(bits | (signbit(value) ? 0x8000U : 0U));
}

#endif // PINNA_NN_CPU_HALF_H
