// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/noise_imcra.h"

#include "dsp/fast_math.h"
#include "dsp/noise_imcra_impl.h"

#include <math.h>
#include <string.h>

// Frames in, noise out; the window's parts

static const double low_rise = 1.3815511; // 6 dB of power a second

static void
fill(float* const row, const float value, const uint32_t n) {
  for (uint32_t k = 0U; k < n; ++k) {
    row[k] = value;
  }
}

void
pinna_noise_imcra_set_window(PinnaNoiseImcra* const imcra, const double window_s) {
  const double held = window_s > 0.1 ? (window_s < 10.0 ? window_s : 10.0) : 0.1;
  const double frames = held / (PINNA_IMCRA_PARTS * imcra->hop_s);
  imcra->part_frames = frames > 1.0 ? (uint32_t)(frames + 0.5) : 1U;
  const double decades = log10(held);
  for (uint32_t k = 0U; k < imcra->n; ++k) { // Measured on Gaussian noise; bin 0 has one degree
    const double b = k ? (k < PINNA_IMCRA_LONE ? 1.95 + 0.60 * decades : 1.66 + 0.37 * decades)
                       : 2.40 + 1.03 * decades;
    imcra->rows.floor[k] = (float)b;
  }
  imcra->rows.keep_noise = (float)exp(-imcra->hop_s / (0.065 * sqrt(held)));
}

void
pinna_noise_imcra_reset(PinnaNoiseImcra* const imcra) {
  const PinnaImcraRows* const r = &imcra->rows;
  float* const                zero[] = {r->s, r->t, r->absent, r->absent_p, r->mean};
  for (uint32_t i = 0U; i < sizeof(zero) / sizeof(zero[0]); ++i) {
    memset(zero[i], 0, imcra->n * sizeof(float));
  }
  imcra->n_seen = 0U;
  imcra->at_frame = 0U;
  imcra->at_part = 0U;
}

/// The first frames: their mean is the noise and the start of all minima
static void
begin(PinnaNoiseImcra* const imcra, const float* const power, float* const noise) {
  const PinnaImcraRows* const r = &imcra->rows;
  const uint32_t              n = imcra->n;
  const float                 share = 1.0f / (float)(++imcra->n_seen);
  for (uint32_t k = 0U; k < n; ++k) {
    r->mean[k] += share * (power[k] - r->mean[k]);
    noise[k] = r->mean[k];
  }
  if (imcra->n_seen < PINNA_NOISE_FIRST_FRAMES) {
    return;
  }
  for (uint32_t k = 0U; k < n; ++k) {
    const uint32_t below = k ? k - 1U : 0U;
    const uint32_t above = k + 1U < n ? k + 1U : k;
    r->s[k] = 0.5f * r->mean[k] + 0.25f * (r->mean[below] + r->mean[above]);
    r->mean[k] /= 1.47f;
  }
  float* const same[] = {r->s_min, r->s_now, r->t, r->t_min, r->t_now};
  for (uint32_t i = 0U; i < sizeof(same) / sizeof(same[0]); ++i) {
    memcpy(same[i], r->s, n * sizeof(float));
  }
  for (uint32_t p = 0U; p < PINNA_IMCRA_PARTS; ++p) {
    fill(imcra->s_part[p], INFINITY, n);
    fill(imcra->t_part[p], INFINITY, n);
  }
}

/// The part is over: its minimum joins the others, the oldest one is forgotten
static void
turn_part(float* const min, float* const now, const float* const smooth, float* const* const part,
          const uint32_t at, const uint32_t n) {
  memcpy(part[at], now, n * sizeof(float));
  memcpy(min, now, n * sizeof(float));
  for (uint32_t p = 0U; p < PINNA_IMCRA_PARTS; ++p) {
    const float* const other = part[p];
    for (uint32_t k = 0U; k < n; ++k) {
      min[k] = other[k] < min[k] ? other[k] : min[k];
    }
  }
  memcpy(now, smooth, n * sizeof(float));
}

/// Hold the floor down where a voice's fundamental may have lasted for a whole window: what is
/// noise is louder elsewhere, too, or stays
static void
hold_down(const PinnaNoiseImcra* const imcra, float* const min, const float* const before) {
  const double part_s = imcra->part_frames * imcra->hop_s;
  double       rise = 0.0;
  for (uint32_t k = imcra->low; k < imcra->high; ++k) {
    rise += (double)pinna_fast_log(min[k] / before[k]);
  }
  rise = imcra->high > imcra->low ? rise / (imcra->high - imcra->low) : 0.0;
  const float most = (float)exp(fmax(rise, 0.0) + low_rise * part_s);
  for (uint32_t k = 1U; k < imcra->low; ++k) {
    min[k] = fminf(min[k], most * before[k]);
  }
}

/// Where the floor of all sound has risen by 3 dB over a whole window, noise is louder: the second
/// look begins anew there, and need not wait for a window of its own
static void
follow_rise(PinnaNoiseImcra* const imcra, const float* const before) {
  const PinnaImcraRows* const r = &imcra->rows;
  for (uint32_t k = 0U; k < imcra->n; ++k) {
    if (r->s_min[k] > 2.0f * before[k]) {
      r->t[k] = r->t_min[k] = r->t_now[k] = r->s_min[k];
      for (uint32_t p = 0U; p < PINNA_IMCRA_PARTS; ++p) {
        imcra->t_part[p][k] = INFINITY;
      }
    }
  }
}

/// Nothing but digital silence: half of its bins at the floor
static int
is_silent(const float* const power, const uint32_t n_bins) {
  uint32_t n = 0U;
  for (uint32_t k = 0U; k < n_bins; ++k) {
    n += power[k] <= PINNA_DENOISE_POWER_FLOOR;
  }
  return 2U * n > n_bins;
}

void
pinna_noise_imcra_run(PinnaNoiseImcra* const imcra, const float* const power,
                      const float* const speech, float* const noise) {
  const PinnaImcraRows* const r = &imcra->rows;
  const uint32_t              n = imcra->n;
  if (is_silent(power, imcra->n_bins)) {
    if (!imcra->n_seen) {
      fill(noise, PINNA_DENOISE_POWER_FLOOR, n);
    }
    return;
  }
  if (imcra->n_seen < PINNA_NOISE_FIRST_FRAMES) {
    begin(imcra, power, noise);
    return;
  }

  imcra->kernel->imcra_look(r, power, n);
  r->absent[-1] = r->absent[1];
  r->absent_p[-1] = r->absent_p[1];
  r->absent[imcra->n_bins] = r->absent[imcra->n_bins - 2U];
  r->absent_p[imcra->n_bins] = r->absent_p[imcra->n_bins - 2U];
  imcra->kernel->imcra_track(r, power, speech, noise, n);

  if (++imcra->at_frame >= imcra->part_frames) {
    imcra->at_frame = 0U;
    memcpy(r->absent_p, r->s_min, n * sizeof(float)); // Not needed until the next look
    memcpy(r->absent, r->t_min, n * sizeof(float));
    turn_part(r->s_min, r->s_now, r->s, imcra->s_part, imcra->at_part, n);
    turn_part(r->t_min, r->t_now, r->t, imcra->t_part, imcra->at_part, n);
    hold_down(imcra, r->s_min, r->absent_p);
    hold_down(imcra, r->t_min, r->absent);
    follow_rise(imcra, r->absent_p);
    imcra->at_part = (imcra->at_part + 1U) % PINNA_IMCRA_PARTS;
  }
}
