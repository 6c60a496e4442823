// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ADD_NOISE_H
#define PINNA_DSP_ADD_NOISE_H

#include "base/attributes.h"

#include <stddef.h>

// Mix noise into a signal at a wanted ratio: torchaudio 2.x add_noise()

/// out = signal + g noise, with g such that the energies are `snr` dB apart. Realtime.
/// @param n_valid Samples from the start that the energies are taken from, at most n
/// @param out     [n], may be `signal`
PINNA_API void pinna_add_noise(const float* signal, const float* noise, size_t n, size_t n_valid,
                               double snr, float* out) PINNA_RT;

#endif // PINNA_DSP_ADD_NOISE_H
