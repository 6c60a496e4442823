// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_VAD_TORCHAUDIO_H
#define PINNA_DSP_VAD_TORCHAUDIO_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Trims the silence before speech by cepstral power: torchaudio.functional.vad, SoX's vad
//
// Whole signals. To know at any moment whether somebody speaks, use dsp/vad.h.

/// Names, defaults and meaning as in TorchAudio 0.13.1
typedef struct {
  uint32_t sample_rate;            ///< Hz
  double   trigger_level;          ///< Mean measure that triggers; default 7
  double   trigger_time;           ///< Seconds of the mean; default 0.25
  double   search_time;            ///< Seconds looked back for quieter bursts; default 1
  double   allowed_gap;            ///< Seconds between them; default 0.25
  double   pre_trigger_time;       ///< Seconds kept before; default 0
  double   boot_time;              ///< Seconds of the first noise estimate; default 0.35
  double   noise_up_time;          ///< Seconds; default 0.1
  double   noise_down_time;        ///< Seconds; default 0.01
  double   noise_reduction_amount; ///< Default 1.35
  double   measure_freq;           ///< Measures per second; default 20
  double   measure_duration;       ///< Seconds; default 0: two periods
  double   measure_smooth_time;    ///< Seconds; default 0.4
  double   hp_filter_freq;         ///< Hz; default 50
  double   lp_filter_freq;         ///< Hz; default 6000
  double   hp_lifter_freq;         ///< Hz; default 150
  double   lp_lifter_freq;         ///< Hz; default 2000
} PinnaVadTorchaudioConfig;

/// Plan and scratch: one thread at a time
typedef struct PinnaVadTorchaudioImpl PinnaVadTorchaudio;

/// TorchAudio's defaults
PINNA_API PinnaVadTorchaudioConfig pinna_vad_torchaudio_config(uint32_t sample_rate);

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @param n_ch Channels of one recording, 1 to 64: the first voice in any of them triggers
/// @return BAD_ARG (the lifter's range is empty, measure_freq or a time makes no sense), NO_MEM
PINNA_API PinnaStatus pinna_vad_torchaudio_init(PinnaVadTorchaudio** self, PinnaArena* arena,
                                                const PinnaVadTorchaudioConfig* config,
                                                uint32_t                        n_ch);

/// Where the speech begins: TorchAudio returns the samples from there on. Allocates nothing.
///
/// Without any speech that is, as in TorchAudio 0.13.1 (not 2.x), the signal's last search_time
/// and a measure; and where it would begin before the signal, the same slice from the end that
/// Python takes.
/// @param in Samples [n_ch][n]
/// @return First sample to keep, 0 to n
PINNA_API size_t pinna_vad_torchaudio_run(PinnaVadTorchaudio* self, const float* const* in,
                                          size_t n);

#endif // PINNA_DSP_VAD_TORCHAUDIO_H
