// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/stft.h"

#include "dsp/fft.h"
#include "dsp/stft_impl.h"
#include "dsp/stft_kernel.h"

#include <complex.h>
#include <stdint.h>
#include <string.h>

// Cutting the stream at the hops; rings hold one window each, so that nothing is ever shifted

static uint32_t
min_u32(const uint32_t a, const uint32_t b) {
  return a < b ? a : b;
}

static void
analyse(PinnaStft* const stft, const uint32_t ch) {
  const uint32_t     older = stft->n_analysis - stft->in_pos;
  const float* const ring = stft->in_ring[ch];
  stft->kernel->multiply(stft->frame, ring + stft->in_pos, stft->analysis, older);
  stft->kernel->multiply(stft->frame + older, ring, stft->analysis + older, stft->in_pos);
  memset(stft->frame + stft->n_analysis, 0, (stft->n_fft - stft->n_analysis) * sizeof(float));
  pinna_fft_real_forward(stft->fft, stft->frame, stft->bins[ch]);
}

// The newest hop of the ring is stale (it went out already): it is replaced, the rest added to
static void
synthesise(PinnaStft* const stft, const uint32_t ch) {
  pinna_fft_real_inverse(stft->fft, stft->bins[ch], stft->frame);

  const float* const frame = stft->frame + (stft->n_analysis - stft->n_synthesis);
  const uint32_t     kept = stft->n_synthesis - stft->hop;
  for (uint32_t i = 0U, pos = stft->out_pos; i < stft->n_synthesis;) {
    const uint32_t     end = i < kept ? kept : stft->n_synthesis;
    const uint32_t     n = min_u32(end - i, stft->n_synthesis - pos);
    const float* const w = stft->synthesis + i;
    if (i < kept) {
      stft->kernel->multiply_add(stft->out_ring[ch] + pos, frame + i, w, n);
    } else {
      stft->kernel->multiply(stft->out_ring[ch] + pos, frame + i, w, n);
    }
    i += n;
    pos = pos + n < stft->n_synthesis ? pos + n : 0U;
  }
}

static void
run_frame(PinnaStft* const stft, const PinnaStftFrameFunc func, void* const handle) {
  for (uint32_t ch = 0U; ch < stft->n_in; ++ch) {
    analyse(stft, ch);
  }
  if (func) {
    func(handle, stft->bins);
  }
  for (uint32_t ch = 0U; ch < stft->n_out; ++ch) {
    synthesise(stft, ch);
  }
  stft->wait = stft->hop;
}

void
pinna_stft_run(PinnaStft* const stft, const float* const* const in, float* const* const out,
               const uint32_t n_frames, const PinnaStftFrameFunc func, void* const handle) {
  for (uint32_t i = 0U; i < n_frames;) {
    uint32_t n = min_u32(n_frames - i, stft->wait);
    n = min_u32(n, stft->n_analysis - stft->in_pos);
    n = min_u32(n, stft->n_synthesis - stft->out_pos);

    for (uint32_t ch = 0U; ch < stft->n_in; ++ch) {
      stft->kernel->copy_sound(stft->in_ring[ch] + stft->in_pos, in[ch] + i, n);
    }
    for (uint32_t ch = 0U; ch < stft->n_out; ++ch) {
      memcpy(out[ch] + i, stft->out_ring[ch] + stft->out_pos, n * sizeof(float));
    }

    i += n;
    stft->in_pos = (stft->in_pos + n) % stft->n_analysis;
    stft->out_pos = (stft->out_pos + n) % stft->n_synthesis;
    stft->wait -= n;
    if (!stft->wait) {
      run_frame(stft, func, handle);
    }
  }
}

void
pinna_stft_reset(PinnaStft* const stft) {
  for (uint32_t ch = 0U; ch < stft->n_in; ++ch) {
    memset(stft->in_ring[ch], 0, stft->n_analysis * sizeof(float));
  }
  for (uint32_t ch = 0U; ch < stft->n_out; ++ch) {
    memset(stft->out_ring[ch], 0, stft->n_synthesis * sizeof(float));
  }
  stft->wait = stft->first;
  stft->in_pos = 0U;
  stft->out_pos = 0U;
}

uint32_t
pinna_stft_latency(const PinnaStft* const stft) {
  return stft->n_out ? stft->n_synthesis : 0U;
}

uint32_t
pinna_stft_n_bins(const PinnaStft* const stft) {
  return pinna_fft_n_bins(stft->fft);
}

const float*
pinna_stft_window(const PinnaStft* const stft) {
  return stft->analysis;
}
