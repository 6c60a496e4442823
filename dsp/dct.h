// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DCT_H
#define PINNA_DSP_DCT_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// The matrix of the discrete cosine transform of type II

typedef enum {
  PINNA_DCT_ORTHO = 0, ///< Orthonormal rows
  PINNA_DCT_NONE       ///< Twice the cosines
} PinnaDctNorm;

/// torchaudio.functional.create_dct(). Any thread.
/// @param out Matrix [n_in][n_out]: output c is sum_m in[m] out[m][c]
/// @return BAD_ARG (n_out is 0 or above n_in)
PINNA_API PinnaStatus pinna_dct_fill(float* out, uint32_t n_out, uint32_t n_in, PinnaDctNorm norm);

#endif // PINNA_DSP_DCT_H
