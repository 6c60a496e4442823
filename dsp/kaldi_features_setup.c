// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/kaldi_features.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "dsp/dct.h"
#include "dsp/kaldi_features_impl.h"
#include "dsp/window.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// Options, Kaldi's mel filters with their vocal tract warping, and memory

PinnaKaldiConfig
pinna_kaldi_config(const PinnaKaldiKind kind) {
  return (PinnaKaldiConfig){.kind = kind,
                            .sample_frequency = 16000.0,
                            .frame_length = 25.0,
                            .frame_shift = 10.0,
                            .window_type = PINNA_WINDOW_POVEY,
                            .blackman_coeff = 0.42,
                            .preemphasis_coefficient = 0.97,
                            .energy_floor = 1.0,
                            .raw_energy = true,
                            .remove_dc_offset = true,
                            .round_to_power_of_two = true,
                            .snip_edges = true,
                            .use_log_fbank = true,
                            .use_power = true,
                            .low_freq = 20.0,
                            .vtln_low = 100.0,
                            .vtln_high = -500.0,
                            .vtln_warp = 1.0,
                            .num_mel_bins = 23U,
                            .num_ceps = 13U,
                            .cepstral_lifter = 22.0};
}

static double
to_mel(const double hz) {
  return 1127.0 * log(1.0 + hz / 700.0);
}

static double
to_hz(const double mel) {
  return 700.0 * (exp(mel / 1127.0) - 1.0);
}

typedef struct {
  double low;       ///< Hz
  double high;      ///< Hz
  double vtln_low;  ///< Hz
  double vtln_high; ///< Hz
  double warp;
} Range;

static Range
range_of(const PinnaKaldiConfig* const c) {
  const double nyquist = 0.5 * c->sample_frequency;
  return (Range){.low = c->low_freq,
                 .high = c->high_freq <= 0.0 ? c->high_freq + nyquist : c->high_freq,
                 .vtln_low = c->vtln_low,
                 .vtln_high = c->vtln_high < 0.0 ? c->vtln_high + nyquist : c->vtln_high,
                 .warp = c->vtln_warp};
}

/// Piecewise linear in Hz, so that the ends stay where they are
static double
warp_mel(const Range* const r, const double mel) {
  const double hz = to_hz(mel);
  const double l = r->vtln_low * fmax(1.0, r->warp);
  const double h = r->vtln_high * fmin(1.0, r->warp);
  if (r->warp == 1.0) {
    return mel;
  }
  const double warped = hz < r->low || hz > r->high ? hz
                        : hz < l ? r->low + (l / r->warp - r->low) / (l - r->low) * (hz - r->low)
                        : hz < h
                            ? hz / r->warp
                            : r->high + (r->high - h / r->warp) / (r->high - h) * (hz - r->high);
  return to_mel(warped);
}

static float
mel_weight(const double mel, const double left, const double mid, const double right,
           const bool is_warped) {
  const double up = (mel - left) / (mid - left);
  const double down = (right - mel) / (right - mid);
  if (!is_warped) {
    return (float)fmax(0.0, fmin(up, down));
  }
  return mel > left && mel <= mid ? (float)up : mel > mid && mel < right ? (float)down : 0.0f;
}

/// [num_mel_bins][n_bins]; the Nyquist bin has no weight in Kaldi
static void
fill_mel(const PinnaKaldiConfig* const c, const uint32_t n_fft, float* const dense) {
  const Range    r = range_of(c);
  const uint32_t n_bins = n_fft / 2U + 1U;
  const double   from = to_mel(r.low);
  const double   step = (to_mel(r.high) - from) / (c->num_mel_bins + 1U);
  for (uint32_t m = 0U; m < c->num_mel_bins; ++m) {
    const double left = warp_mel(&r, from + m * step);
    const double mid = warp_mel(&r, from + (m + 1.0) * step);
    const double right = warp_mel(&r, from + (m + 2.0) * step);
    for (uint32_t k = 0U; k < n_bins; ++k) {
      const double mel = to_mel(c->sample_frequency / n_fft * k);
      dense[(size_t)m * n_bins + k] =
          k + 1U < n_bins ? mel_weight(mel, left, mid, right, c->vtln_warp != 1.0) : 0.0f;
    }
  }
}

