// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include <math.h>

// What people see: meters, and a picture of the spectrum

double
pinna_denoise_view_hz(const uint32_t point) {
  return 20.0 * pow(1000.0, (point + 0.5) / PINNA_DENOISE_VIEW);
}

/// Levels such that a full-scale sine reads 0 dB; the loudest bin in reach of each point
static void
show(PinnaDenoise* const denoise) {
  const PinnaDenoiseChannel* const channel = &denoise->channel[0];
  const double                     scale = 10.0 * log10(4.0 / denoise->window_sum_squared);
  float* const                     row = denoise->view_row;
  for (uint32_t i = 0U; i < PINNA_DENOISE_VIEW; ++i) {
    const double   low_hz = 20.0 * pow(1000.0, (double)i / PINNA_DENOISE_VIEW);
    const double   high_hz = 20.0 * pow(1000.0, (i + 1.0) / PINNA_DENOISE_VIEW);
    const uint32_t last = denoise->n_bins - 1U;
    const double   first = low_hz / denoise->bin_hz + 0.5;
    const uint32_t low = first < last ? (uint32_t)first : last;
    const double   end = high_hz / denoise->bin_hz + 0.5;
    const uint32_t high = end < last ? (uint32_t)end : last;
    double         power = 0.0;
    double         noise = 0.0;
    float          gain = -100.0f;
    for (uint32_t k = low; k <= (high > low ? high - 1U : low); ++k) {
      power = fmax(power, (double)channel->power[k]);
      noise = fmax(noise, (double)channel->noise[k]);
      gain = fmaxf(gain, denoise->log_gain[k] * 8.6858896f);
    }
    row[i] = (float)(10.0 * log10(power + 1e-30) + scale);
    row[PINNA_DENOISE_VIEW + i] = (float)(10.0 * log10(noise + 1e-30) + scale);
    row[2U * PINNA_DENOISE_VIEW + i] = gain;
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
