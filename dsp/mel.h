// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MEL_H
#define PINNA_DSP_MEL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/filterbank.h"
#include "dsp/spectrogram.h"

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

// Mel spectrograms (torchaudio.transforms.MelSpectrogram, librosa.feature.melspectrogram)

typedef struct {
  PinnaSpectrogramConfig spectrogram; ///< One-sided
  float                  power;       ///< Of the magnitude: 1, 2 or any other above 0
  PinnaFilterbankConfig  filterbank;  ///< n_freqs is taken from n_fft
} PinnaMelConfig;

/// Plan, filters and scratch: one thread at a time
typedef struct PinnaMelImpl PinnaMel;

/// TorchAudio's defaults: n_fft 400, hop 200, 128 mels, HTK, no norm, power 2, reflected ends
PINNA_API PinnaMelConfig pinna_mel_config(uint32_t sample_rate);

/// librosa's defaults: n_fft 2048, hop 512, 128 mels, Slaney scale and norm, power 2, ends filled
/// with zeros (librosa >= 0.10; set spectrogram.pad_mode to REFLECT for older ones)
PINNA_API PinnaMelConfig pinna_mel_librosa_config(uint32_t sample_rate);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_mel_init(PinnaMel** self, PinnaArena* arena,
                                     const PinnaMelConfig* config);

/// Values of a frame (n_mels). Realtime.
PINNA_API uint32_t pinna_mel_n_mels(const PinnaMel* self) PINNA_RT;

/// Frames of a signal, 0 if it is too short (dsp/spectrogram.h). Realtime.
PINNA_API size_t pinna_mel_n_frames(const PinnaMel* self, size_t n_samples) PINNA_RT;

/// A whole signal. Allocates nothing where n_fft is realtime (dsp/fft.h).
/// @param in  Samples [n_samples]
/// @param out Values [n_frames][n_mels], frame after frame (torch has them transposed)
/// @return BAD_ARG if the signal is too short
PINNA_API PinnaStatus pinna_mel_run(PinnaMel* self, const float* in, size_t n_samples, float* out);

/// One frame of a stream, from bins as pinna_stft_run() hands them out, scaled by its window.
/// Realtime.
/// @param bins [n_fft / 2 + 1]
/// @param out  Values [n_mels]
PINNA_API void pinna_mel_frame(PinnaMel* self, const float complex* bins, float* out) PINNA_RT;

#endif // PINNA_DSP_MEL_H
