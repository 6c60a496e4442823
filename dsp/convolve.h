// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CONVOLVE_H
#define PINNA_DSP_CONVOLVE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>

// Convolution of whole signals: torchaudio 2.x convolve() and fftconvolve()

typedef enum {
  PINNA_CONVOLVE_FULL = 0, ///< n_x + n_y - 1 values
  PINNA_CONVOLVE_VALID,    ///< Where both overlap fully: |n_x - n_y| + 1
  PINNA_CONVOLVE_SAME      ///< The middle n_x
} PinnaConvolveMode;

/// Number of values that come out; 0 if a signal is empty
PINNA_API size_t pinna_convolve_length(size_t n_x, size_t n_y, PinnaConvolveMode mode);

/// Direct sums in double precision. Realtime.
/// @param out [pinna_convolve_length()], not overlapping the inputs
PINNA_API void pinna_convolve(const float* x, size_t n_x, const float* y, size_t n_y,
                              PinnaConvolveMode mode, float* out) PINNA_RT;

/// The same through one Fourier transform, up to 2^24 values. Not realtime.
/// @return BAD_ARG (an empty signal, too long), NO_MEM
PINNA_API PinnaStatus pinna_fftconvolve(const float* x, size_t n_x, const float* y, size_t n_y,
                                        PinnaConvolveMode mode, float* out);

#endif // PINNA_DSP_CONVOLVE_H
