// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MVDR_H
#define PINNA_DSP_MVDR_H

#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Minimum-variance beamforming of whole signals in double precision, as torchaudio.functional has
// it
//
// Shapes are TorchAudio's: a multichannel spectrum is [n_ch][n_freq][n_time], a mask
// [n_freq][n_time], cross-power densities [n_freq][n_ch][n_ch] (Hermitian), weights and relative
// transfer functions [n_freq][n_ch]. Nothing is allocated; the per-bin solvers are realtime;
// outputs may not overlap inputs.

#define PINNA_MVDR_MAX_CHANNELS 16U

/// Regularisation of the noise's density: tr(psd_n) diag_eps + 1e-8 is added to its diagonal
typedef struct {
  uint32_t n_ch;             ///< 1 to PINNA_MVDR_MAX_CHANNELS
  uint32_t n_freq;           ///< 1 or more
  uint32_t reference;        ///< Reference channel, below n_ch
  bool     diagonal_loading; ///< (true)
  double   diag_eps;         ///< (1e-7)
  double   eps;              ///< Added to the denominator (1e-8)
} PinnaMvdrConfig;

/// TorchAudio's defaults
PINNA_API PinnaMvdrConfig pinna_mvdr_config(uint32_t n_ch, uint32_t n_freq);

/// functional.psd(): sum over time of mask x x^H.
/// @param mask      Or NULL: all one
/// @param normalize Divide the mask by its sum over time plus `eps` (functional: 1e-10,
///                  transforms.PSD and MVDR: 1e-15)
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_psd(const double complex* spectrum, const double* mask,
                                     uint32_t n_ch, uint32_t n_freq, size_t n_time, bool normalize,
                                     double eps, double complex* psd);

/// functional.mvdr_weights_souden() (Souden, Benesty & Affes 2010, eq. 18).
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_weights_souden(const PinnaMvdrConfig* config,
                                                const double complex*  psd_s,
                                                const double complex*  psd_n,
                                                double complex*        weights) PINNA_RT;

/// functional.mvdr_weights_rtf().
/// @param scale_to_reference Scale by conj(rtf[reference]), TorchAudio's `reference_channel` given
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_weights_rtf(const PinnaMvdrConfig* config,
                                             const double complex* rtf, const double complex* psd_n,
                                             bool            scale_to_reference,
                                             double complex* weights) PINNA_RT;

/// functional.rtf_evd(): the unit eigenvector of the greatest eigenvalue. Its phase is arbitrary in
/// TorchAudio; here the first channel is real and not negative.
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_rtf_evd(const double complex* psd_s, uint32_t n_ch,
                                         uint32_t n_freq, double complex* rtf) PINNA_RT;

/// functional.rtf_power(): power iteration on psd_n^-1 psd_s.
/// @param n_iter 1 or more (3)
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_rtf_power(const PinnaMvdrConfig* config,
                                           const double complex* psd_s, const double complex* psd_n,
                                           uint32_t n_iter, double complex* rtf) PINNA_RT;

/// functional.apply_beamforming(): w^H x.
/// @param out [n_freq][n_time]
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mvdr_apply(const double complex* weights,
                                       const double complex* spectrum, uint32_t n_ch,
                                       uint32_t n_freq, size_t n_time, double complex* out);

#endif // PINNA_DSP_MVDR_H
