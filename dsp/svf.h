// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SVF_H
#define PINNA_DSP_SVF_H

#include "base/attributes.h"
#include "dsp/biquad_design.h"

#include <stdint.h>

// State-variable filter (trapezoidal, A. Simper 2013): any stable biquad, safe to modulate

/// H(s) = m0 + (m1 s + m2) / (s^2 + k s + 1) with s = (z - 1) / (g (z + 1)): stable for any g > 0
/// and k > 0 that change at any time. g = tan(pi f / fs), k = 1 / Q.
typedef struct {
  double g, k, m0, m1, m2;
} PinnaSvf;

/// Zero-initialise it
typedef struct {
  double s1, s2;
} PinnaSvfState;

/// The same section as a state recursion: s1' = m s1 + p (x - s2), s2' = s2 + p s1 + r (x - s2),
/// y = c1 s1 + c2 s2 + d x
typedef struct {
  double m, p, r, c1, c2, d;
} PinnaSvfStep;

/// Any stable biquad in this form. Realtime.
PINNA_API PinnaSvf pinna_svf_from_biquad(const PinnaBiquad* biquad) PINNA_RT;

/// The transfer function as a biquad. Realtime.
PINNA_API PinnaBiquad pinna_svf_to_biquad(const PinnaSvf* svf) PINNA_RT;

/// Coefficients of the recursion. Realtime.
PINNA_API PinnaSvfStep pinna_svf_step(const PinnaSvf* svf) PINNA_RT;

/// H at tangent = tan(pi f / fs), real and imaginary part. Realtime.
PINNA_API void pinna_svf_response(const PinnaSvf* svf, double tangent, double response[2]) PINNA_RT;

/// Filter with constant coefficients. Realtime, `in` may equal `out`.
PINNA_API void pinna_svf_run(PinnaSvfState* state, const PinnaSvf* svf, const double* in,
                             double* out, uint32_t n) PINNA_RT;

/// Filter with a section of its own for each sample, svf [n]. Realtime, `in` may equal `out`.
PINNA_API void pinna_svf_run_moving(PinnaSvfState* state, const PinnaSvf* svf, const double* in,
                                    double* out, uint32_t n) PINNA_RT;

#endif // PINNA_DSP_SVF_H
