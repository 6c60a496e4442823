// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/hum.h"

#include "dsp/hum_impl.h"

#include <math.h>
#include <string.h>

// Sample by sample: subtract what the oscillators explain, let the rest correct them

static void
tune(PinnaHum* const hum) {
  const double turn = 2.0 * M_PI * hum->hz / hum->rate;
  const double most = fmin(0.45 * hum->rate, 2000.0) / hum->hz;
  hum->n = most < PINNA_HUM_HARMONICS ? (uint32_t)most : PINNA_HUM_HARMONICS;
  for (uint32_t h = 0U; h < PINNA_HUM_HARMONICS; ++h) {
    hum->dc[h] = (float)cos(turn * (h + 1U));
    hum->ds[h] = (float)sin(turn * (h + 1U));
  }
}

void
pinna_hum_set(PinnaHum* const hum, const double hz) {
  const double held = hz > 0.0 ? fmax(40.0, fmin(hz, 70.0)) : 0.0;
  pinna_smooth_set(&hum->wet, held > 0.0 ? 1.0 : 0.0);
  if (held > 0.0 && held != hum->nominal_hz) {
    hum->hz = held;
    hum->slow_rate = 0.0;
    tune(hum);
  }
  hum->nominal_hz = held;
}

void
pinna_hum_reset(PinnaHum* const hum) {
  for (uint32_t h = 0U; h < PINNA_HUM_HARMONICS; ++h) {
    hum->c[h] = 1.0f;
    hum->s[h] = hum->a[h] = hum->b[h] = hum->a0[h] = hum->b0[h] = 0.0f;
  }
  hum->wait = PINNA_HUM_PERIOD;
  hum->slow_rate = 0.0;
  pinna_smooth_snap(&hum->wet, hum->nominal_hz > 0.0 ? 1.0 : 0.0);
  if (hum->nominal_hz > 0.0) {
    hum->hz = hum->nominal_hz;
    tune(hum);
  }
}

/// The amplitudes turn by as much as the frequency is off: follow, and keep the oscillators round
static void
look(PinnaHum* const hum) {
  double turned = 0.0;
  double weight = 1e-12;
  for (uint32_t h = 0U; h < hum->n; ++h) {
    const double cross =
        (double)hum->b[h] * (double)hum->a0[h] - (double)hum->a[h] * (double)hum->b0[h];
    turned += cross * (h + 1U);
    weight += ((double)hum->a[h] * (double)hum->a[h] + (double)hum->b[h] * (double)hum->b[h]) *
              (h + 1U) * (h + 1U);
    hum->a0[h] = hum->a[h];
    hum->b0[h] = hum->b[h];

    const float r = 1.5f - 0.5f * (hum->c[h] * hum->c[h] + hum->s[h] * hum->s[h]);
    hum->c[h] *= r;
    hum->s[h] *= r;
  }
  hum->slow_rate += 0.02 * (turned / (weight * PINNA_HUM_PERIOD) - hum->slow_rate);
  const double wanted = hum->hz - 0.05 * hum->slow_rate * hum->rate / (2.0 * M_PI);
  hum->hz = fmax(0.98 * hum->nominal_hz, fmin(wanted, 1.02 * hum->nominal_hz));
  tune(hum);
  hum->wait = PINNA_HUM_PERIOD;
}

/// Turn the oscillators and add up what they explain, in four sums that can run side by side
static float
estimate(PinnaHum* const hum) {
  float y[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (uint32_t h = 0U; h < PINNA_HUM_HARMONICS; ++h) {
    const float c = hum->c[h] * hum->dc[h] - hum->s[h] * hum->ds[h];
    const float s = hum->s[h] * hum->dc[h] + hum->c[h] * hum->ds[h];
    hum->c[h] = c;
    hum->s[h] = s;
  }
  for (uint32_t h = 0U; h < PINNA_HUM_HARMONICS; h += 4U) { // Those not in use are zero
    for (uint32_t i = 0U; i < 4U; ++i) {
      y[i] += hum->a[h + i] * hum->c[h + i] + hum->b[h + i] * hum->s[h + i];
    }
  }
  return (y[0] + y[1]) + (y[2] + y[3]);
}

void
pinna_hum_run(PinnaHum* const hum, float* const x, const uint32_t n_frames) {
  if (!(hum->nominal_hz > 0.0) && pinna_smooth_is_near(&hum->wet, 0.0)) {
    return;
  }
  for (uint32_t i = 0U; i < n_frames; ++i) {
    const float y = estimate(hum);
    const float pull = hum->pull * (x[i] - y);
    for (uint32_t h = 0U; h < hum->n; ++h) {
      hum->a[h] += pull * hum->c[h];
      hum->b[h] += pull * hum->s[h];
    }
    float wet;
    pinna_smooth_run(&hum->wet, &hum->step, 1e-6, &wet, 1U);
    x[i] -= wet * y;
    if (!--hum->wait && hum->nominal_hz > 0.0) {
      look(hum);
    } else if (!hum->wait) {
      hum->wait = PINNA_HUM_PERIOD;
    }
  }
}

double
pinna_hum_frequency(const PinnaHum* const hum) {
  return hum->nominal_hz > 0.0 ? hum->hz : 0.0;
}
