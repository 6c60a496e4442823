// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mel_edit.h"

#include "dsp/mel_edit_impl.h"

#include <math.h>
#include <string.h>

// One frame: less noise, envelope and fine structure moved apart, smoothed, held

#define N_ROUNDS 4U           ///< By then the envelope rests on the peaks
#define LOBE_HZ 50.0F         ///< Half width of a harmonic under a Hann window of 40 ms
#define NP_PER_DB 0.11512925F ///< ln(10) / 20
#define WHISPER_HZ 300.0F     ///< Below, a whisper has no voice to carry it ..
#define WHISPER_DB 18.0F      ///< .. and is weaker by up to this

void
pinna_mel_edit_envelope(PinnaMelEdit* const self, const float* const mel, float* const envelope) {
  const uint32_t n = self->config.n_mels;
  const uint32_t n_keep = self->n_keep;
  memcpy(self->work, mel, n * sizeof(float));
  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    memset(self->terms, 0, n_keep * sizeof(float));
    for (uint32_t m = 0U; m < n; ++m) {
      for (uint32_t c = 0U; c < n_keep; ++c) {
        self->terms[c] += self->work[m] * self->dct[(size_t)m * n_keep + c];
      }
    }
    for (uint32_t m = 0U; m < n; ++m) {
      float sum = 0.0F;
      for (uint32_t c = 0U; c < n_keep; ++c) {
        sum += self->terms[c] * self->dct[(size_t)m * n_keep + c];
      }
      envelope[m] = sum;
      self->work[m] = fmaxf(mel[m], sum);
    }
  }
}

/// x at a frequency, between bands on a line; beyond the outermost ones theirs, or 0
static float
value_at(const PinnaMelEdit* const self, const float* const x, const float hz, const bool is_held,
         uint32_t* const from) {
  const uint32_t     last = self->config.n_mels - 1U;
  const float* const at = self->hz;
  if (hz <= at[0] || hz >= at[last]) {
    return is_held ? x[hz <= at[0] ? 0U : last] : 0.0F;
  }
  while (at[*from + 1U] < hz) { // Asked in rising order
    ++*from;
  }
  const float part = (hz - at[*from]) / (at[*from + 1U] - at[*from]);
  return x[*from] + part * (x[*from + 1U] - x[*from]);
}

/// y(f) = x(f / ratio)
static void
move(const PinnaMelEdit* const self, const float* const x, const double semitones,
     const bool is_held, float* const y) {
  const float inverse = (float)exp2(-semitones / 12.0);
  uint32_t    from = 0U;
  for (uint32_t m = 0U; m < self->config.n_mels; ++m) {
    y[m] = value_at(self, x, self->hz[m] * inverse, is_held, &from);
  }
}

/// Fine structure of a comb of harmonics, each as wide as the analysis window makes it
static void
make_comb(PinnaMelEdit* const self) {
  const float    f0 = (float)self->params.robot_hz;
  const uint32_t n = self->config.n_mels;
  for (uint32_t m = 0U; m < n; ++m) {
    const float half = 0.5F * (self->hz[m + 1U < n ? m + 1U : m] - self->hz[m ? m - 1U : 0U]);
    float       sum = 0.0F;
    for (int i = -8; i <= 8; ++i) {
      const float hz = self->hz[m] + half * (float)i / 8.0F;
      const float off = hz - f0 * fmaxf(rintf(hz / f0), 1.0F);
      sum += fabsf(off) < LOBE_HZ ? 0.5F + 0.5F * cosf(3.14159265F * off / LOBE_HZ) : 0.0F;
    }
    self->fine[m] = logf(sum / 17.0F + 0.01F);
  }
  pinna_mel_edit_envelope(self, self->fine, self->envelope);
  for (uint32_t m = 0U; m < n; ++m) {
    self->comb[m] = self->fine[m] - self->envelope[m];
  }
}

static double
held(const double x, const double low, const double high) {
  return x > high ? high : x >= low ? x : isnan(x) ? 0.0 : low;
}

