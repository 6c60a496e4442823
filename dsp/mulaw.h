// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MULAW_H
#define PINNA_DSP_MULAW_H

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

// mu-law companding: torchaudio.functional.mu_law_encoding() and mu_law_decoding()

/// Codes 0 to quantization_channels - 1 of samples. Realtime.
/// @param in                    Samples [n], full scale +-1; beyond, codes leave that range
/// @param quantization_channels 2 or more, 256 is G.711's number
PINNA_API void pinna_mulaw_encode(const float* in, size_t n, uint32_t quantization_channels,
                                  int32_t* out) PINNA_RT;

/// Samples of codes. Realtime.
PINNA_API void pinna_mulaw_decode(const int32_t* in, size_t n, uint32_t quantization_channels,
                                  float* out) PINNA_RT;

#endif // PINNA_DSP_MULAW_H
