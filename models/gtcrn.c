// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/gtcrn.h"

#include "base/denormal.h"
#include "dsp/stft.h"
#include "models/gtcrn_impl.h"

#include <math.h>

// Features in, mask out, spectrum times mask

#define N PINNA_GTCRN_N_BINS

const float*
pinna_gtcrn_mask(PinnaGtcrn* const self, const float complex* const bins) {
  const PinnaFpMode mode = pinna_denormal_enter();
  for (uint32_t k = 0U; k < N; ++k) {
    const float re = crealf(bins[k]);
    const float im = cimagf(bins[k]);
    self->features[k] = sqrtf(re * re + im * im + 1e-12F);
    self->features[N + k] = re;
    self->features[2U * N + k] = im;
  }
  pinna_net_run_chunk(&self->net);
  pinna_denormal_leave(mode);
  return self->mask;
}

void
pinna_gtcrn_frame(PinnaGtcrn* const self, float complex* const bins) {
  const PinnaFpMode mode = pinna_denormal_enter();
  pinna_gtcrn_mask(self, bins);
  for (uint32_t k = 0U; k < N; ++k) {
    const float re = self->features[N + k];
    const float im = self->features[2U * N + k];
    const float m_re = self->mask[k];
    const float m_im = self->mask[N + k];
    bins[k] = re * m_re - im * m_im + I * (im * m_re + re * m_im);
  }
  pinna_denormal_leave(mode);
}

static void
on_frame(void* const handle, float complex* const* const bins) {
  pinna_gtcrn_frame((PinnaGtcrn*)handle, bins[0]);
}

void
pinna_gtcrn_run(PinnaGtcrn* const self, const float* const in, float* const out,
                const uint32_t n_frames) {
  pinna_stft_run(self->stft, &in, &out, n_frames, on_frame, self);
}

uint32_t
pinna_gtcrn_latency(const PinnaGtcrn* const self) {
  return pinna_stft_latency(self->stft);
}

void
pinna_gtcrn_reset(PinnaGtcrn* const self) {
  pinna_net_run_reset(&self->net);
  pinna_stft_reset(self->stft);
}
