// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_profile.h"

#include "base/arena.h"
#include "base/snapshot.h"
#include "dsp/noise_profile_impl.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Memory, and the side that saves and restores

static const float format_version = 1.0f;

PinnaStatus
pinna_noise_profile_init(PinnaNoiseProfile** const profile, PinnaArena* const arena,
                         const PinnaNoiseProfileConfig* const config) {
  *profile = NULL;
  if (config->n_bins < 4U || config->n_bins > 32769U || !config->n_channels ||
      config->n_channels > 8U || !(config->rate > 0.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t n = 1U + 2U * config->n_channels * config->n_bins;

  PinnaNoiseProfile* const self = PINNA_TAKE(arena, 1U, PinnaNoiseProfile);
  float* const             values = PINNA_TAKE(arena, n, float);
  float* const             scratch = PINNA_TAKE(arena, n, float);
  float* const             draft = PINNA_TAKE(arena, n, float);
  _Atomic float* const     shown = PINNA_TAKE(arena, n, _Atomic float);
  _Atomic float* const     pending = PINNA_TAKE(arena, n, _Atomic float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  self->n_bins = config->n_bins;
  self->n_channels = config->n_channels;
  self->n_values = n;
  self->rate = config->rate;
  self->values = values;
  self->scratch = scratch;
  self->draft = draft;
  self->shown.values = shown;
  self->shown.size = n;
  self->pending.values = pending;
  self->pending.size = n;
  *profile = self;
  return PINNA_STATUS_OK;
}

uint32_t
pinna_noise_profile_size(const PinnaNoiseProfile* const profile) {
  return PINNA_PROFILE_HEADER + profile->n_values - 1U;
}

PinnaStatus
pinna_noise_profile_save(const PinnaNoiseProfile* const profile, float* const values) {
  const uint32_t             taken = atomic_load_explicit(&profile->taken, memory_order_acquire);
  const bool                 waits = pinna_snapshot_version(&profile->pending) != taken;
  const PinnaSnapshot* const shot = waits ? &profile->pending : &profile->shown;
  if (!pinna_snapshot_version(shot)) {
    return PINNA_STATUS_NOT_FOUND;
  }
  for (int attempt = 0; attempt < 1000; ++attempt) {
    if (pinna_snapshot_read(shot, profile->draft)) {
      if (profile->draft[0] < 1.0f) {
        return PINNA_STATUS_NOT_FOUND;
      }
      const float header[PINNA_PROFILE_HEADER] = {format_version, (float)profile->rate,
                                                  (float)profile->n_bins,
                                                  (float)profile->n_channels, profile->draft[0]};
      memcpy(values, header, sizeof(header));
      memcpy(values + PINNA_PROFILE_HEADER, profile->draft + 1,
             (profile->n_values - 1U) * sizeof(float));
      return PINNA_STATUS_OK;
    }
  }
  return PINNA_STATUS_BUSY;
}

static bool
is_profile(const float* const values, const uint32_t n_values) {
  if (n_values < PINNA_PROFILE_HEADER || values[0] != format_version || !(values[1] >= 1000.0f) ||
      !(values[1] <= 1e6f) || !(values[2] >= 4.0f) || !(values[2] <= 32769.0f) ||
      !(values[3] >= 1.0f) || !(values[3] <= 8.0f) || !(values[4] >= 1.0f) ||
      !(values[4] <= 1e6f)) {
    return false;
  }
  if (n_values != PINNA_PROFILE_HEADER + 2U * (uint32_t)values[2] * (uint32_t)values[3]) {
    return false;
  }
  for (uint32_t i = PINNA_PROFILE_HEADER; i < n_values; ++i) {
    if (!(values[i] >= 0.0f) || !(values[i] < 1e12f)) {
      return false;
    }
  }
  return true;
}

/// Interpolate ln of the density over frequency; beyond the saved band its last value holds
static void
resample_row(float* const row, const uint32_t n, const double bin_hz, const float* const saved,
             const uint32_t n_saved, const double saved_hz) {
  for (uint32_t k = 0U; k < n; ++k) {
    const double   at = k * bin_hz / saved_hz;
    const double   last = n_saved - 1U;
    const uint32_t below = at < last ? (uint32_t)at : n_saved - 1U;
    const uint32_t above = below + 1U < n_saved ? below + 1U : below;
    const double   share = at < last ? at - below : 0.0;
    const double   a = fmax((double)saved[below], (double)PINNA_PROFILE_LEAST);
    const double   b = fmax((double)saved[above], (double)PINNA_PROFILE_LEAST);
    row[k] = share > 0.0 ? (float)exp((1.0 - share) * log(a) + share * log(b)) : (float)a;
  }
}

PinnaStatus
pinna_noise_profile_restore(PinnaNoiseProfile* const profile, const float* const values,
                            const uint32_t n_values) {
  if (!is_profile(values, n_values)) {
    return PINNA_STATUS_BAD_FILE;
  }
  const uint32_t n_saved = (uint32_t)values[2];
  const uint32_t last_channel = (uint32_t)values[3] - 1U;
  const double   bin_hz = 0.5 * profile->rate / (profile->n_bins - 1U);
  const double   saved_hz = 0.5 * (double)values[1] / (n_saved - 1U);
  profile->draft[0] = values[4];
  for (uint32_t r = 0U; r < 2U * profile->n_channels; ++r) {
    const uint32_t from = r / 2U < last_channel ? r / 2U : last_channel;
    resample_row(profile->draft + 1U + r * profile->n_bins, profile->n_bins, bin_hz,
                 values + PINNA_PROFILE_HEADER + (2U * from + r % 2U) * n_saved, n_saved, saved_hz);
  }
  pinna_snapshot_write(&profile->pending, profile->draft);
  return PINNA_STATUS_OK;
}
