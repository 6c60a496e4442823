// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise.h"

#include "dsp/denoise_impl.h"

#include <math.h>
#include <string.h>

// The stream: low cut, hum and transform in, dry sound beside them, and their mix

static const double least_low_cut_hz = 10.0;

uint32_t
pinna_denoise_latency(const PinnaDenoise* const denoise) {
  return pinna_stft_latency(denoise->stft) + denoise->wait * denoise->hop;
}

PinnaDenoiseMeters
pinna_denoise_meters(const PinnaDenoise* const denoise) {
  return denoise->meters;
}

void
pinna_denoise_set(PinnaDenoise* const denoise, const PinnaDenoiseParams* const params) {
  PinnaDenoiseParams* const p = &denoise->params;
  *p = *params;
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    pinna_noise_imcra_set_window(denoise->channel[c].imcra, p->speed_s);
    pinna_noise_spp_set_tau(denoise->channel[c].spp, 0.072 * p->speed_s);
    pinna_omlsa_set_bias(denoise->channel[c].omlsa, 6.0 * (p->sensitivity - 0.5));
    pinna_hum_set(denoise->channel[c].hum, p->hum_hz);
  }
  pinna_smooth_set(&denoise->wet, p->listen ? -p->mix : p->mix);
  pinna_smooth_set(&denoise->dry, p->listen ? p->mix : 1.0 - p->mix);

  const bool   is_cut = p->rumble_hz >= least_low_cut_hz;
  const double hz = is_cut ? log(fmin(p->rumble_hz, 0.4 * denoise->config.rate)) : 0.0;
  if (is_cut && denoise->low_cut.target == 0.0 && pinna_smooth_is_near(&denoise->low_cut, 0.0)) {
    pinna_smooth_snap(&denoise->low_cut_hz, hz);
  } else if (is_cut) {
    pinna_smooth_set(&denoise->low_cut_hz, hz);
  }
  pinna_smooth_set(&denoise->low_cut, is_cut ? 1.0 : 0.0);
}

void
pinna_denoise_snap(PinnaDenoise* const denoise) {
  PinnaSmooth* const all[] = {&denoise->wet, &denoise->dry, &denoise->low_cut,
                              &denoise->low_cut_hz};
  for (uint32_t i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    pinna_smooth_snap(all[i], all[i]->target);
  }
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    pinna_hum_reset(denoise->channel[c].hum);
  }
}

void
pinna_denoise_prepare(PinnaDenoise* const denoise, const double lookback_s, const bool with_mask) {
  const double   held = lookback_s > 0.0 ? fmin(lookback_s, PINNA_DENOISE_MAX_LOOKBACK) : 0.0;
  const uint32_t back = (uint32_t)ceil(held / denoise->hop_s - 1e-6);
  const uint32_t late = with_mask ? denoise->mask_wait : 0U;
  denoise->wait = back > late ? back : late;
  pinna_denoise_reset(denoise);
}

void
pinna_denoise_reset(PinnaDenoise* const denoise) {
  const PinnaMaskProvider* const mask = denoise->config.mask;
  denoise->at_held = 0U;
  denoise->at_late = 0U;
  denoise->at_dry = 0U;
  denoise->onset = 0.0f;
  denoise->high_power = 0.0;
  denoise->mask_share = 0.0f;
  denoise->n_pushed = 0U;
  denoise->was_learning = true; // A gesture begins by being off
  denoise->meters = (PinnaDenoiseMeters){0.0f, -20.0f, 0.0f};
  denoise->view_wait = 0U;

  pinna_stft_reset(denoise->stft);
  memset(denoise->before, 0, denoise->n * sizeof(float));
  memset(denoise->held_gain, 0, (size_t)denoise->max_wait * denoise->n * sizeof(float));
  for (uint32_t g = 0U; g < denoise->n_gates; ++g) {
    denoise->gate[g].open = 0U;
    denoise->gate[g].log_gain = 0.0f;
  }
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    PinnaDenoiseChannel* const channel = &denoise->channel[c];
    pinna_noise_imcra_reset(channel->imcra);
    pinna_noise_spp_reset(channel->spp);
    pinna_noise_lull_reset(channel->lull);
    pinna_omlsa_reset(channel->omlsa);
    pinna_babble_reset(channel->babble);
    channel->flutter = 0.0f;
    pinna_hum_reset(channel->hum);
    channel->lowest = PINNA_DENOISE_POWER_FLOOR;
    channel->low_cut[0] = channel->low_cut[1] = (PinnaSvfState){0};
    memset(channel->late, 0, (size_t)denoise->n_late * denoise->n * sizeof(float));
    memset(channel->dry, 0, denoise->dry_size * sizeof(float));
    for (uint32_t k = 0U; k < denoise->n; ++k) {
      channel->tracked[k] = PINNA_DENOISE_POWER_FLOOR;
    }
    for (uint32_t f = 0U; f < denoise->max_wait; ++f) {
      memset(channel->held[f], 0, denoise->n_bins * sizeof(float complex));
    }
  }
  if (mask) {
    mask->reset(mask->handle);
  }
}

