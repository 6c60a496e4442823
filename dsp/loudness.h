// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LOUDNESS_H
#define PINNA_DSP_LOUDNESS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Loudness: ITU-R BS.1770-4 with EBU R 128's three time scales, range and true peak; and
// TorchAudio's form

typedef struct PinnaLoudnessImpl PinnaLoudness;

#define PINNA_LOUDNESS_MAX_CHANNELS 64U

/// What silence reads, and what cannot be told yet [LUFS, dBTP]
#define PINNA_LOUDNESS_SILENCE (-120.0)

typedef struct {
  double   sample_rate; ///< Hz, 4000 to 768000
  uint32_t n_ch;        ///< 1 to PINNA_LOUDNESS_MAX_CHANNELS
  /// Channel weights [n_ch], or NULL for the standard's: 1 in front, 1.41 for surrounds, 0 for the
  /// low-frequency channel, by the layouts L, R | L, R, C | L, R, Ls, Rs | L, R, C, Ls, Rs |
  /// L, R, C, LFE, Ls, Rs, and 1 for channels beyond
  const double* weights;
} PinnaLoudnessConfig;

/// All that is known at one time; levels in LUFS (LKFS) and dBTP
typedef struct {
  double momentary;      ///< The last 400 ms
  double short_term;     ///< The last 3 s
  double momentary_max;  ///< Since reset
  double short_term_max; ///< Since reset
  double integrated;     ///< Since reset, gated at -70 LUFS and 10 LU below the mean
  double range;          ///< LRA [LU] since reset, EBU Tech 3342; 0 before 3 s
  double true_peak;      ///< Greatest since reset, of all channels [dBTP]
} PinnaLoudnessReading;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_loudness_init(PinnaLoudness** loudness, PinnaArena* arena,
                                          const PinnaLoudnessConfig* config);

/// Forget the past. Realtime (clears 150 KB).
PINNA_API void pinna_loudness_reset(PinnaLoudness* loudness) PINNA_RT;

/// Listen. The readings do not depend on how a stream is cut, bit for bit. Realtime, any n.
/// @param in Samples [n_ch][n], finite
PINNA_API void pinna_loudness_run(PinnaLoudness* loudness, const float* const* in,
                                  uint32_t n) PINNA_RT;

/// Momentary and short-term values move every 10 ms, gated ones every 100 ms (a block of 400 ms),
/// the range every second. Blocks are counted in bins of 0.02 LU that also sum their energies: a
/// few microseconds, however long it has been running. Realtime.
PINNA_API void pinna_loudness_read(const PinnaLoudness*  loudness,
                                   PinnaLoudnessReading* reading) PINNA_RT;

/// The cheap half of pinna_loudness_read(): momentary, short_term, their maxima and true_peak; the
/// other members stay as they are. Realtime.
PINNA_API void pinna_loudness_read_levels(const PinnaLoudness*  loudness,
                                          PinnaLoudnessReading* reading) PINNA_RT;

/// Loudness of a whole signal exactly as torchaudio.functional.loudness says it: simplified
/// weighting (treble +4 dB at 1.5 kHz, high pass 38 Hz) whose filters clamp to ±1. Not realtime.
/// @param in   Samples [n_ch][n], up to 5 channels, weighted 1, 1, 1, 1.41, 1.41
/// @param lkfs Receives LKFS; NaN if no block passes the gates, as there
/// @return BAD_ARG (channels; shorter than 400 ms), NO_MEM
PINNA_API PinnaStatus pinna_loudness_torchaudio(const float* const* in, uint32_t n_ch, size_t n,
                                                uint32_t sample_rate, double* lkfs);

#endif // PINNA_DSP_LOUDNESS_H
