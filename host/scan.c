// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/scan.h"

#include <string.h>

// Integer arithmetic on the bit patterns: compilers vectorise it for the baseline instruction set

uint32_t
pinna_scan(const float* const x, const uint32_t n) PINNA_RT {
  int32_t largest = 0;
  for (uint32_t i = 0U; i < n; ++i) {
    int32_t bits;
    memcpy(&bits, x + i, sizeof(bits));
    bits &= 0x7FFFFFFF;
    largest = bits > largest ? bits : largest;
  }

  return (uint32_t)largest;
}

uint32_t
pinna_scan_first_bad(const float* const x, const uint32_t n) PINNA_RT {
  uint32_t i = 0U;
  while (i < n && pinna_scan_finite(pinna_scan(x + i, 1U))) {
    ++i;
  }

  return i;
}
