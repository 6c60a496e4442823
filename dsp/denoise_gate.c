// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise_impl.h"

#include <math.h>

// Gates: each band, or the whole, is open while its SNR was above the threshold not long ago

static const double speech_low_hz = 125.0;
static const double speech_high_hz = 4000.0;

/// Speech over noise between two bins, the channels together
static double
snr_db(const PinnaDenoise* const denoise, const uint32_t low, const uint32_t high) {
  double speech = 1e-20;
  double noise = 1e-20;
  for (uint32_t c = 0U; c < denoise->config.n_channels; ++c) {
    const float* const power = pinna_omlsa_speech(denoise->channel[c].omlsa);
    for (uint32_t k = low; k < high; ++k) {
      speech += (double)(power[k] * denoise->presence[k]);
      noise += (double)denoise->channel[c].noise[k];
    }
  }
  return 10.0 * log10(speech / noise);
}

static uint32_t
gate_end(const PinnaDenoise* const denoise, const uint32_t g) {
  return g + 1U < denoise->n_gates ? denoise->gate[g + 1U].first_bin : denoise->n_bins;
}

void
pinna_denoise_gate_look(PinnaDenoise* const denoise) {
  const PinnaDenoiseParams* const p = &denoise->params;
  if (p->gate == PINNA_GATE_OFF) {
    return;
  }
  const double   hold = p->hold_s > 0.0 ? fmin(p->hold_s, 10.0) : 0.0;
  const uint32_t frames = denoise->wait + 1U + (uint32_t)(hold / denoise->hop_s);
  bool           all = false;
  if (p->gate == PINNA_GATE_VOICE) {
    const double most = denoise->n_bins;
    all = snr_db(denoise, (uint32_t)(speech_low_hz / denoise->bin_hz),
                 (uint32_t)fmin(speech_high_hz / denoise->bin_hz, most)) > p->threshold_db;
  }
  for (uint32_t g = 0U; g < denoise->n_gates; ++g) {
    PinnaDenoiseGate* const gate = &denoise->gate[g];
    const bool              opens = p->gate == PINNA_GATE_VOICE ? all
                                                                : snr_db(denoise, gate->first_bin,
                                                                         gate_end(denoise, g)) > p->threshold_db;
    gate->open = opens ? frames : gate->open - (gate->open > 0U);
  }
}

void
pinna_denoise_gate_apply(PinnaDenoise* const denoise, float* const log_gain) {
  const PinnaDenoiseParams* const p = &denoise->params;
  const float shut = -0.11512925f * (float)(p->gate != PINNA_GATE_OFF ? p->range_db : 0.0);
  const float rise = 1.0f - (float)exp(-denoise->hop_s / 0.004);
  const float fall = 1.0f - (float)exp(-denoise->hop_s / 0.050);
  for (uint32_t g = 0U; g < denoise->n_gates; ++g) {
    PinnaDenoiseGate* const gate = &denoise->gate[g];
    const float             target = gate->open || p->gate == PINNA_GATE_OFF ? 0.0f : shut;
    const float             speed = target > gate->log_gain ? rise : fall;
    gate->log_gain += speed * (target - gate->log_gain);
    if (fabsf(gate->log_gain - target) < 1e-6f) {
      gate->log_gain = target;
    }
    const uint32_t end = gate_end(denoise, g);
    for (uint32_t k = gate->first_bin; k < end; ++k) {
      log_gain[k] += gate->log_gain;
    }
  }
}
