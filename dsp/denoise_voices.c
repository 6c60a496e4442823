// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include <math.h>

// Where the noise is made of voices, levels and a pitch tell what its spectrum does not

static const float least_strength = 0.4f; // Of the gain, where there is little noise

static double
ramp(const double x, const double none, const double full) {
  return fmax(0.0, fmin((x - none) / (full - none), 1.0));
}

/// How much the noise is made of voices: its lulls flutter, and are not far below
static double
share_of_voices(const PinnaDenoise* const denoise, PinnaDenoiseChannel* const channel,
                const double depth) {
  const double flutter = pinna_noise_lull_flutter(channel->lull);
  const double slow = 1.0 - exp(-denoise->hop_s / 0.15);
  channel->flutter += (float)(slow * (flutter - (double)channel->flutter));
  return ramp((double)channel->flutter, 0.75, 0.95) * ramp(depth, 24.0, 18.0);
}

void
pinna_denoise_tell_voices(PinnaDenoise* const denoise) {
  const PinnaDenoiseParams* const p = &denoise->params;
  double                          most = 0.0;
  double                          depth = 100.0;
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    PinnaDenoiseChannel* const channel = &denoise->channel[c];
    const double               lull = pinna_noise_lull_depth_db(channel->lull);
    const double               share = share_of_voices(denoise, channel, lull);
    pinna_babble_follow(channel->babble, channel->power);
    if (!(share > 0.0) || p->mode != PINNA_DENOISE_ADAPTIVE) {
      continue;
    }
    float* const gain = most > 0.0 ? denoise->scratch : denoise->voices;
    pinna_babble_gain(channel->babble, channel->power, pinna_noise_lull_mean(channel->lull), gain);
    for (uint32_t k = 0U; most > 0.0 && k < denoise->n_bins; ++k) {
      denoise->voices[k] = fmaxf(denoise->voices[k], gain[k]);
    }
    most = fmax(most, share);
    depth = fmin(depth, lull);
  }
  const float all = (float)(most * (1.0 - p->dereverb));
  const float full = (float)ramp(depth, 12.0, 9.0);
  const float half = 0.5f * (least_strength + (1.0f - least_strength) * full);
  for (uint32_t k = 0U; all > 0.0f && k < denoise->n_bins; ++k) {
    const float both = half * (denoise->voices[k] + denoise->log_gain[k]);
    denoise->log_gain[k] += all * (both - denoise->log_gain[k]);
  }
}
