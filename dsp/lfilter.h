// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LFILTER_H
#define PINNA_DSP_LFILTER_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Difference equations of any order: torchaudio.functional.lfilter() and filtfilt()

#define PINNA_LFILTER_MAX_ORDER 64U

/// State of one channel, in double precision: pinna_lfilter_init() first
typedef struct {
  uint32_t order;
  double   a[PINNA_LFILTER_MAX_ORDER + 1U];
  double   b[PINNA_LFILTER_MAX_ORDER + 1U];
  double   z[PINNA_LFILTER_MAX_ORDER + 1U];
} PinnaLfilter;

/// Set coefficients, forget the past. Realtime.
/// @param a Feedback [n_coeffs], a[0] not 0
/// @param b Feedforward [n_coeffs]
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_lfilter_init(PinnaLfilter* self, const double* a, const double* b,
                                         uint32_t n_coeffs) PINNA_RT;

/// sum a[k] y[i - k] = sum b[k] x[i - k] (transposed direct form II). Realtime.
/// @param clamp Limit what comes out, not the state, to +-1: TorchAudio's default
/// @param out   [n], may be `in`
PINNA_API void pinna_lfilter_run(PinnaLfilter* self, const float* in, size_t n, bool clamp,
                                 float* out) PINNA_RT;

/// Forward and backward over a whole signal: no phase. Forgets the past. Realtime.
/// @param clamp Limit the end result
/// @param out   [n], may be `in`
PINNA_API void pinna_lfilter_filtfilt(PinnaLfilter* self, const float* in, size_t n, bool clamp,
                                      float* out) PINNA_RT;

#endif // PINNA_DSP_LFILTER_H
