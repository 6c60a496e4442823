// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/analyze.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/analyze_impl.h"
#include "dsp/cepstrum.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "dsp/vad.h"

#include <math.h>
#include <stdint.h>

// Plans the parts to fit each other

static PinnaMelConfig
plan_mel(const double rate, const uint32_t n_fft, const uint32_t win, const uint32_t hop) {
  PinnaMelConfig config = pinna_mel_config((uint32_t)lrint(rate));
  config.spectrogram.n_fft = n_fft;
  config.spectrogram.win_length = win;
  config.spectrogram.hop_length = hop;
  config.spectrogram.center = false;
  config.filterbank.n_filters = PINNA_ANALYZE_N_MELS;
  return config;
}

static PinnaStatus
build_spectral(PinnaAnalyze* const parts, PinnaArena* const arena, const double rate) {
  const uint32_t hop = (uint32_t)lrint(0.01 * rate);
  const uint32_t win = (uint32_t)lrint(0.025 * rate);
  uint32_t       n_fft = 256U;
  while (n_fft < win) {
    n_fft *= 2U;
  }
  const PinnaStftConfig stft = {
      .n_in = 1U, .n_fft = n_fft, .win_length = win, .hop_length = hop, .first_frame = hop};
  const PinnaVadConfig vad = {
      .sample_rate = rate, .n_fft = n_fft, .win_length = win, .hop_length = hop};
  const PinnaDescriptorsConfig descriptors = {rate, n_fft, 0.0};
  const PinnaMelConfig         mel = plan_mel(rate, n_fft, win, hop);
  PinnaCepstrumConfig          cepstrum = pinna_mfcc_config((uint32_t)lrint(rate));
  cepstrum.bands = mel;
  cepstrum.n_coeffs = PINNA_ANALYZE_N_MFCC;
  parts->hop = hop;

  PinnaStatus status = pinna_stft_init(&parts->stft, arena, &stft);
  status = status ? status : pinna_vad_init(&parts->vad, arena, &vad);
  status = status ? status : pinna_descriptors_init(&parts->descriptors, arena, &descriptors);
  status = status ? status : pinna_mel_init(&parts->mel, arena, &mel);
  status = status ? status : pinna_cepstrum_init(&parts->cepstrum, arena, &cepstrum);
  const PinnaScrollConfig scroll = {.sample_rate = rate,
                                    .n_fft = n_fft,
                                    .window = parts->stft ? pinna_stft_window(parts->stft) : NULL,
                                    .win_length = parts->stft ? win : 0U,
                                    .lowest_hz = PINNA_ANALYZE_LOWEST_HZ,
                                    .highest_hz = PINNA_ANALYZE_HIGHEST_HZ,
                                    .n_frames = 2U};
  return status ? status : pinna_scroll_init(&parts->scroll, arena, &scroll);
}

PinnaStatus
pinna_analyze_init(PinnaAnalyze** const self, PinnaArena* const arena,
                   const PinnaAnalyzeConfig* const config) {
  *self = NULL;
  const double rate = config->sample_rate;
  if (!(rate >= 8000.0 && rate <= 192000.0) || !config->n_ch || config->n_ch > 64U) {
    return PINNA_STATUS_BAD_ARG;
  }
  const PinnaLoudnessConfig   loudness = {rate, config->n_ch, NULL};
  const PinnaMeterStatsConfig stats = {rate, config->n_ch, 0.0};
  const PinnaYinConfig        yin = {
             .sample_rate = rate, .n_channels = 1U, .f_min = 60.0, .f_max = 1000.0, .interval = 0.01};
  PinnaAnalyze        parts = {.n_ch = config->n_ch, .step = (uint32_t)lrint(0.1 * rate)};
  PinnaAnalyze* const analyze = PINNA_TAKE(arena, 1U, PinnaAnalyze);

  PinnaStatus status = pinna_loudness_init(&parts.loudness, arena, &loudness);
  status = status ? status : pinna_meter_stats_init(&parts.stats, arena, &stats);
  status = status ? status : pinna_yin_init(&parts.yin, arena, &yin);
  status = status ? status : build_spectral(&parts, arena, rate);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  *analyze = parts;
  pinna_analyze_reset(analyze);
  *self = analyze;
  return PINNA_STATUS_OK;
}
