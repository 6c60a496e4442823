// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_spp.h"

#include "dsp/noise_imcra_impl.h"
#include "dsp/noise_spp_impl.h"

#include <math.h>
#include <string.h>

// Frames in, noise out

void
pinna_noise_spp_set_tau(PinnaNoiseSpp* const spp, const double tau_s) {
  const double held = tau_s > 0.005 ? (tau_s < 10.0 ? tau_s : 10.0) : 0.005;
  spp->keep = (float)exp(-spp->hop_s / held);
}

void
pinna_noise_spp_reset(PinnaNoiseSpp* const spp) {
  memset(spp->presence, 0, spp->n * sizeof(float));
  spp->n_seen = 0U;
}

void
pinna_noise_spp_run(PinnaNoiseSpp* const spp, const float* const power, float* const noise) {
  uint32_t n_silent = 0U;
  for (uint32_t k = 0U; k < spp->n_bins; ++k) {
    n_silent += power[k] <= PINNA_DENOISE_POWER_FLOOR;
  }
  const int is_silent = 2U * n_silent > spp->n_bins;
  if (is_silent && spp->n_seen) {
    return;
  }
  if (spp->n_seen >= PINNA_NOISE_FIRST_FRAMES) {
    spp->kernel->spp_track(noise, spp->presence, power, spp->keep, spp->n);
    return;
  }

  spp->n_seen += !is_silent;
  const float share = 1.0f / (float)(spp->n_seen > 0U ? spp->n_seen : 1U);
  for (uint32_t k = 0U; k < spp->n; ++k) {
    noise[k] += share * (power[k] - noise[k]);
  }
}
