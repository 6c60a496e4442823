// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_lull.h"

#include "dsp/fast_math.h"
#include "dsp/noise_lull_impl.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

// Frame by frame

static const double lull_share = 0.3;
static const double start_s = 3.0;    // So long the first level says little: it may be silence
static const double patience_s = 0.5; // Without a lull: then the quantile is far too low
static const double least_level = 1e-9;
static const double full_log = 1.6118096; // 7 dB
static const double none_log = 2.0723266; // 9 dB

void
pinna_noise_lull_reset(PinnaNoiseLull* const lull) {
  memset(lull->mean, 0, lull->n_bins * sizeof(float));
  memset(lull->log_mean, 0, lull->n_bins * sizeof(float));
  lull->level = 0.0;
  lull->since_s = 0.0;
  lull->n_frames = 0U;
  lull->n_lulls = 0U;
}

static double
speech_band(const PinnaNoiseLull* const lull, const float* const power) {
  double sum = 0.0;
  for (uint32_t k = lull->low; k < lull->high; ++k) {
    sum += (double)power[k];
  }
  return sum;
}

/// Share of one more value in a mean: the plain mean first, then the slower `share`
static double
share_of(const uint32_t n, const double share) {
  return n * share < 1.0 ? 1.0 / n : share;
}

/// After silence the quantile need not climb: it goes where the quietest frame was
static void
find_start(PinnaNoiseLull* const lull, const double log_level, const bool is_lull) {
  lull->since_s = is_lull ? 0.0 : lull->since_s + lull->hop_s;
  lull->quietest = lull->since_s > lull->hop_s ? fmin(lull->quietest, log_level) : log_level;
  if (lull->since_s > patience_s && lull->n_frames * lull->hop_s < start_s) {
    lull->quantile = fmax(lull->quantile, lull->quietest);
    lull->since_s = 0.0;
  }
}

void
pinna_noise_lull_run(PinnaNoiseLull* const lull, const float* const power, float* const noise) {
  const double level = speech_band(lull, power);
  if (level < least_level) {
    return;
  }
  const double log_level = log(level);
  lull->n_frames += lull->n_frames < 0x7FFFFFFFU;
  if (lull->n_frames == 1U) {
    lull->quantile = log_level;
  }
  const bool is_lull = log_level < lull->quantile;
  lull->quantile += lull->step * (is_lull ? lull_share - 1.0 : lull_share);
  find_start(lull, log_level, is_lull);
  lull->level += share_of(lull->n_frames, lull->slow) * (level - lull->level);
  if (log_level < lull->quantile) {
    lull->n_lulls += lull->n_lulls < 0x7FFFFFFFU;
    const float share = (float)share_of(lull->n_lulls, (double)lull->share);
    for (uint32_t k = 0U; k < lull->n_bins; ++k) {
      lull->mean[k] += share * (power[k] - lull->mean[k]);
    }
    for (uint32_t k = lull->low; k < lull->high; ++k) {
      lull->log_mean[k] += share * (pinna_fast_log(power[k]) - lull->log_mean[k]);
    }
  }

  const double depth = log(lull->level / (speech_band(lull, lull->mean) + least_level));
  const double weight = fmax(0.0, fmin((none_log - depth) / (none_log - full_log), 1.0));
  const float  scale = (float)weight;
  for (uint32_t k = 0U; scale > 0.0f && k < lull->n_bins; ++k) {
    noise[k] = noise[k] > scale * lull->mean[k] ? noise[k] : scale * lull->mean[k];
  }
}

const float*
pinna_noise_lull_mean(const PinnaNoiseLull* const lull) {
  return lull->mean;
}

double
pinna_noise_lull_depth_db(const PinnaNoiseLull* const lull) {
  return 10.0 * log10((lull->level + least_level) / (speech_band(lull, lull->mean) + least_level));
}

double
pinna_noise_lull_flutter(const PinnaNoiseLull* const lull) {
  const uint32_t n = lull->high - lull->low;
  const float    least = (float)(1e-4 * speech_band(lull, lull->mean) / n) + 1e-30f;
  double         sum = 0.0;
  uint32_t       n_heard = 1U;
  for (uint32_t k = lull->low; k < lull->high; ++k) {
    if (lull->mean[k] > least) {
      sum += (double)(pinna_fast_log(lull->mean[k]) - lull->log_mean[k]);
      ++n_heard;
    }
  }
  return sum / n_heard;
}
