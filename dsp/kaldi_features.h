// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_KALDI_FEATURES_H
#define PINNA_DSP_KALDI_FEATURES_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Kaldi's spectrogram, fbank and mfcc, as torchaudio.compliance.kaldi computes them

typedef enum {
  PINNA_KALDI_SPECTROGRAM = 0, ///< Log energy of every bin, the first replaced by the frame's
  PINNA_KALDI_FBANK,           ///< Mel filter bank
  PINNA_KALDI_MFCC             ///< Mel cepstrum, liftered
} PinnaKaldiKind;

/// All options of the three functions, by their names; samples are in Kaldi's unit, ±32768
typedef struct {
  PinnaKaldiKind  kind;
  double          sample_frequency;        ///< Hz (16000)
  double          frame_length;            ///< ms (25)
  double          frame_shift;             ///< ms (10)
  double          min_duration;            ///< Seconds; a shorter signal has no frame (0)
  PinnaWindowKind window_type;             ///< POVEY, HANN, HAMMING, RECTANGULAR, BLACKMAN
  double          blackman_coeff;          ///< (0.42)
  double          preemphasis_coefficient; ///< 0 to 1 (0.97)
  double          energy_floor;            ///< 0 = none (1)
  double          dither;                  ///< Gaussian noise's deviation, 0 = none (0)
  uint64_t        seed;                    ///< Of the dither: same seed, same noise
  bool            raw_energy;              ///< Energy before pre-emphasis and window (true)
  bool            remove_dc_offset;        ///< (true)
  bool            round_to_power_of_two;   ///< (true)
  bool            snip_edges;              ///< Only frames that fit; else mirrored ends (true)
  bool            subtract_mean;           ///< Of every column, over the whole signal (false)
  bool            use_energy;              ///< (false)
  bool            use_log_fbank;           ///< (true)
  bool            use_power;               ///< Otherwise magnitude (true)
  bool            htk_compat;              ///< Energy goes last (false)
  double          low_freq;                ///< Hz (20)
  double          high_freq;               ///< Hz; 0 or below: re the Nyquist frequency (0)
  double          vtln_low;                ///< Hz (100)
  double          vtln_high;               ///< Hz; below 0: re the Nyquist frequency (-500)
  double          vtln_warp;               ///< 1 = no warping (1)
  uint32_t        num_mel_bins;            ///< 4 or more (23)
  uint32_t        num_ceps;                ///< 1 to num_mel_bins (13)
  double          cepstral_lifter;         ///< 0 = none (22)
} PinnaKaldiConfig;

typedef struct PinnaKaldiImpl PinnaKaldi;

/// The defaults named above. TorchAudio's `mfcc` has use_energy False, as here.
PINNA_API PinnaKaldiConfig pinna_kaldi_config(PinnaKaldiKind kind);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (what TorchAudio asserts, and an odd frame that is not rounded), NO_MEM
PINNA_API PinnaStatus pinna_kaldi_init(PinnaKaldi** self, PinnaArena* arena,
                                       const PinnaKaldiConfig* config);

/// Values of a frame. Realtime.
PINNA_API uint32_t pinna_kaldi_n_cols(const PinnaKaldi* self) PINNA_RT;

/// Samples of a frame, and from one frame to the next: a stream's frame i is its samples
/// [i shift, i shift + size). Realtime.
PINNA_API void pinna_kaldi_frame_size(const PinnaKaldi* self, uint32_t* size,
                                      uint32_t* shift) PINNA_RT;

/// Frames of a signal; 0 if it is shorter than a frame or than min_duration. Realtime.
PINNA_API size_t pinna_kaldi_n_frames(const PinnaKaldi* self, size_t n_samples) PINNA_RT;

/// A whole signal. Allocates nothing.
/// @param in  Samples [n_samples], ±32768
/// @param out Values [n_frames][n_cols]
/// @return BAD_ARG if there is no frame
PINNA_API PinnaStatus pinna_kaldi_run(PinnaKaldi* self, const float* in, size_t n_samples,
                                      float* out);

/// One frame of a stream, as with snip_edges; a stream's mean is unknown, so subtract_mean does
/// not apply (dsp/cmn.h has the running one). Realtime.
/// @param in  Samples [size]
/// @param out Values [n_cols]
PINNA_API void pinna_kaldi_frame(PinnaKaldi* self, const float* in, float* out) PINNA_RT;

#endif // PINNA_DSP_KALDI_FEATURES_H
