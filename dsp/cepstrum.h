// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CEPSTRUM_H
#define PINNA_DSP_CEPSTRUM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/dct.h"
#include "dsp/mel.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Cepstral coefficients: torchaudio.transforms.MFCC and LFCC

typedef struct {
  PinnaMelConfig bands;     ///< Spectrogram and filters; PINNA_SCALE_LINEAR makes it LFCC
  uint32_t       n_coeffs;  ///< n_mfcc or n_lfcc, 1 to n_filters
  PinnaDctNorm   norm;      ///< Of the DCT
  bool           log_bands; ///< log_mels, log_lf: ln(x + 1e-6) instead of decibels
  float          top_db;    ///< Decibels below the signal's maximum that are kept; below 0 = all
} PinnaCepstrumConfig;

typedef struct PinnaCepstrumImpl PinnaCepstrum;

/// TorchAudio's MFCC: its default mel spectrogram, 40 coefficients, ortho, 80 dB
PINNA_API PinnaCepstrumConfig pinna_mfcc_config(uint32_t sample_rate);

/// TorchAudio's LFCC: 128 linear filters, 40 coefficients, ortho, 80 dB, n_fft 400
PINNA_API PinnaCepstrumConfig pinna_lfcc_config(uint32_t sample_rate);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_cepstrum_init(PinnaCepstrum** self, PinnaArena* arena,
                                          const PinnaCepstrumConfig* config);

/// Values of a frame. Realtime.
PINNA_API uint32_t pinna_cepstrum_n_coeffs(const PinnaCepstrum* self) PINNA_RT;

/// Frames of a signal, 0 if it is too short. Realtime.
PINNA_API size_t pinna_cepstrum_n_frames(const PinnaCepstrum* self, size_t n_samples) PINNA_RT;

/// A whole signal; with top_db it takes scratch memory of n_frames x n_filters. Not realtime.
/// @param in  Samples [n_samples]
/// @param out Values [n_frames][n_coeffs] (torch has them transposed)
/// @return BAD_ARG if the signal is too short, NO_MEM
PINNA_API PinnaStatus pinna_cepstrum_run(PinnaCepstrum* self, const float* in, size_t n_samples,
                                         float* out);

/// One frame of a stream, from bins; a signal's maximum is unknown, so top_db does not apply.
/// Realtime.
/// @param bins [n_fft / 2 + 1]
/// @param out  Values [n_coeffs]
PINNA_API void pinna_cepstrum_frame(PinnaCepstrum* self, const float complex* bins,
                                    float* out) PINNA_RT;

#endif // PINNA_DSP_CEPSTRUM_H
