// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise.h"

#include "base/arena.h"
#include "dsp/denoise_impl.h"
#include "dsp/window.h"

#include <math.h>
#include <stddef.h>

// Sizes, memory, tables

static const double late_after_s = 0.048;

PinnaDenoiseParams
pinna_denoise_defaults(void) {
  return (PinnaDenoiseParams){
      .reduction_db = 18.0,
      .sensitivity = 0.5,
      .speed_s = 1.0,
      .smoothing = 0.3,
      .rt60_s = 0.5,
      .threshold_db = 3.0,
      .hold_s = 0.2,
      .range_db = 40.0,
      .mix = 1.0,
  };
}

/// The greatest multiple of `step` up to `most` that is made of the primes up to 13
static uint32_t
smooth_size(const double most, const uint32_t step) {
  for (uint32_t n = (uint32_t)(most / step) * step; n > step; n -= step) {
    uint32_t rest = n;
    for (uint32_t p = 2U; p <= 13U; ++p) {
      while (rest % p == 0U) {
        rest /= p;
      }
    }
    if (rest == 1U) {
      return n;
    }
  }
  return step;
}

static uint32_t
transform_size(const double rate) {
  return smooth_size(1024.0 * rate / 48000.0 + 0.01, 8U);
}

uint32_t
pinna_denoise_n_bins(const double rate) {
  return transform_size(rate) / 2U + 1U;
}

static PinnaStftConfig
stft_config(const PinnaDenoiseConfig* const config) {
  const uint32_t size = transform_size(config->rate);
  const uint32_t low_hop = (uint32_t)(128.0 * config->rate / 48000.0 + 0.01);
  return (PinnaStftConfig){
      .n_in = config->n_channels,
      .n_out = config->n_channels,
      .n_fft = size,
      .hop_length = config->low_latency ? low_hop : size / 4U,
      .synthesis_length = config->low_latency ? 3U * low_hop / 2U * 2U : size,
      .window = {.kind = PINNA_WINDOW_SQRT_HANN},
  };
}

static PinnaStatus
take_channel(PinnaDenoise* const d, PinnaDenoiseChannel* const channel, PinnaArena* const arena) {
  const PinnaNoiseImcraConfig imcra = {d->n_bins, d->hop_s, d->bin_hz};
  const PinnaNoiseSppConfig   spp = {d->n_bins, d->hop_s};
  const PinnaNoiseLullConfig  lull = {d->n_bins, d->hop_s, d->bin_hz};
  const PinnaBabbleConfig     babble = {d->n_bins, d->hop_s, d->bin_hz};
  const PinnaOmlsaConfig      omlsa = {d->n_bins, d->hop_s, d->bin_hz};
  PinnaStatus                 status = pinna_hum_init(&channel->hum, arena, d->config.rate);
  status = status ? status : pinna_noise_imcra_init(&channel->imcra, arena, &imcra);
  status = status ? status : pinna_noise_spp_init(&channel->spp, arena, &spp);
  status = status ? status : pinna_noise_lull_init(&channel->lull, arena, &lull);
  status = status ? status : pinna_omlsa_init(&channel->omlsa, arena, &omlsa);
  status = status ? status : pinna_babble_init(&channel->babble, arena, &babble);
  channel->power = pinna_noise_row_take(arena, d->n_bins);
  channel->tracked = pinna_noise_row_take(arena, d->n_bins);
  channel->noise = pinna_noise_row_take(arena, d->n_bins);
  channel->late = PINNA_TAKE(arena, (size_t)d->n_late * d->n, float);
  channel->sound = PINNA_TAKE(arena, PINNA_DENOISE_CHUNK, float);
  channel->dry = PINNA_TAKE(arena, d->dry_size, float);
  channel->held = PINNA_TAKE(arena, d->max_wait, float complex*);
  for (uint32_t f = 0U; f < d->max_wait; ++f) {
    float complex* const held = PINNA_TAKE(arena, d->n_bins, float complex);
    if (channel->held) {
      channel->held[f] = held;
    }
  }
  return status;
}

static void
take_rows(PinnaDenoise* const d, PinnaArena* const arena) {
  const PinnaMaskProvider* const mask = d->config.mask;
  d->presence = pinna_noise_row_take(arena, d->n_bins);
  d->log_gain = pinna_noise_row_take(arena, d->n_bins);
  d->log_floor = pinna_noise_row_take(arena, d->n_bins);
  d->scratch = pinna_noise_row_take(arena, d->n_bins);
  d->voices = pinna_noise_row_take(arena, d->n_bins);
  d->before = pinna_noise_row_take(arena, d->n_bins);
  d->kept = pinna_noise_row_take(arena, d->n_bins);
  d->sum = PINNA_TAKE(arena, d->n_bins + 1U, double);
  d->held_gain = PINNA_TAKE(arena, (size_t)d->max_wait * d->n, float);
  d->mask = PINNA_TAKE(arena, mask ? mask->n_bands : 0U, float);
  d->mask_at = pinna_noise_row_take(arena, d->n_bins);
  d->view_row = PINNA_TAKE(arena, 3U * PINNA_DENOISE_VIEW, float);
  d->view.size = 3U * PINNA_DENOISE_VIEW;
  d->view.values = PINNA_TAKE(arena, d->view.size, _Atomic float);
}

