// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include "dsp/fast_math.h"

#include <math.h>
#include <string.h>

// One frame: follow the noise, find the gain, let look-back and mask have their say, apply

static void
learn(PinnaDenoise* const denoise) {
  PinnaNoiseProfile* const profile = denoise->config.profile;
  if (!profile) {
    return;
  }
  const float* power[PINNA_DENOISE_MAX_CHANNELS];
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    power[c] = denoise->channel[c].power;
  }
  if (!denoise->params.learn) {
    denoise->was_learning = false;
  } else if (!denoise->was_learning) {
    pinna_noise_profile_learn(profile, power, denoise->energy);
  }
  pinna_noise_profile_sync(profile);
}

static void
follow(const PinnaDenoise* const denoise, PinnaDenoiseChannel* const channel) {
  float* const   p = channel->power;
  const uint32_t n = denoise->n_bins;
  p[-1] = p[1];
  p[n] = p[n - 2U];
  if (denoise->params.method == PINNA_DENOISE_SPP) {
    pinna_noise_spp_run(channel->spp, p, channel->tracked);
  } else {
    pinna_noise_imcra_run(channel->imcra, p, pinna_omlsa_speech(channel->omlsa), channel->tracked);
  }
  // Nobody speaks in bin 0: whatever is there is noise
  channel->lowest = p[0] + denoise->keep_lowest * (channel->lowest - p[0]);
  channel->tracked[0] = channel->lowest;
}

/// How much the mask counts in this frame: glides, and lets go of a mask that does not come
static float
move_share(PinnaDenoise* const denoise, const float most) {
  const bool  is_there = most > 0.0f;
  const float wanted = most * (float)denoise->params.mask;
  const float rise = (float)(denoise->hop_s / 0.15);
  const float fall = is_there ? rise : (float)(denoise->hop_s / 0.2);
  const float step = wanted - denoise->mask_share;
  denoise->mask_share += fmaxf(-fall, fminf(step, rise));
  return denoise->mask_share;
}

/// The mask of the frame that leaves, drawn into the gain with its weight
static void
blend_mask(PinnaDenoise* const denoise, float* const log_gain) {
  const PinnaMaskProvider* const mask = denoise->config.mask;
  if (!mask || !(denoise->params.mask > 0.0 || denoise->mask_share > 0.0f)) {
    return;
  }
  const uint64_t end = denoise->n_pushed;
  const uint64_t back = (uint64_t)denoise->wait * denoise->hop + denoise->half;
  if (end < back) {
    return; // Nothing but the silence from before the first sample
  }
  const float weight = move_share(denoise, mask->read(mask->handle, end - back, denoise->mask));
  for (uint32_t k = 0U; k < denoise->n_bins; ++k) {
    const uint32_t band = (uint32_t)denoise->mask_at[k];
    const uint32_t next = band + 1U < mask->n_bands ? band + 1U : band;
    const float    share = denoise->mask_at[k] - (float)band;
    const float other = denoise->mask[band] + share * (denoise->mask[next] - denoise->mask[band]);
    const float change = weight * (other - log_gain[k]);
    // Beyond what the mask hears, it can only confirm that there is noise
    const float blended = log_gain[k] + (k < denoise->n_heard ? change : fminf(change, 0.0f));
    log_gain[k] = fmaxf(blended, denoise->log_floor[k]);
  }
}

/// Swap the frame for the one that has waited long enough; its gain comes back in `log_gain`
static void
wait_turn(PinnaDenoise* const denoise, float complex* const* const bins, float* const log_gain) {
  if (!denoise->wait) {
    return;
  }
  float* const   row = denoise->held_gain + (size_t)denoise->at_held * denoise->n;
  const uint32_t n = denoise->n_bins;
  for (uint32_t k = 0U; k < n; ++k) {
    const float gain = row[k];
    row[k] = log_gain[k];
    log_gain[k] = gain;
  }
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    float complex* const held = denoise->channel[c].held[denoise->at_held];
    for (uint32_t k = 0U; k < n; ++k) {
      const float complex bin = held[k];
      held[k] = bins[c][k];
      bins[c][k] = bin;
    }
  }
  denoise->at_held = denoise->at_held + 1U < denoise->wait ? denoise->at_held + 1U : 0U;
}

void
pinna_denoise_frame(void* const handle, float complex* const* const bins) {
  PinnaDenoise* const denoise = (PinnaDenoise*)handle;
  denoise->n_pushed += denoise->hop;
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    denoise->kernel->power(denoise->channel[c].power, bins[c], denoise->n_bins);
    follow(denoise, &denoise->channel[c]);
  }
  learn(denoise);
  pinna_denoise_gain(denoise);
  for (uint32_t k = 0U; k < denoise->n; ++k) {
    denoise->kept[k] = denoise->channel[0].power[k] * pinna_fast_exp(2.0f * denoise->log_gain[k]);
  }
  pinna_denoise_gate_look(denoise);
  pinna_denoise_watch(denoise);

  memcpy(denoise->scratch, denoise->log_gain, denoise->n * sizeof(float));
  wait_turn(denoise, bins, denoise->scratch);
  blend_mask(denoise, denoise->scratch);
  pinna_denoise_gate_apply(denoise, denoise->scratch);
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    denoise->kernel->apply(bins[c], denoise->scratch, denoise->n_bins);
  }
}
