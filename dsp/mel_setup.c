// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mel.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/filterbank.h"
#include "dsp/mel_impl.h"
#include "dsp/spectrogram.h"
#include "dsp/spectrogram_impl.h"

#include <stdint.h>

// Defaults and memory

PinnaMelConfig
pinna_mel_config(const uint32_t sample_rate) {
  return (PinnaMelConfig){.spectrogram = pinna_spectrogram_config(400U),
                          .power = 2.0f,
                          .filterbank = {.n_filters = 128U, .sample_rate = sample_rate}};
}

PinnaMelConfig
pinna_mel_librosa_config(const uint32_t sample_rate) {
  PinnaMelConfig config = pinna_mel_config(sample_rate);
  config.spectrogram = pinna_spectrogram_config(2048U);
  config.spectrogram.hop_length = 512U;
  config.spectrogram.pad_mode = PINNA_PAD_CONSTANT;
  config.filterbank.scale = PINNA_SCALE_SLANEY;
  config.filterbank.norm = PINNA_FILTER_NORM_SLANEY;
  return config;
}

PinnaStatus
pinna_mel_init(PinnaMel** const self, PinnaArena* const arena, const PinnaMelConfig* const config) {
  *self = NULL;
  PinnaSpectrogram*     spectrogram = NULL;
  PinnaFilterbank*      bank = NULL;
  PinnaFilterbankConfig bank_config = config->filterbank;
  bank_config.n_freqs = config->spectrogram.n_fft / 2U + 1U;
  if (!(config->power > 0.0f) || !config->spectrogram.onesided) {
    return PINNA_STATUS_BAD_ARG;
  }

  const size_t    n_columns = (size_t)bank_config.n_filters * pinna_lanes_kernel()->lanes;
  PinnaMel* const mel = PINNA_TAKE(arena, 1U, PinnaMel);
  float* const    columns = PINNA_TAKE(arena, n_columns, float);
  float* const    energy = PINNA_TAKE(arena, bank_config.n_freqs, float);
  PinnaStatus     status = pinna_spectrogram_init(&spectrogram, arena, &config->spectrogram);
  status = status ? status : pinna_filterbank_init(&bank, arena, &bank_config);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  *mel = (PinnaMel){.spectrogram = spectrogram,
                    .bank = bank,
                    .power = config->power,
                    .scale = spectrogram->scale,
                    .columns = columns,
                    .energy = energy};
  *self = mel;
  return PINNA_STATUS_OK;
}
