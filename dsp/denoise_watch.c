// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include <math.h>

// What people see: meters, and a picture of the spectrum

double
pinna_denoise_view_hz(const uint32_t point) {
  return 20.0 * pow(1000.0, (point + 0.5) / PINNA_DENOISE_VIEW);
}

/// The greatest power, noise and gain of bins `low` to `high` [dB]
static void
read_bins(const PinnaDenoise* const denoise, const uint32_t low, const uint32_t high,
          float values[3]) {
  const PinnaDenoiseChannel* const channel = &denoise->channel[0];
  float                            power = 0.0f;
  float                            noise = 0.0f;
  float                            gain = -100.0f;
  for (uint32_t k = low; k <= high; ++k) {
    power = fmaxf(power, channel->power[k]);
    noise = fmaxf(noise, channel->noise[k]);
    gain = fmaxf(gain, denoise->log_gain[k] * 8.6858896f);
  }
  values[0] = 10.0f * log10f(power + 1e-30f);
  values[1] = 10.0f * log10f(noise + 1e-30f);
  values[2] = gain;
}

/// What a point shows: the greatest of its bins, or what lies between two of them; below the first
/// bin that is no offset, that one
static void
read_point(const PinnaDenoise* const denoise, const uint32_t point, float values[3]) {
  const double   last = (double)denoise->n_bins - 1.0;
  const double   bin = fmin(fmax(pinna_denoise_view_hz(point) / denoise->bin_hz, 1.0), last);
  const double   reach = pow(1000.0, 0.5 / PINNA_DENOISE_VIEW);
  const uint32_t low = (uint32_t)ceil(bin / reach);
  const uint32_t high = (uint32_t)fmin(bin * reach, last);
  if (high > low) {
    read_bins(denoise, low, high, values);
    return;
  }
  const uint32_t k = (uint32_t)fmin(bin, last - 1.0);
  float          next[3];
  read_bins(denoise, k, k, values);
  read_bins(denoise, k + 1U, k + 1U, next);
  for (int i = 0; i < 3; ++i) {
    values[i] += (float)(bin - k) * (next[i] - values[i]);
  }
}

/// Levels such that a full-scale sine reads 0 dB
static void
show(PinnaDenoise* const denoise) {
  const float  scale = (float)(10.0 * log10(4.0 / denoise->window_sum_squared));
  float* const row = denoise->view_row;
  for (uint32_t i = 0U; i < PINNA_DENOISE_VIEW; ++i) {
    float values[3];
    read_point(denoise, i, values);
    row[i] = values[0] + scale;
    row[PINNA_DENOISE_VIEW + i] = values[1] + scale;
    row[2U * PINNA_DENOISE_VIEW + i] = values[2];
  }
  pinna_snapshot_write(&denoise->view, row);
}

bool
pinna_denoise_view(const PinnaDenoise* const denoise, PinnaDenoiseView* const view) {
  return pinna_snapshot_read(&denoise->view, (float*)view) != 0U;
}

uint32_t
pinna_denoise_view_version(const PinnaDenoise* const denoise) {
  return pinna_snapshot_version(&denoise->view);
}

void
pinna_denoise_watch(PinnaDenoise* const denoise) {
  PinnaDenoiseMeters* const m = &denoise->meters;
  const float* const        power = denoise->channel[0].power;
  const float* const        noise = denoise->channel[0].noise;
  const float* const        speech = pinna_omlsa_speech(denoise->channel[0].omlsa);
  double                    in = 1e-20;
  double                    out = 1e-20;
  double                    voice = 1e-20;
  double                    rest = 1e-20;
  double                    presence = 0.0;
  const uint32_t            low = (uint32_t)(125.0 / denoise->bin_hz);
  const uint32_t            high = (uint32_t)(4000.0 / denoise->bin_hz);
  for (uint32_t k = 0U; k < denoise->n_bins; ++k) {
    in += (double)power[k];
    out += (double)denoise->kept[k];
  }
  for (uint32_t k = low; k < high && k < denoise->n_bins; ++k) {
    voice += (double)(speech[k] * denoise->presence[k]);
    rest += (double)noise[k];
    presence += (double)denoise->presence[k];
  }
  const float slow = (float)(1.0 - exp(-denoise->hop_s / 0.3));
  const float quick = (float)(1.0 - exp(-denoise->hop_s / 0.05));
  const float snr = (float)fmax(-20.0, fmin(10.0 * log10(voice / rest), 60.0));
  const float vad = (float)fmax(0.0, fmin(4.0 * presence / (high - low + 1U) - 0.4, 1.0));
  m->reduction_db += quick * ((float)(10.0 * log10(in / out)) - m->reduction_db);
  m->snr_db += slow * (snr - m->snr_db);
  m->vad += quick * (vad - m->vad);

  if (!denoise->view_wait) {
    show(denoise);
    denoise->view_wait = (uint32_t)(0.04 / denoise->hop_s);
  } else {
    --denoise->view_wait;
  }
}
