// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MEL_IMPL_H
#define PINNA_DSP_MEL_IMPL_H

#include "dsp/filterbank.h"
#include "dsp/mel.h"
#include "dsp/spectrogram.h"

#include <stddef.h>
#include <stdint.h>

// What a mel spectrogram holds

struct PinnaMelImpl {
  PinnaSpectrogram* spectrogram;
  PinnaFilterbank*  bank;
  float             power;
  float             scale;   ///< Of live bins
  float*            columns; ///< [n_mels][lanes]
  float*            energy;  ///< [n_bins] of a live frame
};

/// Bands of a group of frames, side by side. Realtime where n_fft is.
/// @return Columns [n_mels][lanes], which the caller may change until the next call
float* pinna_mel_columns(PinnaMel* self, const float* in, size_t n_samples, size_t first,
                         uint32_t n_frames);

#endif // PINNA_DSP_MEL_IMPL_H
