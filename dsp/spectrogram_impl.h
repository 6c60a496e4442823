// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECTROGRAM_IMPL_H
#define PINNA_DSP_SPECTROGRAM_IMPL_H

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
  float*                 back;     ///< [win_length] window of the inverse, as lanes want it
  float*                 unity;    ///< [n_fft + 2] inverse's scale
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

/// One frame of samples [win_length] as they come, to bins in self->bins. Realtime where n_fft is.
void pinna_spectrogram_one(PinnaSpectrogram* self, const float* in);

#endif // PINNA_DSP_SPECTROGRAM_IMPL_H
