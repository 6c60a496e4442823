// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DITHER_H
#define PINNA_DSP_DITHER_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Quantise to 16 bits with noise that makes the error independent of the signal

typedef enum {
  PINNA_DITHER_TPDF = 0,       ///< Triangular, two steps wide: no noise modulation (default)
  PINNA_DITHER_RPDF,           ///< Uniform, one step wide
  PINNA_DITHER_GPDF,           ///< Normal, deviation of half a step
  PINNA_DITHER_TORCHAUDIO_TPDF ///< What torchaudio.functional.dither() does: adds a ramp up and
                               ///< down over the whole signal, which is no dither
} PinnaDitherKind;

/// State of one channel: zero-initialise it, give channels different seeds
typedef struct {
  uint64_t seed;
  uint64_t position; ///< Samples so far
  float    error;    ///< Last error, for noise shaping
} PinnaDither;

/// Realtime; but TORCHAUDIO_TPDF takes `n` as the whole signal.
/// @param noise_shaping First-order: noise moves to high frequencies. TorchAudio's form adds the
///                      last error to the output instead of feeding it back, and so do we there.
/// @param out           Multiples of 2^-15 [n], may be `in`
PINNA_API void pinna_dither_run(PinnaDither* self, const float* in, size_t n, PinnaDitherKind kind,
                                bool noise_shaping, float* out) PINNA_RT;

#endif // PINNA_DSP_DITHER_H
