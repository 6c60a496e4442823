// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/vad.h"

#include "dsp/stft.h"
#include "dsp/vad_impl.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Tracks the noise and weighs the evidence, frame by frame

static const float present_snr = 31.6f; // The SNR of speech that is there, 15 dB

static float
band_power(const VadBand* const band, const float complex* const bins) {
  float sum = 0.0f;
  for (uint32_t k = band->first; k < band->last; ++k) {
    const float re = crealf(bins[k]);
    const float im = cimagf(bins[k]);
    sum += re * re + im * im;
  }
  return sum / (float)(band->last - band->first);
}

/// Move the noise towards the power where speech is unlikely
static void
track_noise(VadBand* const band, const float power, const float track) {
  const float snr = power / band->noise;
  const float share = present_snr / (1.0f + present_snr);
  float       presence = 1.0f / (1.0f + (1.0f + present_snr) * expf(-fminf(snr * share, 50.0f)));
  band->presence = 0.9f * band->presence + 0.1f * presence;
  if (band->presence > 0.99f) { // A louder noise than before must not lock the tracker
    presence = fminf(presence, 0.998f);
  }
  const float estimate = presence * band->noise + (1.0f - presence) * power;
  band->noise = track * band->noise + (1.0f - track) * estimate;
}

/// The log likelihood ratio of one band
static float
weigh(VadBand* const band, const float power) {
  const float snr = fminf(power / band->noise, 1000.0f);
  const float prior = 0.8f * band->gain2 + 0.2f * fmaxf(snr - 1.0f, 0.0f);
  const float wiener = prior / (1.0f + prior);
  band->gain2 = wiener * wiener * snr;
  return snr * wiener - logf(1.0f + prior);
}

void
pinna_vad_frame(PinnaVad* const self, const float complex* const bins) {
  const bool boots = self->n_seen < self->n_boot;
  float      sum = 0.0f;
  self->n_seen += boots;
  for (uint32_t b = 0U; b < self->n_bands; ++b) {
    VadBand* const band = &self->bands[b];
    const float    power = band_power(band, bins) + self->floor;
    if (boots) {
      band->noise += (power - band->noise) / (float)self->n_seen;
    }
    // Clipped, so that one loud band is not all that counts
    const float ratio = weigh(band, power);
    sum += fminf(ratio, 2.0f);
    track_noise(band, power, self->track);
  }

  const float score = boots ? 0.0f : sum / (float)self->n_bands;
  const float rise = 0.35f * score + 0.65f * self->score;
  const float fall = self->release * self->score + (1.0f - self->release) * score;
  self->score = score > self->score ? rise : fall;
  self->probability = 1.0f / (1.0f + expf(-8.0f * (self->score - 0.5f)));
  if (self->probability >= self->threshold) {
    self->hang = self->n_hangover + 1U;
  } else if (self->hang) {
    --self->hang;
  }
}

static void
take_frame(void* const handle, float complex* const* const bins) {
  pinna_vad_frame((PinnaVad*)handle, bins[0]);
}

void
pinna_vad_run(PinnaVad* const self, const float* const in, const uint32_t n) {
  const float* const channels[1] = {in};
  pinna_stft_run(self->stft, channels, NULL, n, take_frame, self);
}

float
pinna_vad_probability(const PinnaVad* const self) {
  return self->probability;
}

bool
pinna_vad_is_active(const PinnaVad* const self) {
  return self->hang > 0U;
}

void
pinna_vad_reset(PinnaVad* const self) {
  if (self->stft) {
    pinna_stft_reset(self->stft);
  }
  for (uint32_t b = 0U; b < self->n_bands; ++b) {
    VadBand* const band = &self->bands[b];
    *band = (VadBand){.first = band->first, .last = band->last};
  }
  self->n_seen = 0U;
  self->hang = 0U;
  self->score = 0.0f;
  self->probability = 0.0f;
}
