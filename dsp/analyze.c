// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/analyze.h"

#include "dsp/analyze_impl.h"
#include "dsp/cepstrum.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "dsp/vad.h"

#include <complex.h>
#include <stdint.h>

// Hands the stream to the parts

#define CHUNK 512U

static void
take_frame(void* const data, float complex* const* const bins) {
  PinnaAnalyze* const self = (PinnaAnalyze*)data;
  const uint32_t      at = self->done + (self->frame + 1U) * self->hop - self->phase - 1U;
  ++self->frame;
  pinna_vad_frame(self->vad, bins[0]);
  pinna_descriptors_frame(self->descriptors, bins[0], &self->shape);
  pinna_scroll_frame(self->scroll, bins[0]);
  if (self->func) {
    pinna_mel_frame(self->mel, bins[0], self->mels);
    pinna_cepstrum_frame(self->cepstrum, bins[0], self->mfcc);
    self->func(self->handle, at, self->mels, self->mfcc);
  }
}

/// The mean of the channels
static void
mix_down(const PinnaAnalyze* const self, const float* const* const in, const uint32_t at,
         float* const mono, const uint32_t n) {
  const float gain = 1.0f / (float)self->n_ch;
  for (uint32_t i = 0U; i < n; ++i) {
    float sum = 0.0f;
    for (uint32_t c = 0U; c < self->n_ch; ++c) {
      sum += in[c][at + i];
    }
    mono[i] = sum * gain;
  }
}

static void
read_gated(PinnaAnalyze* const self) {
  PinnaLoudnessReading reading;
  pinna_loudness_read(self->loudness, &reading);
  self->integrated = reading.integrated;
  self->range = reading.range;
}

void
pinna_analyze_run(PinnaAnalyze* const self, const float* const* const in, const uint32_t n,
                  const PinnaAnalyzeFrameFunc func, void* const handle) {
  float              mono[CHUNK];
  const float* const mono_rows[1] = {mono};
  const float*       rows[64];
  self->func = func;
  self->handle = handle;
  for (uint32_t at = 0U; at < n;) {
    const uint32_t left = n - at < CHUNK ? n - at : CHUNK;
    const uint32_t room = self->step - self->waited;
    const uint32_t chunk = left < room ? left : room;
    for (uint32_t c = 0U; c < self->n_ch; ++c) {
      rows[c] = in[c] + at;
    }
    mix_down(self, in, at, mono, chunk);
    pinna_loudness_run(self->loudness, rows, chunk);
    pinna_meter_stats_run(self->stats, rows, chunk);
    pinna_yin_run(self->yin, mono_rows, chunk);
    self->done = at;
    self->frame = 0U;
    pinna_stft_run(self->stft, mono_rows, NULL, chunk, take_frame, self);
    self->phase = (self->phase + chunk) % self->hop;
    self->waited += chunk;
    if (self->waited == self->step) {
      self->waited = 0U;
      read_gated(self);
    }
    at += chunk;
  }
}

void
pinna_analyze_read(const PinnaAnalyze* const self, PinnaAnalyzeReading* const reading) {
  pinna_loudness_read_levels(self->loudness, &reading->loudness);
  reading->loudness.integrated = self->integrated;
  reading->loudness.range = self->range;
  pinna_meter_stats_moment(self->stats, &reading->moment);
  reading->shape = self->shape;
  reading->pitch = pinna_yin_result(self->yin);
  reading->voice = pinna_vad_probability(self->vad);
}

void
pinna_analyze_restart(PinnaAnalyze* const self) {
  pinna_loudness_reset(self->loudness);
  self->waited = 0U; // In step with the meter's blocks
  self->integrated = PINNA_LOUDNESS_SILENCE;
  self->range = 0.0;
}

void
pinna_analyze_reset(PinnaAnalyze* const self) {
  pinna_analyze_restart(self);
  pinna_meter_stats_reset(self->stats);
  pinna_yin_reset(self->yin);
  pinna_stft_reset(self->stft);
  pinna_vad_reset(self->vad);
  pinna_descriptors_reset(self->descriptors);
  self->shape = (PinnaDescriptorsFrame){.centroid = 0.0f};
  self->phase = 0U;
}

const PinnaScroll*
pinna_analyze_scroll(const PinnaAnalyze* const self) {
  return self->scroll;
}
