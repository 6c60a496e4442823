// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_FILTERBANK_H
#define PINNA_DSP_FILTERBANK_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// Triangular filters over a spectrum's bins: mel (HTK, Slaney) and linear, kept without their zeros

typedef enum {
  PINNA_SCALE_HTK = 0, ///< 2595 log10(1 + f / 700)
  PINNA_SCALE_SLANEY,  ///< Linear up to 1 kHz, logarithmic above (Auditory Toolbox, librosa)
  PINNA_SCALE_LINEAR   ///< Hertz
} PinnaScale;

typedef enum {
  PINNA_FILTER_NORM_NONE = 0, ///< Triangles of height 1
  PINNA_FILTER_NORM_SLANEY    ///< Triangles of area 1: height 2 / bandwidth in Hz
} PinnaFilterNorm;

/// The arguments of torchaudio.functional.melscale_fbanks() and linear_fbanks()
typedef struct {
  uint32_t        n_freqs;     ///< Bins of the spectrum, 2 to 2^23: 0 Hz to sample_rate / 2
  uint32_t        n_filters;   ///< n_mels, 1 to 4096
  uint32_t        sample_rate; ///< Hz; of an odd one half is rounded down, as there
  double          f_min;       ///< Hz, 0 or more
  double          f_max;       ///< Hz, above f_min; 0 = sample_rate / 2
  PinnaScale      scale;
  PinnaFilterNorm norm;
} PinnaFilterbankConfig;

/// A frequency's place on a scale. Any thread.
/// @param hz 0 or more
PINNA_API double pinna_scale_from_hz(double hz, PinnaScale scale);

/// The frequency [Hz] of a place. Any thread.
PINNA_API double pinna_scale_to_hz(double value, PinnaScale scale);

/// Immutable after init: any number of threads may use it
typedef struct PinnaFilterbankImpl PinnaFilterbank;

/// Design and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_filterbank_init(PinnaFilterbank** self, PinnaArena* arena,
                                            const PinnaFilterbankConfig* config);

/// A bank from a dense matrix of one's own. Not realtime.
/// @param weights [n_filters][n_freqs], copied
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_filterbank_init_dense(PinnaFilterbank** self, PinnaArena* arena,
                                                  const float* weights, uint32_t n_filters,
                                                  uint32_t n_freqs);

/// Number of filters. Realtime.
PINNA_API uint32_t pinna_filterbank_n_filters(const PinnaFilterbank* self) PINNA_RT;

/// Number of bins. Realtime.
PINNA_API uint32_t pinna_filterbank_n_freqs(const PinnaFilterbank* self) PINNA_RT;

/// Filters without any weight: more than 0 means that n_filters is high for n_freqs. Realtime.
PINNA_API uint32_t pinna_filterbank_n_empty(const PinnaFilterbank* self) PINNA_RT;

/// out[m] = sum_k weight[k][m] in[k]: MelScale of one frame. Realtime.
/// @param in  Spectrum [n_freqs]
/// @param out Values [n_filters], not overlapping `in`
PINNA_API void pinna_filterbank_apply(const PinnaFilterbank* self, const float* in,
                                      float* out) PINNA_RT;

/// The matrix as TorchAudio has it. Realtime.
/// @param out Weights [n_freqs][n_filters]
PINNA_API void pinna_filterbank_dense(const PinnaFilterbank* self, float* out) PINNA_RT;

#endif // PINNA_DSP_FILTERBANK_H
