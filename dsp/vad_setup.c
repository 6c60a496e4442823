// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/vad.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/stft.h"
#include "dsp/vad_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Bands, time constants and memory

static const double lowest_hz = 100.0;
static const double highest_hz = 5500.0;
static const double silence = 1e-9; // -90 dB

static double
to_mel(const double hz) {
  return 2595.0 * log10(1.0 + hz / 700.0);
}

static double
to_hz(const double mel) {
  return 700.0 * (pow(10.0, mel / 2595.0) - 1.0);
}

/// Bands of equal width on the mel scale, each with a bin of its own
static void
plan_bands(PinnaVad* const vad, const double sample_rate, const uint32_t n_fft) {
  const double low = to_mel(lowest_hz);
  const double high = to_mel(fmin(highest_hz, 0.47 * sample_rate));
  uint32_t     first = (uint32_t)lrint(lowest_hz * n_fft / sample_rate);
  first = first ? first : 1U;
  for (uint32_t b = 1U; b <= VAD_MAX_BANDS; ++b) {
    const double   edge = to_hz(low + (high - low) * b / VAD_MAX_BANDS);
    const uint32_t last = (uint32_t)lrint(edge * n_fft / sample_rate);
    if (last > first) {
      vad->bands[vad->n_bands++] = (VadBand){.first = first, .last = last};
      first = last;
    }
  }
}

static uint32_t
power_of_two(const uint32_t least) {
  uint32_t n = 16U;
  while (n < least) {
    n *= 2U;
  }
  return n;
}

PinnaStatus
pinna_vad_init(PinnaVad** const self, PinnaArena* const arena, const PinnaVadConfig* const config) {
  *self = NULL;
  const double threshold = config->threshold != 0.0 ? config->threshold : 0.5;
  const double hangover = config->hangover != 0.0 ? config->hangover : 0.2;
  const bool   is_own = !config->n_fft;
  if (!(config->sample_rate >= 8000.0 && config->sample_rate <= 192000.0) ||
      !(threshold > 0.0 && threshold < 1.0) || !(hangover > 0.0 && hangover <= 10.0) ||
      (!is_own &&
       (!config->win_length || config->win_length > config->n_fft || !config->hop_length))) {
    return PINNA_STATUS_BAD_ARG;
  }

  const uint32_t hop = is_own ? (uint32_t)lrint(0.01 * config->sample_rate) : config->hop_length;
  const uint32_t win = is_own ? 2U * hop : config->win_length;
  const uint32_t n_fft = is_own ? power_of_two(win) : config->n_fft;
  PinnaStft*     stft = NULL;
  if (is_own) {
    const PinnaStftConfig stft_config = {
        .n_in = 1U, .n_fft = n_fft, .win_length = win, .hop_length = hop};
    const PinnaStatus status = pinna_stft_init(&stft, arena, &stft_config);
    if (status) {
      return status;
    }
  }
  PinnaVad* const vad = PINNA_TAKE(arena, 1U, PinnaVad);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const double period = hop / config->sample_rate;
  *vad = (PinnaVad){
      .stft = stft,
      .floor = (float)(silence * 0.375 * win), // A Hann window's energy
      .release = (float)exp(-period / 0.03),
      .track = (float)exp(-period / 0.12),
      .threshold = (float)threshold,
      .n_hangover = (uint32_t)lrint(hangover / period),
      .n_boot = (uint32_t)lrint(0.1 / period) + 1U,
  };
  plan_bands(vad, config->sample_rate, n_fft);
  pinna_vad_reset(vad);
  *self = vad;
  return PINNA_STATUS_OK;
}
