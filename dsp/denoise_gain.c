// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include "dsp/fast_math.h"

#include <math.h>
#include <string.h>

// What is to go, how much of it, and what is spared

static const float nepers_per_db = 0.11512925f;

static void
running_sum(double* const sum, const float* const row, const uint32_t n) {
  double total = 0.0;
  for (uint32_t k = 0U; k < n; ++k) {
    sum[k] = total;
    total += (double)row[k];
  }
  sum[n] = total;
}

static double
mean_of(const double* const sum, const uint32_t low, const uint32_t high) {
  return high > low ? (sum[high] - sum[low]) / (high - low) : 0.0;
}

/// A steady tone is a peak of the noise: hold it down to its surroundings, as far as tones are kept
static void
spare_tones(PinnaDenoise* const denoise, float* const noise) {
  const uint32_t n = denoise->n_bins;
  running_sum(denoise->sum, noise, n);
  for (uint32_t k = 9U; k + 9U < n; ++k) {
    const double left = mean_of(denoise->sum, k - 9U, k - 2U);
    const double right = mean_of(denoise->sum, k + 3U, k + 10U);
    const float  around = 1.5f * (float)(left > right ? left : right);
    if (noise[k] > around) {
      noise[k] += (float)denoise->params.preserve * (around - noise[k]);
    }
  }
}

/// Late reverberation is the power of a while ago, decayed (Lebart et al., Acta Acustica 87, 2001;
/// Habets 2007)
static void
add_late(const PinnaDenoise* const denoise, const PinnaDenoiseChannel* const channel) {
  const PinnaDenoiseParams* const p = &denoise->params;
  const uint32_t                  n = denoise->n;
  const uint32_t last = (denoise->at_late + denoise->n_late - 1U) % denoise->n_late;
  const float*   before = channel->late + (size_t)last * n;
  float* const   now = channel->late + (size_t)denoise->at_late * n;
  const double   rt60 = p->rt60_s > 0.1 ? p->rt60_s : 0.1;
  const float    keep = (float)exp(-denoise->hop_s * 13.8155 / rt60);
  const float    decay = (float)(p->dereverb * exp(-denoise->late_s * 13.8155 / rt60));
  for (uint32_t k = 0U; k < n; ++k) { // `now` still holds the oldest frame
    const float late = decay * now[k];
    const float heard = fmaxf(channel->power[k] - channel->tracked[k], 0.0f);
    channel->noise[k] += late;
    now[k] = heard + keep * (before[k] - heard);
  }
}

static void
gather_noise(PinnaDenoise* const denoise, const uint32_t c) {
  const PinnaDenoiseParams* const p = &denoise->params;
  PinnaDenoiseChannel* const      channel = &denoise->channel[c];
  float* const                    noise = channel->noise;
  memcpy(noise, channel->tracked, denoise->n * sizeof(float));
  pinna_noise_lull_run(channel->lull, channel->power, noise);
  if (p->mode != PINNA_DENOISE_ADAPTIVE && denoise->config.profile &&
      pinna_noise_profile_get(denoise->config.profile, c, p->statistic, denoise->energy,
                              denoise->scratch)) {
    for (uint32_t k = 0U; k < denoise->n_bins; ++k) {
      const float other = p->mode == PINNA_DENOISE_HYBRID ? noise[k] : PINNA_DENOISE_POWER_FLOOR;
      noise[k] = fmaxf(denoise->scratch[k], other);
    }
  }
  const float more = (float)exp(0.69314718 * 2.0 * (p->sensitivity - 0.5));
  for (uint32_t k = 0U; k < denoise->n; ++k) {
    noise[k] *= more;
  }
  if (p->preserve > 0.0) {
    spare_tones(denoise, noise);
  }
  if (p->dereverb > 0.0) {
    add_late(denoise, channel);
  }
}

/// The gain of the channel where speech is most likely goes for all, so that the image stays
static void
link_channels(PinnaDenoise* const denoise) {
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    const float* const presence = pinna_omlsa_presence(denoise->channel[c].omlsa);
    const float* const log_gain = pinna_omlsa_log_gain(denoise->channel[c].omlsa);
    for (uint32_t k = 0U; k < denoise->n; ++k) {
      const bool better = !c || presence[k] > denoise->presence[k];
      denoise->presence[k] = better ? presence[k] : denoise->presence[k];
      denoise->log_gain[k] = better ? log_gain[k] : denoise->log_gain[k];
    }
  }
}

