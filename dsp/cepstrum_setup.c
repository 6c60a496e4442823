// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/cepstrum.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/cepstrum_impl.h"
#include "dsp/dct.h"
#include "dsp/lanes.h"
#include "dsp/mel.h"

#include <stddef.h>
#include <stdint.h>

// Defaults and memory

#define LOG_OFFSET 1e-6F                ///< TorchAudio's, so that silence has a logarithm
#define DB_LEAST 1e-10F                 ///< AmplitudeToDB's amin
#define DB_PER_NEPER 4.342944819032518F ///< 10 / ln(10)

PinnaCepstrumConfig
pinna_mfcc_config(const uint32_t sample_rate) {
  return (PinnaCepstrumConfig){
      .bands = pinna_mel_config(sample_rate), .n_coeffs = 40U, .top_db = 80.0f};
}

PinnaCepstrumConfig
pinna_lfcc_config(const uint32_t sample_rate) {
  PinnaCepstrumConfig config = pinna_mfcc_config(sample_rate);
  config.bands.filterbank.scale = PINNA_SCALE_LINEAR;
  return config;
}

PinnaStatus
pinna_cepstrum_init(PinnaCepstrum** const self, PinnaArena* const arena,
                    const PinnaCepstrumConfig* const config) {
  *self = NULL;
  const uint32_t n_bands = config->bands.filterbank.n_filters;
  const uint32_t n = config->n_coeffs;
  if (!n || n > n_bands || (unsigned)config->norm > PINNA_DCT_NONE) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaMel*            mel = NULL;
  PinnaCepstrum* const cepstrum = PINNA_TAKE(arena, 1U, PinnaCepstrum);
  float* const         dct = PINNA_TAKE(arena, (size_t)n_bands * n, float);
  float* const         columns = PINNA_TAKE(arena, (size_t)n * pinna_lanes_kernel()->lanes, float);
  float* const         bands = PINNA_TAKE(arena, n_bands, float);
  const PinnaStatus    status = pinna_mel_init(&mel, arena, &config->bands);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  *cepstrum = (PinnaCepstrum){.mel = mel,
                              .n_coeffs = n,
                              .least = config->log_bands ? 0.0f : DB_LEAST,
                              .offset = config->log_bands ? LOG_OFFSET : 0.0f,
                              .unit = config->log_bands ? 1.0f : DB_PER_NEPER,
                              .top_db = config->log_bands ? -1.0f : config->top_db,
                              .dct = dct,
                              .columns = columns,
                              .bands = bands};
  *self = cepstrum;
  return pinna_dct_fill(dct, n, n_bands, config->norm);
}
