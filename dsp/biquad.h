// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BIQUAD_H
#define PINNA_DSP_BIQUAD_H

#include "base/attributes.h"
#include "dsp/biquad_design.h"

#include <stdbool.h>
#include <stdint.h>

// Filters by their coefficients: biquad cascades, and TorchAudio's lfilter and filtfilt

/// Memory of one section for one channel; zero-initialise it
typedef struct {
  double s1, s2;
} PinnaBiquadState;

/// Filter through a cascade, transposed direct form II in double. Realtime, `in` may equal `out`.
/// Constant coefficients only: to move them use dsp/svf.h.
/// @param sections Coefficients [n_sections]
/// @param states   Memory [n_sections]
PINNA_API void pinna_biquad_run(const PinnaBiquad* sections, PinnaBiquadState* states,
                                uint32_t n_sections, const float* in, float* out,
                                uint32_t n) PINNA_RT;

#define PINNA_LFILTER_MAX_ORDER 64U

/// torchaudio.functional.lfilter: a difference equation of any order up to
/// PINNA_LFILTER_MAX_ORDER, from a[0] y[t] = sum b[k] x[t - k] - sum a[k] y[t - k]. Realtime, `in`
/// may equal `out`.
/// @param a, b  Coefficients [order + 1] each, a[0] not 0
/// @param state Memory [order], zero to begin with
/// @param clamp Limit the output to ±1, as TorchAudio does unless told otherwise
PINNA_API void pinna_lfilter(const double* a, const double* b, uint32_t order, double* state,
                             bool clamp, const double* in, double* out, uint32_t n) PINNA_RT;

/// torchaudio.functional.filtfilt: lfilter forwards, then backwards over all n samples, from
/// silence on both sides; clamps only at the end. `in` may equal `out`. Whole signals only, yet
/// realtime safe.
/// @return PINNA_STATUS_BAD_ARG if order is above PINNA_LFILTER_MAX_ORDER
PINNA_API PinnaStatus pinna_filtfilt(const double* a, const double* b, uint32_t order, bool clamp,
                                     const double* in, double* out, uint32_t n) PINNA_RT;

#endif // PINNA_DSP_BIQUAD_H
