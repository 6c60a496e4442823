// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dtln.h"

#include "base/denormal.h"
#include "dsp/fft.h"
#include "models/dtln_impl.h"
#include "nn/cpu/runner.h"

#include <math.h>
#include <string.h>

// Frame, first mask, frame again, second mask, overlap

#define N PINNA_DTLN_N_FFT
#define HOP PINNA_DTLN_HOP

void
pinna_dtln_frame(PinnaDtln* const self, const float* const in, float* const out) {
  const PinnaFpMode mode = pinna_denormal_enter();
  memmove(self->past, self->past + HOP, (N - HOP) * sizeof(float));
  for (uint32_t i = 0U; i < HOP; ++i) {
    self->past[N - HOP + i] = fabsf(in[i]) <= 1e9F ? in[i] : 0.0F;
  }
  pinna_fft_real_forward(self->fft, self->past, self->bins);
  for (uint32_t k = 0U; k < PINNA_DTLN_N_BINS; ++k) {
    const float re = crealf(self->bins[k]);
    const float im = cimagf(self->bins[k]);
    self->features[k] = logf(sqrtf(re * re + im * im) + 1e-7F);
  }
  pinna_net_run_chunk(&self->spectrum);
  for (uint32_t k = 0U; k < PINNA_DTLN_N_BINS; ++k) {
    self->bins[k] *= self->mask[k] * (1.0F / (float)N);
  }
  pinna_fft_real_inverse(self->fft, self->bins, self->frame);
  memcpy(self->masked, self->frame, N * sizeof(float));
  pinna_net_run_chunk(&self->sound);

  memmove(self->sum, self->sum + HOP, (N - HOP) * sizeof(float));
  memset(self->sum + N - HOP, 0, HOP * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) {
    self->sum[i] += self->decoded[i];
  }
  memcpy(out, self->sum, HOP * sizeof(float));
  pinna_denormal_leave(mode);
}

const float*
pinna_dtln_mask(const PinnaDtln* const self) {
  return self->mask;
}

void
pinna_dtln_run(PinnaDtln* const self, const float* const in, float* const out,
               const uint32_t n_frames) {
  for (uint32_t i = 0U; i < n_frames; ++i) {
    const float x = in[i];
    out[i] = self->hop[self->n_hop];
    self->hop[self->n_hop] = x;
    if (++self->n_hop == HOP) {
      pinna_dtln_frame(self, self->hop, self->hop);
      self->n_hop = 0U;
    }
  }
}

uint32_t
pinna_dtln_latency(const PinnaDtln* const self) {
  (void)self;
  return N;
}

void
pinna_dtln_reset(PinnaDtln* const self) {
  pinna_net_run_reset(&self->spectrum);
  pinna_net_run_reset(&self->sound);
  memset(self->past, 0, N * sizeof(float));
  memset(self->sum, 0, N * sizeof(float));
  memset(self->hop, 0, HOP * sizeof(float));
  self->n_hop = 0U;
}
