// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_EQ_KERNEL_H
#define PINNA_DSP_EQ_KERNEL_H

#include "base/attributes.h"
#include "base/cpu.h"

#include <stdbool.h>
#include <stdint.h>

// Inner loops of the equaliser: a cascade of sections as the lanes of a vector, a wavefront in time

// Section number p of a group (0 first) lives in array element 7 - p, so that sound enters at the
// top and leaves at element 0. At step j the wavefront works on sample j - p in section p. A group
// of which less is used is filled up with sections that pass sound unchanged.
//
// Settled, coefficients are constant. Moving, they are piecewise cubic in the step j (not in
// the sample), with value and slope exact at the knots: section p sees a parameter p samples early,
// and all parameters run EQ_WIDTH - 1 samples late, so that nothing is needed ahead of time.

#define EQ_WIDTH 8U                       ///< Sections in a group
#define EQ_N_GROUPS 4U                    ///< Groups: 8 bands of 4 sections
#define EQ_MAX_AHEAD 8U                   ///< Segments that one chunk of moving sound may span
#define EQ_MAX_PIECES (EQ_MAX_AHEAD + 1U) ///< One to a segment, and one of the past
#define EQ_CHUNK 512U                     ///< Frames that a kernel filters at a time, at most
#define EQ_TOLERANCE 1e-6 ///< A parameter this near (ln Hz, ln gain, ln Q, 0 to 1) goes home
#define EQ_PAD 16U        ///< Readable frames after them

enum { EQ_M, EQ_P, EQ_R, EQ_C1, EQ_C2, EQ_D, EQ_N_COEFS }; ///< As in PinnaSvfStep

/// Weights by which a section's g, k, m0, m1, m2 follow t = tan(pi f / fs), E = sqrt(A), A, A^2,
/// and kf = exp(-(q_power ln Q + a_power ln A)):
///   g  = t (G_1 + G_E E + G_IE / E) + G_0
///   k  = K_F kf + K_0
///   m0 = M0_1 + M0_A2 A^2;  m1 = k (M1_1 + M1_A A + M1_A2 A^2) + M1_0;  m2 = M2_1 + M2_A2 A^2
/// The last rows are slopes of G_0, K_0, M0_1, M1_0, M2_1 for sections that have no such form.
enum {
  EQ_G_1,
  EQ_G_E,
  EQ_G_IE,
  EQ_G_0,
  EQ_K_F,
  EQ_K_0,
  EQ_M0_1,
  EQ_M0_A2,
  EQ_M1_1,
  EQ_M1_A,
  EQ_M1_A2,
  EQ_M1_0,
  EQ_M2_1,
  EQ_M2_A2,
  EQ_SLOPE_G,
  EQ_SLOPE_K,
  EQ_SLOPE_M0,
  EQ_SLOPE_M1,
  EQ_SLOPE_M2,
  EQ_N_FORM
};

enum { EQ_U, EQ_V, EQ_W, EQ_Z, EQ_N_PARAMS }; ///< ln(pi f / fs), ln A, ln Q, share of the band

/// Value and differences of a cubic: one piece of one coefficient
typedef struct {
  double c, d, e, f;
} PinnaEqCurve;

/// One piece of all coefficients of a group
typedef struct {
  _Alignas(64) double c[EQ_N_COEFS][EQ_WIDTH];
  double d[EQ_N_COEFS][EQ_WIDTH];
  double e[EQ_N_COEFS][EQ_WIDTH];
  double f[EQ_N_COEFS][EQ_WIDTH];
} PinnaEqPiece;

/// Memory of a group's sections for one channel
typedef struct {
  _Alignas(64) double s1[EQ_WIDTH];
  double s2[EQ_WIDTH];
} PinnaEqState;

/// Smoothers of all bands, and what they come to at the last knot (value, slope per sample)
typedef struct {
  _Alignas(64) double target[EQ_N_PARAMS][EQ_WIDTH];
  double  error[3][EQ_N_PARAMS][EQ_WIDTH];
  double  q_power[EQ_WIDTH];
  double  a_power[EQ_WIDTH];
  double  value[EQ_N_PARAMS][EQ_WIDTH]; ///< Of the smoothers
  double  slope[EQ_N_PARAMS][EQ_WIDTH];
  int64_t near[EQ_WIDTH];              ///< -1: all within EQ_TOLERANCE of their targets
  double  tangent[2][EQ_WIDTH];        ///< tan(pi f / fs)
  double  root_a[2][EQ_WIDTH];         ///< sqrt(A)
  double  inverse_root_a[2][EQ_WIDTH]; ///< 1 / sqrt(A)
  double  k_factor[2][EQ_WIDTH];       ///< kf
} PinnaEqMotion;

/// Eight sections
typedef struct {
  _Alignas(64) double form[EQ_N_FORM][EQ_WIDTH];
  double       fixed[EQ_N_COEFS][EQ_WIDTH]; ///< Settled coefficients
  double       value[EQ_N_COEFS][EQ_WIDTH]; ///< Coefficients at the last knot
  double       slope[EQ_N_COEFS][EQ_WIDTH]; ///< And their slopes, per sample
  int64_t      band[EQ_WIDTH];              ///< Whose section it is
  int64_t      moving[EQ_WIDTH];            ///< -1: follows its band; 0: ends up at `fixed`
  int64_t      used[EQ_WIDTH];              ///< 0: passes sound unchanged
  PinnaEqPiece pieces[EQ_MAX_PIECES];       ///< Table of the segments at hand
} PinnaEqGroup;

typedef struct {
  PinnaIsa isa;
  /// Filter n samples in place through eight settled sections, 1 or 2 channels.
  /// @param x Samples [n + EQ_PAD] per channel
  void (*hold)(const double coefs[EQ_N_COEFS][EQ_WIDTH], PinnaEqState* const* states,
               double* const* x, uint32_t n_ch, uint32_t n);
  /// The same with moving coefficients; step 0 is `offset` steps into pieces[0]
  void (*glide)(const PinnaEqPiece* pieces, uint32_t piece_len, uint32_t offset,
                PinnaEqState* const* states, double* const* x, uint32_t n_ch, uint32_t n);
  /// Carry all smoothers to the next knot and fill `value` to `k_factor`
  void (*advance)(PinnaEqMotion* motion, double decay, double ratio, double rate);
  /// Coefficients at that knot, and the piece that leads there from the last one
  void (*segment)(PinnaEqGroup* group, const PinnaEqMotion* motion, PinnaEqPiece* piece,
                  double piece_len);
} PinnaEqKernels;

extern const PinnaEqKernels pinna_eq_kernels_c;
extern const PinnaEqKernels pinna_eq_kernels_avx2;
extern const PinnaEqKernels pinna_eq_kernels_avx512;

/// The kernels for an instruction set, or the best ones below it that this build has
const PinnaEqKernels* pinna_eq_kernels(PinnaIsa isa);

#endif // PINNA_DSP_EQ_KERNEL_H
