// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_WINDOW_H
#define PINNA_DSP_WINDOW_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// Window functions, what their shifted copies add up to, and the windows that undo them

typedef enum {
  PINNA_WINDOW_HANN = 0,    ///< torch.hann_window
  PINNA_WINDOW_SQRT_HANN,   ///< Square root of Hann
  PINNA_WINDOW_HAMMING,     ///< torch.hamming_window, 0.54 - 0.46 cos
  PINNA_WINDOW_BLACKMAN,    ///< torch.blackman_window, 0.42 - 0.5 cos + 0.08 cos
  PINNA_WINDOW_KAISER,      ///< torch.kaiser_window
  PINNA_WINDOW_BARTLETT,    ///< torch.bartlett_window
  PINNA_WINDOW_POVEY,       ///< Kaldi's Hann to the power 0.85
  PINNA_WINDOW_RECTANGULAR, ///< All one
  PINNA_N_WINDOWS
} PinnaWindowKind;

/// Zero-initialised: periodic Hann, as TorchAudio's default
typedef struct {
  PinnaWindowKind kind;
  bool            symmetric; ///< torch's periodic=False; Kaldi's windows are symmetric
  float           beta;      ///< Kaiser's shape, 0 (rectangular) to 50; torch's default is 12
} PinnaWindow;

/// Least and greatest value of a sum of shifted windows
typedef struct {
  double min;
  double max;
} PinnaWindowSum;

/// Fill `out` [n]. Allocates nothing.
/// @return BAD_ARG (n is 0, kind or beta out of range); `out` is unchanged then
PINNA_API PinnaStatus pinna_window_fill(float* out, uint32_t n, PinnaWindow window);

/// "hann", "sqrt_hann", "hamming", … or "unknown". Never NULL.
PINNA_API const char* pinna_window_name(PinnaWindowKind kind);

/// Range over i of sum_m w[i + m hop]^power: how copies of w [n], one per hop, add up.
/// @param hop   Samples between copies, 1 or more
/// @param power 1 (amplitudes) or 2 (energies)
PINNA_API PinnaWindowSum pinna_window_sum(const float* w, uint32_t n, uint32_t hop, int power);

/// Constant overlap-add: the copies add up to a constant within 1e-6 (scipy.signal.check_COLA)
PINNA_API bool pinna_window_is_cola(const float* w, uint32_t n, uint32_t hop);

/// Nonzero overlap-add: the squared copies add up to more than 1e-10 everywhere, so that
/// least-squares resynthesis can undo the window (scipy.signal.check_NOLA)
PINNA_API bool pinna_window_is_nola(const float* w, uint32_t n, uint32_t hop);

/// Scale a synthesis window so that analysis, no change and overlap-add give back the signal:
/// sum_m a[i + m hop] s[i + m hop] = 1 for every i (Griffin & Lim 1984, eq. 6, if s = a).
///
/// The two windows end at the same sample; the shorter `synthesis` makes for a lower latency.
/// @param synthesis Shape [n_synthesis], scaled in place; may not overlap `analysis`
/// @param analysis  Window [n_analysis], n_analysis >= n_synthesis
/// @param hop       1 to n_synthesis
/// @return BAD_ARG (lengths; or the product's sum comes within 1e-4 of its greatest value to zero)
PINNA_API PinnaStatus pinna_window_dual(float* synthesis, uint32_t n_synthesis,
                                        const float* analysis, uint32_t n_analysis, uint32_t hop);

/// A long analysis and a short synthesis window whose product is a Hann window of n_synthesis: the
/// frequency resolution of the one, the latency of the other (Mauler & Martin, EUSIPCO 2007). Scale
/// the synthesis window with pinna_window_dual() for the hop in use.
/// @param analysis    Receives [n_analysis]
/// @param synthesis   Receives [n_synthesis], even, 4 to n_analysis
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_window_low_delay(float* analysis, uint32_t n_analysis, float* synthesis,
                                             uint32_t n_synthesis);

#endif // PINNA_DSP_WINDOW_H
