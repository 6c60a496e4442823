// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SPECTROGRAM_H
#define PINNA_DSP_SPECTROGRAM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/window.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Spectrograms of whole signals and back, framed as TorchAudio frames them

typedef enum {
  PINNA_PAD_REFLECT = 0, ///< Mirrored, the end sample once
  PINNA_PAD_CONSTANT,    ///< Zeros
  PINNA_PAD_REPLICATE,   ///< The end sample again and again
  PINNA_PAD_CIRCULAR     ///< From the other end
} PinnaPadMode;

typedef enum {
  PINNA_NORMALIZED_NONE = 0,    ///< torchaudio normalized=False
  PINNA_NORMALIZED_WINDOW,      ///< True or "window": divided by sqrt(sum w^2)
  PINNA_NORMALIZED_FRAME_LENGTH ///< "frame_length": divided by sqrt(n_fft)
} PinnaNormalized;

/// The arguments of torchaudio.transforms.Spectrogram; start from pinna_spectrogram_config()
typedef struct {
  uint32_t        n_fft;      ///< Transform length, 2 to 2^24, odd and prime too
  uint32_t        win_length; ///< Window [samples], centred in n_fft, 1 to n_fft
  uint32_t        hop_length; ///< Samples between frames, 1 or more
  uint32_t        pad;        ///< Zeros added at both ends before anything else
  PinnaWindow     window;     ///< Unless `custom`
  const float*    custom;     ///< A window of one's own [win_length], read by init only, or NULL
  PinnaNormalized normalized; ///< Scale
  PinnaPadMode    pad_mode;   ///< How `center` fills the ends
  bool            center;     ///< Frame k is centred at sample k * hop_length
  bool            onesided;   ///< n_fft / 2 + 1 bins, otherwise n_fft
} PinnaSpectrogramConfig;

/// Plan, window and scratch: one thread at a time
typedef struct PinnaSpectrogramImpl PinnaSpectrogram;

/// TorchAudio's defaults: periodic Hann of n_fft, half a window of hop, centred, reflected, one
/// side
PINNA_API PinnaSpectrogramConfig pinna_spectrogram_config(uint32_t n_fft);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_spectrogram_init(PinnaSpectrogram** self, PinnaArena* arena,
                                             const PinnaSpectrogramConfig* config);

/// Number of bins of a frame
PINNA_API uint32_t pinna_spectrogram_n_bins(const PinnaSpectrogram* self);

/// Number of frames of a signal, 0 if it is too short: less than n_fft (padding included), or
/// not longer than what is to be reflected (n_fft / 2)
PINNA_API size_t pinna_spectrogram_n_frames(const PinnaSpectrogram* self, size_t n_samples);

/// torch.stft(): all frames of a signal. Allocates nothing where n_fft is realtime (dsp/fft.h).
/// @param in  Samples [n_samples]
/// @param out Bins [n_frames][n_bins], frame after frame (torch has them transposed)
/// @return BAD_ARG if the signal is too short
PINNA_API PinnaStatus pinna_spectrogram_forward(PinnaSpectrogram* self, const float* in,
                                                size_t n_samples, float complex* out);

/// torchaudio.functional.spectrogram() with a power: |bin|^power of all frames.
/// @param power 1 magnitude, 2 energy, or any other above 0
/// @param out   Values [n_frames][n_bins]
/// @return BAD_ARG if the signal is too short or power is not above 0
PINNA_API PinnaStatus pinna_spectrogram_power(PinnaSpectrogram* self, const float* in,
                                              size_t n_samples, float power, float* out);

/// Samples that `n_frames` frames stand for: what inverse() writes for a length of 0
PINNA_API size_t pinna_spectrogram_length(const PinnaSpectrogram* self, size_t n_frames);

/// torchaudio.functional.inverse_spectrogram(): least-squares overlap-add (torch.istft()), the
/// exact inverse of forward(). As there, `pad` is taken off only if a length is given.
/// @param in     Bins [n_frames][n_bins], kept; of two-sided ones the lower half counts, as in
/// torch
/// @param length Samples wanted (zeros where no frame reaches), or 0 for pinna_spectrogram_length()
/// @param out    Samples [length]
/// @return BAD_ARG: no frame, or the window leaves samples uncovered (NOLA); `out` is undefined
/// then
PINNA_API PinnaStatus pinna_spectrogram_inverse(PinnaSpectrogram* self, const float complex* in,
                                                size_t n_frames, size_t length, float* out);

#endif // PINNA_DSP_SPECTROGRAM_H
