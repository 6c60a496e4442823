// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_DENOISE_LOOPS_H
#define PINNA_DSP_DENOISE_LOOPS_H

#include "dsp/denoise_kernel.h"
#include "dsp/fast_math.h"

#include <complex.h>
#include <stdint.h>

// The text of the loops: each instruction set compiles it with its own flags, and as nothing is
// contracted, all give the same bits. Numbers are those of Cohen 2003 (IMCRA), Cohen & Berdugo 2001
// (OM-LSA) and Gerkmann & Hendriks 2012 (SPP-MMSE).

// Rows never overlap: compilers must be told before each loop, or they give up on so many
#if defined(__clang__)
#define ROWS_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define ROWS_APART _Pragma("GCC ivdep")
#endif

static inline float
at_least(const float x, const float low) {
  return x > low ? x : low;
}

static inline float
at_most(const float x, const float high) {
  return x < high ? x : high;
}

static void
loop_power(float* const restrict power, const float complex* const restrict bins,
           const uint32_t n) {
  const float* const restrict x = (const float*)bins;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    power[k] = at_least(x[2U * k] * x[2U * k] + x[2U * k + 1U] * x[2U * k + 1U],
                        PINNA_DENOISE_POWER_FLOOR);
  }
}

// First look: smoothed power against its minimum
static void
loop_imcra_look(const PinnaImcraRows* const rows, const float* const restrict power,
                const uint32_t              n) {
  float* const restrict s = rows->s;
  float* const restrict s_min = rows->s_min;
  float* const restrict s_now = rows->s_now;
  const float* const restrict centre = rows->centre;
  const float* const restrict side = rows->side;
  const float* const restrict b_min = rows->floor;
  float* const restrict absent = rows->absent;
  float* const restrict absent_p = rows->absent_p;
  const float keep = rows->keep_s;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float p = power[k];
    const float smooth = centre[k] * p + side[k] * (power[(int32_t)k - 1] + power[k + 1U]);
    s[k] = smooth + keep * (s[k] - smooth);
    s_min[k] = at_most(s_min[k], s[k]);
    s_now[k] = at_most(s_now[k], s[k]);
    const float floor = b_min[k] * s_min[k];
    const float quiet = p < 4.6f * floor ? 1.0f : 0.0f;
    const float calm = s[k] < 1.67f * floor ? 1.0f : 0.0f;
    absent[k] = quiet * calm;
    absent_p[k] = quiet * calm * p;
  }
}

// Second look: the same without the bins that were found to be speech; then the noise itself
static void
loop_imcra_track(const PinnaImcraRows* const rows, const float* const restrict power,
                 const float* const restrict speech, float* const restrict noise,
                 const uint32_t n) {
  const float* const restrict s = rows->s;
  float* const restrict t = rows->t;
  float* const restrict t_min = rows->t_min;
  float* const restrict t_now = rows->t_now;
  float* const restrict mean = rows->mean;
  const float* const restrict centre = rows->centre;
  const float* const restrict side = rows->side;
  const float* const restrict b_min = rows->floor;
  const float* const restrict absent = rows->absent;
  const float* const restrict absent_p = rows->absent_p;
  const float keep = rows->keep_s;
  const float keep_prior = rows->keep_prior;
  const float keep_noise = rows->keep_noise;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float p = power[k];
    const float den = centre[k] * absent[k] + side[k] * (absent[(int32_t)k - 1] + absent[k + 1U]);
    const float num =
        centre[k] * absent_p[k] + side[k] * (absent_p[(int32_t)k - 1] + absent_p[k + 1U]);
    const float smooth = den > 0.0f ? num / at_least(den, 0.25f) : t[k];
    t[k] = smooth + keep * (t[k] - smooth);
    t_min[k] = at_most(t_min[k], t[k]);
    t_now[k] = at_most(t_now[k], t[k]);

    const float floor = b_min[k] * t_min[k];
    const float ratio = p / floor;
    const float calm = s[k] < 1.67f * floor ? 1.0f : 0.0f;
    const float q = calm * at_least(at_most((3.0f - ratio) * 0.5f, 1.0f), 0.0f);
    const float inverse = 1.0f / noise[k];
    const float gamma = at_most(p * inverse, 1e4f);
    const float xi = at_least(keep_prior * speech[k] * inverse +
                                  (1.0f - keep_prior) * at_least(gamma - 1.0f, 0.0f),
                              3.1622777e-3f);
    const float v = at_most(gamma * xi / (1.0f + xi), 80.0f);
    const float odds = (1.0f - q) / at_least(q * (1.0f + xi) * pinna_fast_exp(-v), 1e-12f);
    const float presence = odds / (1.0f + odds);
    const float hold = keep_noise + (1.0f - keep_noise) * presence;
    mean[k] = p + hold * (mean[k] - p);
    noise[k] = at_least(1.47f * mean[k], PINNA_DENOISE_POWER_FLOOR);
  }
}