/// Butterworth of order 4 with a tangent for each sample
static void
cut_low(PinnaSvfState state[2], float* const x, const float* const tangent,
        const float* const share, const uint32_t n) {
  double y[PINNA_DENOISE_CHUNK];
  for (uint32_t i = 0U; i < n; ++i) {
    y[i] = (double)x[i];
  }
  static const double k[2] = {1.8477590650225735, 0.7653668647301796};
  for (uint32_t s = 0U; s < 2U; ++s) {
    PinnaSvf svf[PINNA_DENOISE_CHUNK];
    for (uint32_t i = 0U; i < n; ++i) {
      svf[i] = (PinnaSvf){(double)tangent[i], k[s], 1.0, -k[s], -1.0};
    }
    pinna_svf_run_moving(&state[s], svf, y, y, n);
  }
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] += share[i] * ((float)y[i] - x[i]);
  }
}

static void
run_low_cut(PinnaDenoise* const denoise, const uint32_t n) {
  float share[PINNA_DENOISE_CHUNK];
  float tangent[PINNA_DENOISE_CHUNK];
  if (denoise->low_cut.target == 0.0 && pinna_smooth_is_near(&denoise->low_cut, 0.0)) {
    return;
  }
  pinna_smooth_run(&denoise->low_cut, &denoise->step, 1e-6, share, n);
  const bool moves = !pinna_smooth_is_near(&denoise->low_cut_hz, 0.0);
  pinna_smooth_run(&denoise->low_cut_hz, &denoise->step, 1e-6, tangent, n);
  for (uint32_t i = 0U; i < n; ++i) {
    tangent[i] = i && !moves ? tangent[0]
                             : (float)tan(M_PI * exp((double)tangent[i]) / denoise->config.rate);
  }
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    cut_low(denoise->channel[c].low_cut, denoise->channel[c].sound, tangent, share, n);
  }
}

/// Keep the input for the dry share, and make the sound that goes into the transform
static void
take_in(PinnaDenoise* const denoise, const float* const* const in, const uint32_t n) {
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    PinnaDenoiseChannel* const channel = &denoise->channel[c];
    memcpy(channel->sound, in[c], n * sizeof(float));
    const uint32_t end = denoise->dry_size - denoise->at_dry;
    const uint32_t first = n < end ? n : end;
    memcpy(channel->dry + denoise->at_dry, in[c], first * sizeof(float));
    memcpy(channel->dry, in[c] + first, (n - first) * sizeof(float));
  }
  run_low_cut(denoise, n);
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    pinna_hum_run(denoise->channel[c].hum, denoise->channel[c].sound, n);
  }
}

static void
mix_dry(PinnaDenoise* const denoise, float* const* const out, const uint32_t n) {
  float wet[PINNA_DENOISE_CHUNK];
  float dry[PINNA_DENOISE_CHUNK];
  if (denoise->wet.target == 1.0 && pinna_smooth_is_near(&denoise->wet, 0.0)) {
    return;
  }
  pinna_smooth_run(&denoise->wet, &denoise->step, 1e-6, wet, n);
  pinna_smooth_run(&denoise->dry, &denoise->step, 1e-6, dry, n);
  const uint32_t from =
      (denoise->at_dry + denoise->dry_size - pinna_denoise_latency(denoise)) % denoise->dry_size;
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    const float* const ring = denoise->channel[c].dry;
    for (uint32_t i = 0U, at = from; i < n; ++i) {
      out[c][i] = wet[i] * out[c][i] + dry[i] * ring[at];
      at = at + 1U < denoise->dry_size ? at + 1U : 0U;
    }
  }
}

void
pinna_denoise_run(PinnaDenoise* const denoise, const float* const* const in,
                  float* const* const out, const uint32_t n_frames) {
  const uint32_t                 n_channels = denoise->config.n_channels;
  const PinnaMaskProvider* const mask = denoise->config.mask;
  for (uint32_t i = 0U; i < n_frames;) {
    const uint32_t left = n_frames - i;
    const uint32_t n = left < PINNA_DENOISE_CHUNK ? left : PINNA_DENOISE_CHUNK;
    const float*   from[PINNA_DENOISE_MAX_CHANNELS];
    const float*   sound[PINNA_DENOISE_MAX_CHANNELS];
    float*         to[PINNA_DENOISE_MAX_CHANNELS];
    for (uint32_t c = 0U; c < n_channels; ++c) {
      from[c] = in[c] + i;
      to[c] = out[c] + i;
      sound[c] = denoise->channel[c].sound;
    }
    if (mask) {
      mask->push(mask->handle, from, n);
    }
    take_in(denoise, from, n);
    pinna_stft_run(denoise->stft, sound, to, n, pinna_denoise_frame, denoise);
    mix_dry(denoise, to, n);
    denoise->at_dry = (denoise->at_dry + n) % denoise->dry_size;
    i += n;
  }
}
