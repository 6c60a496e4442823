// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_mel.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "dsp/window.h"
#include "models/vocoder_mel_impl.h"

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// Memory of one stream

static bool
is_usable(const PinnaVocoderFeatures* const f) {
  return f->n_fft >= 2U && f->n_fft <= PINNA_FFT_MAX_SIZE && f->n_fft % 2U == 0U &&
         f->win_length >= 2U && f->win_length <= f->n_fft && f->hop_length >= 1U &&
         f->hop_length <= f->n_fft && f->f_max <= 0.5F * (float)f->sample_rate && f->floor > 0.0F &&
         f->epsilon >= 0.0F;
}

PinnaStatus
pinna_vocoder_mel_init(PinnaVocoderMel** const self, PinnaArena* const arena,
                       const PinnaVocoderFeatures* const features) {
  *self = NULL;
  if (!is_usable(features)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t              n = features->n_fft;
  const uint32_t              n_bins = n / 2U + 1U;
  const PinnaFilterbankConfig bank = {.n_freqs = n_bins,
                                      .n_filters = features->n_mels,
                                      .sample_rate = features->sample_rate,
                                      .f_min = (double)features->f_min,
                                      .f_max = (double)features->f_max,
                                      .scale = PINNA_SCALE_SLANEY,
                                      .norm = PINNA_FILTER_NORM_SLANEY};
  PinnaVocoderMel* const      mel = PINNA_TAKE(arena, 1U, PinnaVocoderMel);
  PinnaVocoderMel             parts = {.features = *features,
                                       .window = PINNA_TAKE(arena, n, float),
                                       .past = PINNA_TAKE(arena, n, float),
                                       .frame = PINNA_TAKE(arena, n, float),
                                       .bins = PINNA_TAKE(arena, n_bins, float complex),
                                       .size = PINNA_TAKE(arena, n_bins, float)};
  PinnaStatus                 status = pinna_filterbank_init(&parts.bank, arena, &bank);
  status = status ? status : pinna_fft_plan(&parts.fft, PINNA_FFT_REAL, n);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  if (!pinna_fft_is_realtime(parts.fft)) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  const uint32_t    at = (n - features->win_length) / 2U;
  const PinnaWindow hann = {.kind = PINNA_WINDOW_HANN};
  status = pinna_window_fill(parts.window + at, features->win_length, hann);
  if (!status) {
    *mel = parts;
    *self = mel;
  }
  return status;
}