static void
loop_spp_track(float* const restrict noise, float* const restrict presence,
               const float* const restrict power, const float keep, const uint32_t n) {
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float gamma = at_most(power[k] / noise[k], 80.0f); // xi of speech: 15 dB
    const float p = 1.0f / (1.0f + 32.622777f * pinna_fast_exp(gamma * -0.96934661f));
    presence[k] = 0.9f * presence[k] + 0.1f * p;
    const float held = presence[k] > 0.99f ? at_most(p, 0.99f) : p;
    const float now = power[k] + held * (noise[k] - power[k]);
    noise[k] = at_least(now + keep * (noise[k] - now), PINNA_DENOISE_POWER_FLOOR);
  }
}

static void
loop_omlsa_prior(const PinnaOmlsaRows* const rows, const float* const restrict power,
                 const float* const restrict noise, const uint32_t n) {
  float* const restrict gamma = rows->gamma;
  float* const restrict xi = rows->xi;
  float* const restrict zeta = rows->zeta;
  const float* const restrict speech = rows->speech;
  const float keep_prior = rows->keep_prior;
  const float keep_zeta = rows->keep_zeta;
  const float least = rows->least_xi;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float inverse = 1.0f / noise[k];
    const float g = at_most(power[k] * inverse, 1e4f);
    const float x = keep_prior * at_most(speech[k] * inverse, 1e4f) +
                    (1.0f - keep_prior) * at_least(g - 1.0f, 0.0f);
    gamma[k] = g;
    xi[k] = at_least(x, least);
    zeta[k] = xi[k] + keep_zeta * (zeta[k] - xi[k]);
  }
}

static void
loop_omlsa_gain(const PinnaOmlsaRows* const rows, const float* const restrict power,
                const uint32_t              n) {
  const float* const restrict gamma = rows->gamma;
  const float* const restrict xi = rows->xi;
  const float* const restrict local = rows->local;
  const float* const restrict global = rows->global;
  float* const restrict speech = rows->speech;
  float* const restrict presence = rows->presence;
  float* const restrict log_gain = rows->log_gain;
  const float low = rows->low_log;
  const float slope = 1.0f / (rows->high_log - low);
  const float most_q = rows->most_q;
  const float frame = rows->frame;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float p_local = at_least(at_most((pinna_fast_log(local[k]) - low) * slope, 1.0f), 0.0f);
    const float p_global = at_least(at_most((pinna_fast_log(global[k]) - low) * slope, 1.0f), 0.0f);
    const float q = 1.0f - frame * (1.0f - at_most(1.0f - p_local * p_global, most_q));
    const float ratio = xi[k] / (1.0f + xi[k]);
    const float v = at_least(at_most(gamma[k] * ratio, 80.0f), 1e-6f);
    const float decay = pinna_fast_exp(-v);
    const float e1 = pinna_fast_e1(v, decay, pinna_fast_log(v));
    const float lsa = at_most(pinna_fast_log(ratio) + 0.5f * e1, 0.0f);
    presence[k] = (1.0f - q) / ((1.0f - q) + q * (1.0f + xi[k]) * decay);
    speech[k] = pinna_fast_exp(2.0f * lsa) * power[k];
    const float now = at_least(pinna_fast_exp(2.0f * lsa) * gamma[k], 3e-3f);
    log_gain[k] = pinna_fast_log(now / (1.0f + now));
  }
}

static void
loop_babble_smooth(const PinnaBabbleRows* const rows, const float* const restrict power,
                   const uint32_t               n) {
  float* const restrict smooth = rows->smooth;
  smooth[0] = power[0];
  smooth[n - 1U] = power[n - 1U];
  ROWS_APART
  for (uint32_t k = 1U; k + 1U < n; ++k) {
    smooth[k] = 0.5f * power[k] + 0.25f * (power[k - 1U] + power[k + 1U]);
  }
}

