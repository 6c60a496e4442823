// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/dct.h"

#include "base/status.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Cosines in double precision

PinnaStatus
pinna_dct_fill(float* const out, const uint32_t n_out, const uint32_t n_in,
               const PinnaDctNorm norm) {
  if (!n_out || n_out > n_in) {
    return PINNA_STATUS_BAD_ARG;
  }

  for (uint32_t m = 0U; m < n_in; ++m) {
    for (uint32_t c = 0U; c < n_out; ++c) {
      const double scale = norm == PINNA_DCT_NONE ? 2.0 : sqrt((c ? 2.0 : 1.0) / n_in);
      out[(size_t)m * n_out + c] = (float)(scale * cos(M_PI / n_in * (m + 0.5) * c));
    }
  }
  return PINNA_STATUS_OK;
}