static bool
has_valid_filters(const PinnaKaldiConfig* const c) {
  const Range  r = range_of(c);
  const double nyquist = 0.5 * c->sample_frequency;
  const double l = r.vtln_low * fmax(1.0, r.warp);
  const double h = r.vtln_high * fmin(1.0, r.warp);
  return c->num_mel_bins > 3U && c->num_mel_bins <= 4096U && r.low >= 0.0 && r.low < r.high &&
         r.high <= nyquist && r.warp > 0.0 && isfinite(r.warp) &&
         (r.warp == 1.0 || (l > r.low && r.vtln_low > r.low && r.vtln_low < r.vtln_high &&
                            r.vtln_high < r.high && h < r.high)) &&
         (c->kind != PINNA_KALDI_MFCC || (c->num_ceps && c->num_ceps <= c->num_mel_bins));
}

static bool
is_valid(const PinnaKaldiConfig* const c, const uint32_t size, const uint32_t shift) {
  const PinnaWindowKind w = c->window_type;
  return (unsigned)c->kind <= PINNA_KALDI_MFCC && size >= 2U && size <= 1U << 22U && shift &&
         (w == PINNA_WINDOW_POVEY || w == PINNA_WINDOW_HANN || w == PINNA_WINDOW_HAMMING ||
          w == PINNA_WINDOW_RECTANGULAR || w == PINNA_WINDOW_BLACKMAN) &&
         c->preemphasis_coefficient >= 0.0 && c->preemphasis_coefficient <= 1.0 &&
         c->energy_floor >= 0.0 && c->dither >= 0.0 &&
         (c->round_to_power_of_two || size % 2U == 0U) &&
         (c->kind == PINNA_KALDI_SPECTROGRAM || has_valid_filters(c));
}

/// Symmetric windows
static double
window_at(const PinnaKaldiConfig* const c, const double angle) {
  switch (c->window_type) {
  case PINNA_WINDOW_HANN:
    return 0.5 - 0.5 * cos(angle);
  case PINNA_WINDOW_HAMMING:
    return 0.54 - 0.46 * cos(angle);
  case PINNA_WINDOW_BLACKMAN:
    return c->blackman_coeff - 0.5 * cos(angle) + (0.5 - c->blackman_coeff) * cos(2.0 * angle);
  case PINNA_WINDOW_RECTANGULAR:
    return 1.0;
  case PINNA_WINDOW_POVEY:
  default:
    return pow(0.5 - 0.5 * cos(angle), 0.85);
  }
}

/// Lifter and HTK's order are part of the matrix
static void
fill_dct(const PinnaKaldiConfig* const c, float* const dct) {
  const uint32_t n = c->num_ceps;
  pinna_dct_fill(dct, n, c->num_mel_bins, PINNA_DCT_ORTHO);
  for (uint32_t m = 0U; m < c->num_mel_bins; ++m) {
    float* const row = dct + (size_t)m * n;
    for (uint32_t i = 1U; i < n && c->cepstral_lifter != 0.0; ++i) {
      row[i] *= (float)(1.0 + 0.5 * c->cepstral_lifter * sin(M_PI * i / c->cepstral_lifter));
    }
    if (c->htk_compat) {
      const float first = row[0] * (float)M_SQRT2;
      for (uint32_t i = 1U; i < n; ++i) {
        row[i - 1U] = row[i];
      }
      row[n - 1U] = first;
    }
  }
}

