// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_ANALYZE_H
#define PINNA_DSP_ANALYZE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/descriptors.h"
#include "dsp/loudness.h"
#include "dsp/meter_stats.h"
#include "dsp/scroll.h"
#include "dsp/yin.h"

#include <stdint.h>

// Everything that is measured live of one stream: loudness, level, pitch, voice, spectrum, features

#define PINNA_ANALYZE_N_MELS 80U
#define PINNA_ANALYZE_N_MFCC 40U

typedef struct PinnaAnalyzeImpl PinnaAnalyze;

typedef struct {
  double   sample_rate; ///< Hz, 8000 to 192000
  uint32_t n_ch;        ///< 1 to 64; loudness and level of all, the rest of their mean
} PinnaAnalyzeConfig;

typedef struct {
  PinnaLoudnessReading   loudness; ///< dsp/loudness.h
  PinnaMeterStatsReading moment;   ///< Of 0.3 s, dsp/meter_stats.h
  PinnaDescriptorsFrame  shape;    ///< Of the newest frame, dsp/descriptors.h
  PinnaYinResult         pitch;    ///< 60 to 1000 Hz, dsp/yin.h
  float                  voice;    ///< Probability, dsp/vad.h
} PinnaAnalyzeReading;

/// Called for each frame, in order. Realtime.
/// @param at   Sample in the current pinna_analyze_run() that completed the frame
/// @param mel  [PINNA_ANALYZE_N_MELS] Powers, torchaudio.transforms.MelSpectrogram(n_fft,
/// win_length,
///             hop_length, n_mels=80, center=False)
/// @param mfcc [PINNA_ANALYZE_N_MFCC] torchaudio.transforms.MFCC of the same, without top_db
typedef void (*PinnaAnalyzeFrameFunc)(void* handle, uint32_t at, const float* mel,
                                      const float* mfcc);

/// Plan and allocate: frames of 25 ms (Hann) every 10 ms, n_fft the next power of two. With a
/// measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_analyze_init(PinnaAnalyze** analyze, PinnaArena* arena,
                                         const PinnaAnalyzeConfig* config);

/// Listen. Realtime, any n; no reading depends on how a stream is cut.
/// @param in   Samples [n_ch][n], finite
/// @param func May be NULL
PINNA_API void pinna_analyze_run(PinnaAnalyze* analyze, const float* const* in, uint32_t n,
                                 PinnaAnalyzeFrameFunc func, void* handle) PINNA_RT;

/// What is known now; the gated values (integrated, range) are as old as 100 ms. Realtime.
PINNA_API void pinna_analyze_read(const PinnaAnalyze*  analyze,
                                  PinnaAnalyzeReading* reading) PINNA_RT;

/// Begin loudness, peak and range anew; the rest goes on. Realtime.
PINNA_API void pinna_analyze_restart(PinnaAnalyze* analyze) PINNA_RT;

/// Forget everything but the picture. Realtime.
PINNA_API void pinna_analyze_reset(PinnaAnalyze* analyze) PINNA_RT;

/// The picture, to be read by any thread: 50 columns a second, 40 Hz to 20 kHz
PINNA_API const PinnaScroll* pinna_analyze_scroll(const PinnaAnalyze* analyze) PINNA_RT;

#define PINNA_ANALYZE_LOWEST_HZ 40.0
#define PINNA_ANALYZE_HIGHEST_HZ 20000.0

#endif // PINNA_DSP_ANALYZE_H
