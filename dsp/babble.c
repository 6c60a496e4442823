// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/babble.h"

#include "dsp/babble_impl.h"

#include <math.h>
#include <string.h>

// Frame by frame

static const double least_power = 1e-12;

void
pinna_babble_reset(PinnaBabble* const babble) {
  const PinnaBabbleRows* const r = &babble->rows;
  float* const zero[] = {r->brief, r->middle, r->late, r->mean, r->mean_log, r->wide_mean};
  for (uint32_t i = 0U; i < sizeof(zero) / sizeof(zero[0]); ++i) {
    memset(zero[i], 0, babble->n * sizeof(float));
  }
  babble->band_short = babble->band_long = babble->band_mean = babble->band_log = 0.0;
  babble->n_frames = 0U;
}

static void
running_sum(double* const sum, const float* const row, const uint32_t n) {
  double total = 0.0;
  for (uint32_t k = 0U; k < n; ++k) {
    sum[k] = total;
    total += (double)row[k];
  }
  sum[n] = total;
}

/// Mean over `reach` bins to each side, as many as there are
static void
spread(float* const mean, const double* const sum, const uint32_t reach, const uint32_t n) {
  for (uint32_t k = 0U; k < n; ++k) {
    const uint32_t low = k > reach ? k - reach : 0U;
    const uint32_t high = k + reach < n ? k + reach + 1U : n;
    mean[k] = (float)((sum[high] - sum[low]) / (high - low));
  }
}

/// The voice that repeats itself most: the peak of the amplitudes' autocorrelation
static void
find_pitch(PinnaBabble* const babble, const float* const power) {
  for (uint32_t k = 0U; k < babble->n_bins; ++k) {
    babble->root[k] = sqrtf(power[k]);
  }
  pinna_fft_real_inverse(babble->fft, babble->root, babble->echo);
  const float* const echo = babble->echo + babble->shortest;
  float              most = 0.0f;
  babble->period = babble->shortest;
  for (uint32_t i = 0U; i < babble->longest - babble->shortest; ++i) {
    const float here = echo[i] * babble->window[i];
    if (here > most) {
      most = here;
      babble->period = babble->shortest + i;
    }
  }
  babble->pitch = fminf(most / (babble->echo[0] + 1e-20f), 1.5f);
}

/// Where the harmonics of that voice are, and where the gaps between them
static void
comb(const PinnaBabble* const babble, float* const clue) {
  const double twice = 2.0 * cos(2.0 * M_PI * babble->period / pinna_fft_size(babble->fft));
  double       now = 1.0;
  double       before = 0.5 * twice;
  for (uint32_t k = 0U; k < babble->tuned; ++k) {
    clue[k] = babble->pitch * (float)now;
    const double next = twice * now - before;
    before = now;
    now = next;
  }
}

static double
band_of(const PinnaBabble* const babble, const float* const power) {
  double sum = least_power;
  for (uint32_t k = babble->low; k < babble->high; ++k) {
    sum += (double)power[k];
  }
  return sum;
}

void
pinna_babble_follow(PinnaBabble* const babble, const float* const power) {
  PinnaBabbleRows* const r = &babble->rows;
  const double           band = band_of(babble, power);
  const uint32_t         n = babble->n_bins;
  babble->n_frames += babble->n_frames < 0x100000U;
  const bool   is_first = babble->n_frames == 1U;
  const double share = fmax(1.0 / babble->n_frames, babble->slow);

  running_sum(babble->sum, power, n);
  spread(r->narrow, babble->sum, 4U, n);
  babble->kernel->babble_smooth(r, power, n);
  running_sum(babble->sum, r->smooth, n);
  spread(r->wide, babble->sum, 8U, n);
  if (is_first) {
    float* const same[] = {r->brief, r->middle, r->late};
    for (uint32_t i = 0U; i < sizeof(same) / sizeof(same[0]); ++i) {
      memcpy(same[i], r->smooth, n * sizeof(float));
    }
    babble->band_short = babble->band_long = band;
  }
  r->share = (float)share;
  babble->kernel->babble_follow(r, n);
  babble->band_short = band + babble->keep_short * (babble->band_short - band);
  babble->band_long = band + babble->keep_long * (babble->band_long - band);
  babble->band_mean += share * (band - babble->band_mean);
  babble->band_log += share * (log(babble->band_short) - babble->band_log);
}

void
pinna_babble_gain(PinnaBabble* const babble, const float* const power, const float* const lull,
                  float* const log_gain) {
  const double mean = log(babble->band_mean);
  find_pitch(babble, power);
  const float shared[PINNA_BABBLE_SHARED] = {
      (float)(log(babble->band_short) - mean),
      (float)(log(babble->band_long) - mean),
      (float)(babble->band_log - mean),
      (float)(log(band_of(babble, lull)) - mean),
      babble->pitch,
  };
  for (uint32_t u = 0U; u < PINNA_BABBLE_UNITS; ++u) {
    babble->bias[u] = babble_bias[u];
    for (uint32_t i = 0U; i < PINNA_BABBLE_SHARED; ++i) {
      babble->bias[u] += babble_weight[u][PINNA_BABBLE_OWN + i] * shared[i];
    }
  }

  babble->kernel->babble_clues(&babble->rows, power, lull, babble->clue, babble->most);
  comb(babble, babble->clue[PINNA_BABBLE_OWN - 1U]);
  for (uint32_t k = 0U; k < babble->most; ++k) {
    log_gain[k] = babble_out_bias;
  }
  for (uint32_t u = 0U; u < PINNA_BABBLE_UNITS; ++u) {
    float weight[PINNA_BABBLE_OWN + 1U];
    memcpy(weight, babble_weight[u], PINNA_BABBLE_OWN * sizeof(float));
    weight[PINNA_BABBLE_OWN] = babble_weight[u][PINNA_BABBLE_CLUES - 1U];
    babble->kernel->babble_unit(log_gain, (const float* const*)babble->clue, weight,
                                babble->bias[u], babble_out[u], babble->most);
  }
  babble->kernel->babble_log_gain(log_gain, babble->most);
  for (uint32_t k = babble->most; k < babble->n_bins; ++k) {
    log_gain[k] = log_gain[babble->most - 1U];
  }
}
