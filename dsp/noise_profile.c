// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_profile.h"

#include "dsp/fast_math.h"
#include "dsp/noise_profile_impl.h"

#include <string.h>

// The audio thread's side: learn, apply, exchange

/// Mean of channel c, or its percentile
static float*
row_of(const PinnaNoiseProfile* const profile, const uint32_t c, const uint32_t statistic) {
  return profile->values + 1U + (2U * c + statistic) * profile->n_bins;
}

void
pinna_noise_profile_learn(PinnaNoiseProfile* const profile, const float* const* const power,
                          const double energy) {
  const float scale = (float)(1.0 / (energy * profile->rate));
  const float count = profile->values[0] + 1.0f;
  const float share = 1.0f / count;
  const float step = 6.0f / (count + 10.0f); // Robbins & Monro 1951, on ln of the power
  for (uint32_t c = 0U; c < profile->n_channels; ++c) {
    float* const mean = row_of(profile, c, PINNA_PROFILE_MEAN);
    float* const high = row_of(profile, c, PINNA_PROFILE_HIGH);
    for (uint32_t k = 0U; k < profile->n_bins; ++k) {
      const float p = power[c][k] * scale;
      const float d = p > PINNA_PROFILE_LEAST ? p : PINNA_PROFILE_LEAST;
      const float before = count > 1.0f ? high[k] : d;
      mean[k] += share * (d - mean[k]);
      high[k] = before * pinna_fast_exp(step * (d > before ? 0.9f : -0.1f));
    }
  }
  profile->values[0] = count < 1e6f ? count : 1e6f; // Beyond: forgets slowly
  profile->moved = true;
}

bool
pinna_noise_profile_get(const PinnaNoiseProfile* const profile, const uint32_t channel,
                        const PinnaProfileStatistic statistic, const double energy,
                        float* const noise) {
  if (profile->values[0] < 1.0f) {
    return false;
  }
  const float* const row = row_of(profile, channel, (uint32_t)statistic);
  const float        scale = (float)(energy * profile->rate);
  for (uint32_t k = 0U; k < profile->n_bins; ++k) {
    noise[k] = row[k] * scale;
  }
  return true;
}

void
pinna_noise_profile_clear(PinnaNoiseProfile* const profile) {
  memset(profile->values, 0, profile->n_values * sizeof(float));
  profile->moved = true;
}

bool
pinna_noise_profile_sync(PinnaNoiseProfile* const profile) {
  const uint32_t taken = atomic_load_explicit(&profile->taken, memory_order_relaxed);
  uint32_t       version = pinna_snapshot_version(&profile->pending);
  bool           is_new = version != taken;
  if (is_new) {
    version = pinna_snapshot_read(&profile->pending, profile->scratch);
    is_new = version != 0U && version != taken;
  }
  if (is_new) {
    memcpy(profile->values, profile->scratch, profile->n_values * sizeof(float));
    profile->moved = true;
  }
  if (profile->moved) {
    pinna_snapshot_write(&profile->shown, profile->values);
    profile->moved = false;
  }
  if (is_new) {
    atomic_store_explicit(&profile->taken, version, memory_order_release);
  }
  return is_new;
}

uint32_t
pinna_noise_profile_n_frames(const PinnaNoiseProfile* const profile) {
  return (uint32_t)profile->values[0];
}
