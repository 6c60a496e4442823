// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phase_vocoder.h"

#include "dsp/phase_vocoder_impl.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Which frames meet where; TorchAudio's phase advance cancels in unit phasors

void
pinna_phase_vocoder_reset(PinnaPhaseVocoder* const self) {
  self->running = false;
}

size_t
pinna_phase_vocoder_n_frames(const PinnaPhaseVocoder* const self, const size_t n_frames) {
  return (size_t)ceil((double)n_frames / self->config.rate);
}

void
pinna_phase_vocoder_frame(PinnaPhaseVocoder* const self, const float complex* const before,
                          const float complex* const after, const float alpha,
                          float complex* const out) {
  self->kernel->stretch((const float*)before, (const float*)after, alpha, !self->running,
                        self->phasors, self->config.n_bins, (float*)out);
  self->running = true;
}

void
pinna_phase_vocoder_run(PinnaPhaseVocoder* const self, const float complex* const in,
                        const size_t n_frames, float complex* const out) {
  const size_t n_bins = self->config.n_bins;
  const size_t n_out = pinna_phase_vocoder_n_frames(self, n_frames);
  if (self->config.rate == 1.0) {
    memcpy(out, in, n_frames * n_bins * sizeof(float complex));
    return;
  }

  pinna_phase_vocoder_reset(self);
  for (size_t i = 0U; i < n_out; ++i) {
    const double time = (double)i * self->config.rate;
    const size_t at = (size_t)(float)time; // Rounded: 10 * 0.7 is frame 7
    const float  alpha = fmaxf(0.0f, (float)(time - (double)at));
    pinna_phase_vocoder_frame(self, at < n_frames ? in + at * n_bins : self->silence,
                              at + 1U < n_frames ? in + (at + 1U) * n_bins : self->silence, alpha,
                              out + i * n_bins);
  }
}