/// Thirds of an octave from 100 Hz, at least three bins wide
static void
lay_gates(PinnaDenoise* const d) {
  uint32_t bin = 0U;
  for (double edge = 100.0; bin < d->n_bins && d->n_gates < PINNA_DENOISE_BANDS; edge *= 1.26) {
    const uint32_t end = (uint32_t)(edge / d->bin_hz);
    if (end >= bin + 3U || !d->n_gates) {
      d->gate[d->n_gates].first_bin = bin;
      d->n_gates++;
      bin = end > bin ? end : bin + 3U;
    }
  }
}

/// Where each bin lies between the mask's bands
static void
lay_mask(PinnaDenoise* const d) {
  const PinnaMaskProvider* const mask = d->config.mask;
  for (uint32_t k = 0U; mask && k < d->n_bins; ++k) {
    const double hz = k * d->bin_hz;
    uint32_t     band = 0U;
    while (band + 1U < mask->n_bands && (double)mask->band_hz[band + 1U] <= hz) {
      ++band;
    }
    const uint32_t next = band + 1U < mask->n_bands ? band + 1U : band;
    const double   width = (double)(mask->band_hz[next] - mask->band_hz[band]);
    const double   share = width > 0.0 ? (hz - (double)mask->band_hz[band]) / width : 0.0;
    d->mask_at[k] = (float)(band + fmax(0.0, fmin(share, 0.999)));
    d->n_heard += hz <= (double)mask->band_hz[mask->n_bands - 1U];
  }
}

static void
plan(PinnaDenoise* const d, const PinnaDenoiseConfig* const config,
     const PinnaStftConfig* const s) {
  const uint32_t half = s->synthesis_length / 2U; // A frame's middle is so old when it is made
  const uint32_t late = config->mask && config->mask->n_latency > half
                            ? (config->mask->n_latency - half + s->hop_length - 1U) / s->hop_length
                            : 0U;
  d->config = *config;
  d->mask_wait = late;
  d->kernel = pinna_denoise_kernel();
  d->n_bins = s->n_fft / 2U + 1U;
  d->n = pinna_denoise_padded(d->n_bins);
  d->hop = s->hop_length;
  d->hop_s = s->hop_length / config->rate;
  d->bin_hz = config->rate / s->n_fft;
  d->max_wait = (uint32_t)ceil(PINNA_DENOISE_MAX_LOOKBACK / d->hop_s);
  d->max_wait = d->max_wait > late ? d->max_wait : late;
  d->half = half;
  d->keep_lowest = (float)exp(-d->hop_s / 0.2);
  d->n_late = (uint32_t)(late_after_s / d->hop_s + 0.5);
  d->late_s = d->n_late * d->hop_s;
  d->dry_size = s->synthesis_length + d->max_wait * d->hop + PINNA_DENOISE_CHUNK;
  d->step = pinna_smooth_plan(PINNA_SMOOTH_TAU, config->rate, 1U);
}

static void
measure_window(PinnaDenoise* const d, const uint32_t length) {
  const float* const w = pinna_stft_window(d->stft);
  double             sum = 0.0;
  for (uint32_t i = 0U; i < length; ++i) {
    sum += (double)w[i];
    d->energy += (double)w[i] * (double)w[i];
  }
  d->window_sum_squared = sum * sum;
}

PinnaStatus
pinna_denoise_init(PinnaDenoise** const denoise, PinnaArena* const arena,
                   const PinnaDenoiseConfig* const config) {
  *denoise = NULL;
  if (!(config->rate >= 8000.0) || !(config->rate <= 384000.0) || !config->n_channels ||
      config->n_channels > PINNA_DENOISE_MAX_CHANNELS ||
      (config->mask && (!config->mask->n_bands || config->mask->n_latency > 1000000U))) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaDenoise          parts = {.n_gates = 0U};
  const PinnaStftConfig stft = stft_config(config);
  plan(&parts, config, &stft);

  PinnaDenoise* const self = PINNA_TAKE(arena, 1U, PinnaDenoise);
  PinnaStatus         status = pinna_stft_init(&parts.stft, arena, &stft);
  for (uint32_t c = 0U; c < config->n_channels; ++c) {
    const PinnaStatus made = take_channel(&parts, &parts.channel[c], arena);
    status = status ? status : made;
  }
  take_rows(&parts, arena);
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  const PinnaDenoiseParams params = pinna_denoise_defaults();
  measure_window(&parts, stft.n_fft);
  lay_gates(&parts);
  lay_mask(&parts);
  *self = parts;
  for (uint32_t c = 0U; c < config->n_channels; ++c) {
    for (uint32_t k = 0U; k < self->n; ++k) {
      self->channel[c].power[k] = PINNA_DENOISE_POWER_FLOOR;
      self->channel[c].noise[k] = PINNA_DENOISE_POWER_FLOOR;
    }
  }
  pinna_smooth_snap(&self->low_cut_hz, log(80.0));
  pinna_denoise_set(self, &params);
  pinna_denoise_prepare(self, 0.0, true);
  pinna_denoise_snap(self);
  *denoise = self;
  return PINNA_STATUS_OK;
}

uint32_t
pinna_denoise_max_latency(const PinnaDenoise* const denoise) {
  return pinna_stft_latency(denoise->stft) + denoise->max_wait * denoise->hop;
}
