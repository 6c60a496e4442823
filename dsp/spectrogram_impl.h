// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECTROGRAM_IMPL_H
#define PINNA_DSP_SPECTROGRAM_IMPL_H

#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/lanes.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a whole-signal transform holds. Frames go in groups, one to a lane; where the length is not
// served by lanes, one by one through FFTW.

/// Least sum of squared windows that can be undone (torch.istft)
#define PINNA_SPECTROGRAM_LEAST 1e-11

struct PinnaSpectrogramImpl {
  PinnaSpectrogramConfig config;
  const PinnaFft*        fft;
  PinnaLanes*            lanes;
  uint32_t               start;    ///< Where the window begins within n_fft
  float                  scale;    ///< Of forward's bins
  float*                 window;   ///< [win_length]
  float*                 back;     ///< [win_length] inverse's window, scaled, odd samples negated
  float*                 ones;     ///< [n_fft + 2]
  float*                 periodic; ///< [hop_length] 1 / sum of squared windows, NULL if hop > win
  float*                 rows;     ///< [lanes][n_fft + 2] framed samples or bins
  float*                 frame;    ///< [n_fft]
  float complex*         bins;     ///< [n_fft / 2 + 1]
};

/// Frames of a group. Realtime.
uint32_t pinna_spectrogram_lanes(const PinnaSpectrogram* self);

/// Energies of a group of frames, side by side: |bin|^2 or, if `root`, |bin|. Lanes from n_frames
/// on are undefined. Realtime where n_fft is.
/// @param first Index of the first frame
/// @return Columns [n_fft / 2 + 1][lanes], valid until the next call
float* pinna_spectrogram_columns(PinnaSpectrogram* self, const float* in, size_t n_samples,
                                 size_t first, uint32_t n_frames, bool root);

/// The same, but bins. @return Columns [n_fft / 2 + 1][2][lanes], valid until the next call
float* pinna_spectrogram_bin_columns(PinnaSpectrogram* self, const float* in, size_t n_samples,
                                     size_t first, uint32_t n_frames);

/// Invert a group of frames and add it to a signal. Realtime where n_fft is.
/// @param columns What pinna_spectrogram_bin_columns() returned, destroyed; or any columns
/// @param from    Index of out[0] among the samples that the first frame starts
/// @param n       Samples of `out`
void pinna_spectrogram_add_columns(PinnaSpectrogram* self, float* columns, size_t first,
                                   uint32_t n_frames, size_t from, size_t n, float* out);

/// Divide the sum of frames by the sum of squared windows. Realtime.
/// @return BAD_ARG where no window reaches
PinnaStatus pinna_spectrogram_normalise(const PinnaSpectrogram* self, size_t n_frames, size_t from,
                                        size_t n, float* out);

/// Samples before the first frame's centre. Realtime.
static inline size_t
pinna_spectrogram_edge(const PinnaSpectrogram* const self) {
  return self->config.center ? self->config.n_fft / 2U : 0U;
}

/// One frame of samples [win_length] as they come, to bins in self->bins. Realtime where n_fft is.
void pinna_spectrogram_one(PinnaSpectrogram* self, const float* in);

#endif // PINNA_DSP_SPECTROGRAM_IMPL_H
