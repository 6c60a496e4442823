// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/omlsa.h"

#include "dsp/omlsa_impl.h"

#include <math.h>
#include <string.h>

// Frame by frame

void
pinna_omlsa_set_bias(PinnaOmlsa* const omlsa, const double bias_db) {
  omlsa->rows.low_log = (float)((-10.0 + bias_db) * 0.230258509299);
  omlsa->rows.high_log = (float)((-5.0 + bias_db) * 0.230258509299);
}

void
pinna_omlsa_set_memory(PinnaOmlsa* const omlsa, const double tau_s) {
  const double held = tau_s > 0.005 ? (tau_s < 1.0 ? tau_s : 1.0) : 0.005;
  omlsa->rows.keep_prior = (float)exp(-omlsa->hop_s / held);
}

void
pinna_omlsa_reset(PinnaOmlsa* const omlsa) {
  const PinnaOmlsaRows* const r = &omlsa->rows;
  float* const                zero[] = {r->zeta, r->speech, r->presence, r->log_gain};
  for (uint32_t i = 0U; i < sizeof(zero) / sizeof(zero[0]); ++i) {
    memset(zero[i], 0, omlsa->n * sizeof(float));
  }
  omlsa->rows.frame = 0.0f;
}

static double
mean_between(const double* const sum, const uint32_t low, const uint32_t high) {
  return (sum[high] - sum[low]) / (high - low);
}

/// Mean of zeta over the bins within `reach`
static void
average(const PinnaOmlsa* const omlsa, float* const mean, const uint32_t reach) {
  const double* const sum = omlsa->sum;
  const uint32_t      n = omlsa->n_bins;
  for (uint32_t k = 0U; k < n; ++k) {
    const uint32_t low = k > reach ? k - reach : 0U;
    const uint32_t high = k + reach < n ? k + reach + 1U : n;
    mean[k] = (float)mean_between(sum, low, high);
  }
}

static float
between(const double x_db, const double low_db, const double high_db) {
  return (float)fmax(0.0, fmin((x_db - low_db) / (high_db - low_db), 1.0));
}

/// Speech in the frame as a whole: in noise alone the SNR's mean over the speech band, and over
/// all, stays below these limits, so that no single bin can stand out as a musical tone
static float
find_frame(const PinnaOmlsa* const omlsa) {
  const double band = mean_between(omlsa->sum, omlsa->low, omlsa->high);
  const double all = mean_between(omlsa->sum, omlsa->low, omlsa->n_bins);
  const double bias = (double)omlsa->rows.low_log / 0.230258509299 + 10.0;
  const float  one = between(10.0 * log10(band + 1e-12) - bias, -9.0, -6.0);
  const float  two = between(10.0 * log10(all + 1e-12) - bias, -10.2, -8.0);
  return 0.01f + 0.99f * fmaxf(one, two);
}

void
pinna_omlsa_run(PinnaOmlsa* const omlsa, const float* const power, const float* const noise) {
  const PinnaOmlsaRows* const r = &omlsa->rows;
  omlsa->kernel->omlsa_prior(r, power, noise, omlsa->n);

  double sum = 0.0;
  for (uint32_t k = 0U; k < omlsa->n_bins; ++k) {
    omlsa->sum[k] = sum;
    sum += (double)r->zeta[k];
  }
  omlsa->sum[omlsa->n_bins] = sum;
  average(omlsa, r->local, 1U);
  average(omlsa, r->global, omlsa->reach);

  omlsa->rows.frame = fmaxf(find_frame(omlsa), omlsa->fall * omlsa->rows.frame);

  omlsa->kernel->omlsa_gain(r, power, omlsa->n);
}

const float*
pinna_omlsa_log_gain(const PinnaOmlsa* const omlsa) {
  return omlsa->rows.log_gain;
}

const float*
pinna_omlsa_presence(const PinnaOmlsa* const omlsa) {
  return omlsa->rows.presence;
}

const float*
pinna_omlsa_speech(const PinnaOmlsa* const omlsa) {
  return omlsa->rows.speech;
}