void
pinna_mel_edit_set(PinnaMelEdit* const self, const PinnaMelEditParams* const params) {
  const double robot_hz = params->robot_hz > 0.0 ? held(params->robot_hz, 50.0, 500.0) : 0.0;
  const bool   is_other = robot_hz != self->params.robot_hz;
  self->params = (PinnaMelEditParams){.pitch = held(params->pitch, -24.0, 24.0),
                                      .formant = held(params->formant, -24.0, 24.0),
                                      .robot_hz = robot_hz,
                                      .whisper = held(params->whisper, 0.0, 1.0),
                                      .blur = held(params->blur, 0.0, 1.0),
                                      .smooth_s = held(params->smooth_s, 0.0, 2.0),
                                      .denoise_db = held(params->denoise_db, 0.0, 40.0),
                                      .freeze = params->freeze};
  if (is_other && robot_hz > 0.0) {
    make_comb(self);
  }
}

/// The tracker runs on while it is not heard, so that it knows the noise when it is
static void
reduce_noise(PinnaMelEdit* const self, float* const mel) {
  const float floor = -NP_PER_DB * (float)self->params.denoise_db;
  for (uint32_t m = 0U; m < self->config.n_mels; ++m) {
    self->power[m] = expf(2.0F * fmaxf(mel[m], -30.0F));
  }
  pinna_noise_spp_run(self->spp, self->power, self->noise);
  pinna_omlsa_run(self->omlsa, self->power, self->noise);
  const float* const gain = pinna_omlsa_log_gain(self->omlsa);
  const float* const p = pinna_omlsa_presence(self->omlsa);
  for (uint32_t m = 0U; m < self->config.n_mels && floor < 0.0F; ++m) {
    mel[m] += fmaxf(p[m] * gain[m] + (1.0F - p[m]) * floor, floor);
  }
}

static void
change_voice(PinnaMelEdit* const self, float* const mel) {
  const PinnaMelEditParams* const p = &self->params;
  const uint32_t                  n = self->config.n_mels;
  const float                     keep = 1.0F - (float)p->whisper;
  if (p->pitch == 0.0 && p->formant == 0.0 && p->robot_hz == 0.0 && p->whisper == 0.0) {
    return;
  }
  pinna_mel_edit_envelope(self, mel, self->envelope);
  for (uint32_t m = 0U; m < n; ++m) {
    self->fine[m] = mel[m] - self->envelope[m];
  }
  move(self, self->fine, p->pitch, false, self->work);
  memcpy(self->fine, p->robot_hz > 0.0 ? self->comb : self->work, n * sizeof(float));
  move(self, self->envelope, p->formant, true, self->work);
  for (uint32_t m = 0U; m < n; ++m) {
    const float low = fmaxf(0.0F, 1.0F - self->hz[m] / WHISPER_HZ);
    mel[m] = self->work[m] + keep * self->fine[m] - (1.0F - keep) * low * WHISPER_DB * NP_PER_DB;
  }
}

static void
smooth(PinnaMelEdit* const self, float* const mel) {
  const PinnaMelEditParams* const p = &self->params;
  const int32_t                   n = (int32_t)self->config.n_mels;
  const int32_t                   reach = (int32_t)lrint(4.0 * p->blur);
  if (reach) {
    memcpy(self->work, mel, (size_t)n * sizeof(float));
    for (int32_t m = 0; m < n; ++m) {
      float sum = 0.0F;
      for (int32_t i = m - reach; i <= m + reach; ++i) {
        sum += self->work[i < 0 ? 0 : i < n ? i : n - 1];
      }
      mel[m] = sum / (float)(2 * reach + 1);
    }
  }
  if (p->smooth_s > 0.0 && self->has_past) {
    const float part = (float)(1.0 - exp(-self->config.hop_s / p->smooth_s));
    for (int32_t m = 0; m < n; ++m) {
      mel[m] = self->past[m] + part * (mel[m] - self->past[m]);
    }
  }
}

void
pinna_mel_edit_run(PinnaMelEdit* const self, float* const mel) {
  const size_t size = self->config.n_mels * sizeof(float);
  reduce_noise(self, mel);
  if (self->params.freeze && self->has_past) {
    memcpy(mel, self->past, size);
    return;
  }
  change_voice(self, mel);
  smooth(self, mel);
  memcpy(self->past, mel, size);
  self->has_past = true;
}

void
pinna_mel_edit_reset(PinnaMelEdit* const self) {
  pinna_noise_spp_reset(self->spp);
  pinna_omlsa_reset(self->omlsa);
  self->has_past = false;
}