/// Least gain: even, or such that what remains is white
static void
set_floor(PinnaDenoise* const denoise) {
  const float    floor = -nepers_per_db * (float)denoise->params.reduction_db;
  const float    white = 0.5f * (float)denoise->params.whitening;
  const uint32_t n = denoise->n_bins;
  for (uint32_t k = 0U; k < denoise->n; ++k) {
    denoise->log_floor[k] = floor;
  }
  if (!(white > 0.0f)) {
    return;
  }
  double mean = 0.0;
  for (uint32_t k = 0U; k < n; ++k) {
    denoise->scratch[k] = pinna_fast_log(denoise->channel[0].noise[k]);
    mean += (double)denoise->scratch[k];
  }
  mean /= n;
  for (uint32_t k = 0U; k < n; ++k) {
    const float wanted = floor - white * (denoise->scratch[k] - (float)mean);
    denoise->log_floor[k] = fmaxf(2.0f * floor, fminf(wanted, 0.25f * floor));
  }
}

/// How much of a transient this frame is: the power above 1 kHz jumps by 6 to 12 dB
static void
find_onset(PinnaDenoise* const denoise) {
  double         power = 0.0;
  const uint32_t first = (uint32_t)(1000.0 / denoise->bin_hz);
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    for (uint32_t k = first; k < denoise->n_bins; ++k) {
      power += (double)denoise->channel[c].power[k];
    }
  }
  const double mean = denoise->high_power;
  const double jump = mean > 0.0 ? 10.0 * log10(power / mean) : 0.0;
  const float  now = (float)fmax(0.0, fmin((jump - 6.0) / 6.0, 1.0));
  const float  fall = (float)exp(-denoise->hop_s / 0.010);
  denoise->onset = fmaxf(now, fall * denoise->onset);
  denoise->high_power += (1.0 - exp(-denoise->hop_s / 0.100)) * (power - mean);
}

/// Where speech is unlikely, the gain is even over neighbours and time
static void
smooth_gain(PinnaDenoise* const denoise) {
  float* const       gain = denoise->log_gain;
  float* const       even = denoise->scratch;
  float* const       before = denoise->before;
  const float* const presence = denoise->presence;
  const uint32_t     n = denoise->n_bins;
  const float        amount = (float)denoise->params.smoothing;
  const float        keep = (float)exp(-denoise->hop_s / (0.030 * (double)amount + 1e-4));
  even[0] = 0.5f * (gain[0] + gain[1]);
  even[n - 1U] = 0.5f * (gain[n - 1U] + gain[n - 2U]);
  for (uint32_t k = 1U; k + 1U < n; ++k) {
    even[k] = 0.25f * (gain[k - 1U] + gain[k + 1U]) + 0.5f * gain[k];
  }
  for (uint32_t k = 0U; k < n; ++k) {
    const float absence = 1.0f - presence[k];
    const float spread = gain[k] + amount * absence * (even[k] - gain[k]);
    before[k] = spread + keep * absence * (before[k] - spread);
    gain[k] = before[k];
  }
}

void
pinna_denoise_gain(PinnaDenoise* const denoise) {
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    gather_noise(denoise, c);
    pinna_omlsa_run(denoise->channel[c].omlsa, denoise->channel[c].power,
                    denoise->channel[c].noise);
  }
  denoise->at_late = (denoise->at_late + 1U) % denoise->n_late;
  link_channels(denoise);
  set_floor(denoise);
  find_onset(denoise);

  const float spared = 1.0f - (float)denoise->params.preserve * denoise->onset;
  for (uint32_t k = 0U; k < denoise->n; ++k) {
    const float floor = denoise->log_floor[k];
    const float gain = floor + denoise->presence[k] * (denoise->log_gain[k] - floor);
    denoise->log_gain[k] = gain;
  }
  pinna_denoise_tell_voices(denoise);
  for (uint32_t k = 0U; k < denoise->n; ++k) {
    denoise->log_gain[k] = spared * fmaxf(denoise->log_gain[k], denoise->log_floor[k]);
  }
  if (denoise->params.smoothing > 0.0) {
    smooth_gain(denoise);
  }
}
