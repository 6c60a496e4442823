// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_STFT_H
#define PINNA_DSP_STFT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/window.h"

#include <complex.h>
#include <stdint.h>

// Streaming short-time Fourier transform: blocks of any length in, spectra at every hop out

/// One object serves one stream: its channels run together, in one thread at a time
typedef struct PinnaStftImpl PinnaStft;

/// Zero means the default wherever one is named
typedef struct {
  uint32_t n_in;             ///< Channels analysed, 1 to PINNA_STFT_MAX_CHANNELS
  uint32_t n_out;            ///< Channels resynthesised, 0 (analysis only) to n_in
  uint32_t n_fft;            ///< Transform length, 2 to 65536: even, of primes up to 13
  uint32_t hop_length;       ///< Samples between frames, 1 to win_length
  uint32_t win_length;       ///< Analysis window [samples], up to n_fft; default n_fft
  uint32_t synthesis_length; ///< Synthesis window [samples], hop to win_length; default same
  uint32_t first_frame;      ///< Samples in before the first frame; default hop_length, which
                             ///< is also the most, win_length in analysis only
  PinnaWindow  window;       ///< Analysis window, unless one of the next two rules applies
  const float* analysis;     ///< An analysis window of one's own [win_length], or NULL
  const float* synthesis;    ///< A synthesis shape of one's own [synthesis_length], or NULL
} PinnaStftConfig;

// Windows. Without windows of one's own, equal lengths give `window` and its dual, a shorter
// synthesis_length the pair of pinna_window_low_delay(). Whatever the synthesis shape (default: the
// end of the analysis window), it is scaled by pinna_window_dual(), so that unchanged spectra give
// exactly the delayed input. Both windows end at the newest sample. The arrays are only read by
// pinna_stft_init().
//
// A frame is [n_fft]: win_length windowed samples, oldest first, then zeros. With `first_frame` =
// `win_length` = n_fft the frames are those of torch.stft(center=False), one after another.

#define PINNA_STFT_MAX_CHANNELS 64U

/// Called at each hop, in order. Realtime.
/// @param bins One spectrum per input channel, [n_in][n_fft / 2 + 1], each aligned to 64 bytes;
///             may be changed in place, the first n_out of them are resynthesised
typedef void (*PinnaStftFrameFunc)(void* handle, float complex* const* bins);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG (a range above, or the windows cannot add up to one), NO_MEM, UNSUPPORTED (n_fft
///         would allocate while running)
PINNA_API PinnaStatus pinna_stft_init(PinnaStft** stft, PinnaArena* arena,
                                      const PinnaStftConfig* config);

/// Analyse, call `func` at each hop, resynthesise. Realtime, any n_frames, even 0. The result does
/// not depend on how a stream is cut into calls, bit for bit.
///
/// Samples that are no number, infinite or beyond ±1e9 are taken as 0, so that a fault upstream
/// never enters a spectrum or the memory of who works on it.
/// @param in   Samples [n_in][n_frames], full scale ±1
/// @param out  Samples [n_out][n_frames], delayed by pinna_stft_latency(); each may be any of `in`,
///             from its start; NULL in analysis only
/// @param func May be NULL: the delayed input comes out
PINNA_API void pinna_stft_run(PinnaStft* stft, const float* const* in, float* const* out,
                              uint32_t n_frames, PinnaStftFrameFunc func, void* handle) PINNA_RT;

/// Forget all audio, as after init: the next frame comes after first_frame samples. Realtime.
PINNA_API void pinna_stft_reset(PinnaStft* stft) PINNA_RT;

/// Delay of `out` behind `in`, in samples: synthesis_length, or 0 in analysis only. Realtime.
PINNA_API uint32_t pinna_stft_latency(const PinnaStft* stft) PINNA_RT;

/// n_fft / 2 + 1. Realtime.
PINNA_API uint32_t pinna_stft_n_bins(const PinnaStft* stft) PINNA_RT;

/// The analysis window in use [win_length], for scaling spectra to levels. Realtime.
PINNA_API const float* pinna_stft_window(const PinnaStft* stft) PINNA_RT;

#endif // PINNA_DSP_STFT_H
