// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/stft.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/stft_impl.h"
#include "dsp/stft_kernel.h"
#include "dsp/window.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Checking, windows and memory

static PinnaStftConfig
with_defaults(PinnaStftConfig config) {
  config.win_length = config.win_length ? config.win_length : config.n_fft;
  config.synthesis_length =
      config.n_out && config.synthesis_length ? config.synthesis_length : config.win_length;
  config.first_frame = config.first_frame ? config.first_frame : config.hop_length;
  return config;
}

static bool
is_valid(const PinnaStftConfig* const c) {
  return c->n_in && c->n_in <= PINNA_STFT_MAX_CHANNELS && c->n_out <= c->n_in && c->n_fft >= 2U &&
         c->n_fft <= 65536U && c->win_length <= c->n_fft && c->hop_length &&
         c->hop_length <= c->synthesis_length && c->synthesis_length <= c->win_length &&
         c->first_frame <= (c->n_out ? c->hop_length : c->win_length);
}

static PinnaStatus
make_windows(const PinnaStft* const stft, const PinnaStftConfig* const c) {
  const bool  is_pair = !c->analysis && !c->synthesis && c->synthesis_length < c->win_length;
  PinnaStatus status = PINNA_STATUS_OK;
  if (is_pair) {
    status =
        pinna_window_low_delay(stft->analysis, c->win_length, stft->synthesis, c->synthesis_length);
  } else if (c->analysis) {
    memcpy(stft->analysis, c->analysis, c->win_length * sizeof(float));
  } else {
    status = pinna_window_fill(stft->analysis, c->win_length, c->window);
  }
  if (status || !c->n_out) {
    return status;
  }

  if (!is_pair) {
    const float* const end = stft->analysis + (c->win_length - c->synthesis_length);
    memcpy(stft->synthesis, c->synthesis ? c->synthesis : end, c->synthesis_length * sizeof(float));
  }
  status = pinna_window_dual(stft->synthesis, c->synthesis_length, stft->analysis, c->win_length,
                             c->hop_length);
  for (uint32_t i = 0U; i < c->synthesis_length; ++i) {
    stft->synthesis[i] /= (float)c->n_fft;
  }
  return status;
}

static void
take_all(PinnaStft* const stft, PinnaArena* const arena, const PinnaStftConfig c) {
  const uint32_t n_bins = c.n_fft / 2U + 1U;
  stft->analysis = PINNA_TAKE(arena, c.win_length, float);
  stft->synthesis = PINNA_TAKE(arena, c.n_out ? c.synthesis_length : 0U, float);
  stft->frame = PINNA_TAKE(arena, c.n_fft, float);
  stft->in_ring = PINNA_TAKE(arena, c.n_in, float*);
  stft->out_ring = PINNA_TAKE(arena, c.n_out, float*);
  stft->bins = PINNA_TAKE(arena, c.n_in, float complex*);
  for (uint32_t ch = 0U; ch < c.n_in; ++ch) {
    float* const in_ring = PINNA_TAKE(arena, c.win_length, float);
    float* const out_ring = PINNA_TAKE(arena, ch < c.n_out ? c.synthesis_length : 0U, float);
    float complex* const bins = PINNA_TAKE(arena, n_bins, float complex);
    if (!pinna_arena_state(arena)) {
      stft->in_ring[ch] = in_ring;
      stft->bins[ch] = bins;
      if (ch < c.n_out) {
        stft->out_ring[ch] = out_ring;
      }
    }
  }
}

static const PinnaStftKernel*
best_kernel(void) {
#if defined(__x86_64__)
  if (pinna_cpu_isa() >= PINNA_ISA_AVX2) {
    return &pinna_stft_kernel_avx2;
  }
#endif
  return &pinna_stft_kernel_c;
}

PinnaStatus
pinna_stft_init(PinnaStft** const stft, PinnaArena* const arena,
                const PinnaStftConfig* const config) {
  *stft = NULL;
  const PinnaStftConfig c = with_defaults(*config);
  if (!is_valid(&c)) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaStft        parts = {0};
  PinnaStft* const self = PINNA_TAKE(arena, 1U, PinnaStft);
  take_all(&parts, arena, c);
  const PinnaStatus state = pinna_arena_state(arena);
  PinnaStatus       status = pinna_fft_plan(&parts.fft, PINNA_FFT_REAL, c.n_fft);
  if (status) {
    return status;
  }
  if (!pinna_fft_is_realtime(parts.fft)) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  if (state) {
    return pinna_arena_result(arena);
  }

  parts.kernel = best_kernel();
  parts.n_in = c.n_in;
  parts.n_out = c.n_out;
  parts.n_fft = c.n_fft;
  parts.hop = c.hop_length;
  parts.n_analysis = c.win_length;
  parts.n_synthesis = c.synthesis_length;
  parts.first = c.first_frame;
  status = make_windows(&parts, &c);
  if (status) {
    return status;
  }
  *self = parts;
  pinna_stft_reset(self);
  *stft = self;
  return PINNA_STATUS_OK;
}