static PinnaStatus
init_bank(PinnaFilterbank** const bank, PinnaArena* const arena, const PinnaKaldiConfig* const c,
          const uint32_t n_fft) {
  const uint32_t n_bins = n_fft / 2U + 1U;
  float* const   dense = malloc((size_t)c->num_mel_bins * n_bins * sizeof(float));
  if (!dense) {
    return PINNA_STATUS_NO_MEM;
  }
  fill_mel(c, n_fft, dense);
  const PinnaStatus status =
      pinna_filterbank_init_dense(bank, arena, dense, c->num_mel_bins, n_bins);
  free(dense);
  return status;
}

static uint32_t
round_up(const PinnaKaldiConfig* const c, const uint32_t size) {
  uint32_t n = 2U;
  while (n < size) {
    n *= 2U;
  }
  return c->round_to_power_of_two ? n : size;
}

static PinnaKaldiKernel
choose_kernel(void) {
#if defined(__x86_64__)
  if (pinna_cpu_isa() >= PINNA_ISA_AVX2) {
    return pinna_kaldi_kernel_avx2;
  }
#endif
  return pinna_kaldi_kernel_c;
}

PinnaStatus
pinna_kaldi_init(PinnaKaldi** const self, PinnaArena* const arena,
                 const PinnaKaldiConfig* const config) {
  *self = NULL;
  const double   per_ms = config->sample_frequency * 0.001;
  const uint32_t size = (uint32_t)fmin(fmax(0.0, config->frame_length * per_ms), 1e9);
  const uint32_t shift = (uint32_t)fmin(fmax(0.0, config->frame_shift * per_ms), 1e9);
  if (!(config->sample_frequency > 0.0) || !is_valid(config, size, shift)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const bool     is_spectrogram = config->kind == PINNA_KALDI_SPECTROGRAM;
  const bool     is_mfcc = config->kind == PINNA_KALDI_MFCC;
  const uint32_t n_fft = round_up(config, size);
  const uint32_t n_mel = is_spectrogram ? 0U : config->num_mel_bins;
  const uint32_t n_ceps = is_mfcc ? config->num_ceps : 0U;
  PinnaKaldi     k = {.config = *config,
                      .size = size,
                      .shift = shift,
                      .n_fft = n_fft,
                      .n_bins = n_fft / 2U + 1U,
                      .n_cols = is_spectrogram ? n_fft / 2U + 1U
                                : is_mfcc      ? n_ceps
                                               : n_mel + (config->use_energy ? 1U : 0U),
                      .floor = config->energy_floor > 0.0 ? log(config->energy_floor) : -INFINITY};

  PinnaKaldi* const kaldi = PINNA_TAKE(arena, 1U, PinnaKaldi);
  k.kernel = choose_kernel();
  k.window = PINNA_TAKE(arena, size, double);
  k.row = PINNA_TAKE(arena, size, float);
  k.frame = PINNA_TAKE(arena, size, double);
  k.columns = PINNA_TAKE(arena, (size_t)n_fft * PINNA_KALDI_LANES, double);
  k.scratch = PINNA_TAKE(arena, (size_t)n_fft * PINNA_KALDI_LANES, double);
  k.power = PINNA_TAKE(arena, (size_t)k.n_bins * PINNA_KALDI_LANES, double);
  k.bands = PINNA_TAKE(arena, (size_t)n_mel * PINNA_KALDI_LANES, double);
  k.dct = PINNA_TAKE(arena, (size_t)n_mel * n_ceps, float);
  pinna_kaldi_plan(&k.plan, arena, n_fft);
  const PinnaStatus status =
      is_spectrogram ? PINNA_STATUS_OK : init_bank(&k.bank, arena, config, n_fft);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  for (uint32_t i = 0U; i < size; ++i) {
    k.window[i] = window_at(config, 2.0 * M_PI * i / (size - 1.0));
  }
  if (is_mfcc) {
    fill_dct(config, k.dct);
  }
  *kaldi = k;
  *self = kaldi;
  return PINNA_STATUS_OK;
}