static void
loop_babble_follow(const PinnaBabbleRows* const rows, const uint32_t n) {
  const float* const restrict smooth = rows->smooth;
  const float* const restrict wide = rows->wide;
  float* const restrict brief = rows->brief;
  float* const restrict middle = rows->middle;
  float* const restrict late = rows->late;
  float* const restrict mean = rows->mean;
  float* const restrict mean_log = rows->mean_log;
  float* const restrict wide_mean = rows->wide_mean;
  const PinnaBabbleRows r = *rows;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float p = smooth[k];
    brief[k] = p + r.keep_brief * (brief[k] - p);
    middle[k] = p + r.keep_middle * (middle[k] - p);
    late[k] = p + r.keep_late * (late[k] - p);
    mean[k] += r.share * (p - mean[k]);
    mean_log[k] += r.share * (pinna_fast_log(brief[k]) - mean_log[k]);
    wide_mean[k] += r.share * (wide[k] - wide_mean[k]);
  }
}

static void
loop_babble_clues(const PinnaBabbleRows* const rows, const float* const restrict power,
                  const float* const restrict lull, float* const* const clue, const uint32_t n) {
  const float* const restrict mean_power = rows->mean;
  const float* const level[] = {rows->smooth, rows->brief, rows->middle, rows->late};
  for (uint32_t i = 0U; i < 4U; ++i) {
    const float* const restrict x = level[i];
    float* const restrict y = clue[i];
    ROWS_APART
    for (uint32_t k = 0U; k < n; ++k) {
      y[k] = pinna_fast_log(x[k] / mean_power[k]);
    }
  }
  const float* const restrict mean_log = rows->mean_log;
  const float* const restrict wide = rows->wide;
  const float* const restrict wide_mean = rows->wide_mean;
  const float* const restrict narrow = rows->narrow;
  float* const restrict sparse = clue[4];
  float* const restrict quiet = clue[5];
  float* const restrict around = clue[6];
  float* const restrict peak = clue[7];
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float mean = pinna_fast_log(mean_power[k]);
    sparse[k] = mean_log[k] - mean;
    quiet[k] = pinna_fast_log(at_least(lull[k], 1e-9f)) - mean;
    around[k] = pinna_fast_log(wide[k] / wide_mean[k]);
    peak[k] = pinna_fast_log(power[k] / narrow[k]);
  }
}

static void
loop_babble_unit(float* const restrict sum, const float* const* const clue,
                 const float* const weight, const float bias, const float out, const uint32_t n) {
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    float x = bias;
    for (uint32_t i = 0U; i <= PINNA_BABBLE_OWN; ++i) {
      x += weight[i] * clue[i][k];
    }
    const float held = at_least(at_most(x, 4.7f), -4.7f); // Pade of order 7, 6: below 2e-5 here
    const float z = held * held;
    const float top = held * (135135.0f + z * (17325.0f + z * (378.0f + z)));
    const float low = 135135.0f + z * (62370.0f + z * (3150.0f + z * 28.0f));
    sum[k] += out * (top / low);
  }
}

static void
loop_babble_log_gain(float* const x, const uint32_t n) {
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    x[k] = -pinna_fast_log(1.0f + pinna_fast_exp(-x[k]));
  }
}

static void
loop_apply(float complex* const restrict bins, const float* const restrict log_gain,
           const uint32_t n) {
  float* const restrict x = (float*)bins;
  ROWS_APART
  for (uint32_t k = 0U; k < n; ++k) {
    const float gain = pinna_fast_exp(log_gain[k]);
    x[2U * k] *= gain;
    x[2U * k + 1U] *= gain;
  }
}

#define PINNA_DENOISE_KERNEL                                                                       \
  {                                                                                                \
    loop_power, loop_imcra_look, loop_imcra_track, loop_spp_track, loop_omlsa_prior,               \
        loop_omlsa_gain, loop_babble_smooth, loop_babble_follow, loop_babble_clues,                \
        loop_babble_unit, loop_babble_log_gain, loop_apply                                         \
  }

#endif // PINNA_DSP_DENOISE_LOOPS_H
