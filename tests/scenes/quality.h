// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_SCENES_QUALITY_H
#define PINNA_TESTS_SCENES_QUALITY_H

#include <stdint.h>

// How near an enhanced signal is to the clean one

/// Scale-invariant signal-to-distortion ratio [dB] (Le Roux et al., ICASSP 2019)
double quality_si_sdr(const float* clean, const float* x, uint32_t n);

/// Segmental SNR [dB]: 32 ms, each segment within -10 and 35 dB, where the clean signal is not
/// silent
double quality_seg_snr(const float* clean, const float* x, uint32_t n, double rate);

/// Short-time objective intelligibility, 0 to 1 (Taal et al., IEEE TASL 19(7), 2011)
double quality_stoi(const float* clean, const float* x, uint32_t n, double rate);

/// Kurtosis of the power spectrum of noise, over time and bins: 2 for Gaussian noise (its power is
/// exponential: E[P^2] / E[P]^2), more with musical tones
double quality_power_kurtosis(const float* x, uint32_t n);

#endif // PINNA_TESTS_SCENES_QUALITY_H
