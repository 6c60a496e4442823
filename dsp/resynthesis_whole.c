// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resynthesis.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/filterbank.h"
#include "dsp/stoi.h"
#include "dsp/window.h"
#include "dsp/yin.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Spectra of both signals side by side, and what is between them

#define PI 3.14159265358979323846
#define N_BANDS 40U
#define N_CEPSTRA 24U

/// Frames of one resolution
typedef struct {
  uint32_t n_fft;
  uint32_t n_window;
  uint32_t hop;
} Resolution;

/// Scratch of a resolution
typedef struct {
  Resolution       r;
  const PinnaFft*  fft;
  PinnaFilterbank* bank;
  float*           window;
  float*           frame;
  float complex*   bins;
  float*           power[2]; ///< [n_fft / 2 + 1] of either signal
  float*           bands[2]; ///< [N_BANDS]
} Spectra;

typedef struct {
  Resolution r;
  uint32_t   rate;
} SpectraConfig;

static PinnaStatus
build_spectra(void** const object, PinnaArena* const arena, const void* const config) {
  const SpectraConfig* const  c = (const SpectraConfig*)config;
  const uint32_t              n = c->r.n_fft;
  const PinnaFilterbankConfig bank = {.n_freqs = n / 2U + 1U,
                                      .n_filters = N_BANDS,
                                      .sample_rate = c->rate,
                                      .scale = PINNA_SCALE_SLANEY,
                                      .norm = PINNA_FILTER_NORM_SLANEY};
  Spectra* const              made = PINNA_TAKE(arena, 1U, Spectra);
  Spectra                     s = {.r = c->r,
                                   .window = PINNA_TAKE(arena, n, float),
                                   .frame = PINNA_TAKE(arena, n, float),
                                   .bins = PINNA_TAKE(arena, n / 2U + 1U, float complex)};
  for (int i = 0; i < 2; ++i) {
    s.power[i] = PINNA_TAKE(arena, n / 2U + 1U, float);
    s.bands[i] = PINNA_TAKE(arena, N_BANDS, float);
  }
  PinnaStatus status = pinna_filterbank_init(&s.bank, arena, &bank);
  status = status ? status : pinna_fft_plan(&s.fft, PINNA_FFT_REAL, n);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  const PinnaWindow hann = {.kind = PINNA_WINDOW_HANN};
  status = pinna_window_fill(s.window + (n - c->r.n_window) / 2U, c->r.n_window, hann);
  *made = s;
  *object = made;
  return status;
}

static size_t
count_frames(const Spectra* const s, const size_t n) {
  return n < s->r.n_fft ? 0U : (n - s->r.n_fft) / s->r.hop + 1U;
}

/// Power and bands of frame f of signal i
static void
analyse(const Spectra* const s, const float* const x, const size_t f, const int i) {
  for (uint32_t k = 0U; k < s->r.n_fft; ++k) {
    const float value = x[f * s->r.hop + k];
    s->frame[k] = (fabsf(value) <= 1e9F ? value : 0.0F) * s->window[k];
  }
  pinna_fft_real_forward(s->fft, s->frame, s->bins);
  for (uint32_t k = 0U; k <= s->r.n_fft / 2U; ++k) {
    const float re = crealf(s->bins[k]);
    const float im = cimagf(s->bins[k]);
    s->power[i][k] = re * re + im * im;
  }
  pinna_filterbank_apply(s->bank, s->power[i], s->bands[i]);
}

/// ln a / b of powers that are at least the floor
static double
log_ratio(const float a, const float b, const double floor) {
  return log(fmax((double)a, floor) / fmax((double)b, floor));
}

static double
cepstral_distance(const Spectra* const s, const double floor) {
  double sum = 0.0;
  for (uint32_t d = 1U; d <= N_CEPSTRA; ++d) {
    double c = 0.0;
    for (uint32_t b = 0U; b < N_BANDS; ++b) {
      c += cos(PI / N_BANDS * d * (b + 0.5)) * 0.5 *
           log_ratio(s->bands[0][b], s->bands[1][b], floor);
    }
    sum += c * c * 2.0 / N_BANDS;
  }
  return 10.0 / log(10.0) * sqrt(2.0 * sum);
}

static double
level_distance(const Spectra* const s, const double floor) {
  const uint32_t n_bins = s->r.n_fft / 2U + 1U;
  double         sum = 0.0;
  for (uint32_t k = 0U; k < n_bins; ++k) {
    const double db = 10.0 / log(10.0) * log_ratio(s->power[0][k], s->power[1][k], floor);
    sum += db * db;
  }
  return sqrt(sum / n_bins);
}

static void
score_levels(PinnaResynthesisScores* const scores, const Spectra* const s, const float* const x,
             const float* const y, const size_t n) {
  const size_t n_frames = count_frames(s, n);
  float        loudest[2] = {0.0F, 0.0F};
  for (size_t f = 0U; f < n_frames; ++f) {
    analyse(s, x, f, 0);
    for (uint32_t k = 0U; k <= s->r.n_fft / 2U; ++k) {
      loudest[0] = fmaxf(loudest[0], s->power[0][k]);
    }
    for (uint32_t b = 0U; b < N_BANDS; ++b) {
      loudest[1] = fmaxf(loudest[1], s->bands[0][b]);
    }
  }
  for (size_t f = 0U; f < n_frames; ++f) {
    analyse(s, x, f, 0);
    analyse(s, y, f, 1);
    scores->log_spectral_distance += level_distance(s, loudest[0] * 1e-8 + 1e-30);
    scores->mel_cepstral_distortion += cepstral_distance(s, loudest[1] * 1e-8 + 1e-30);
  }
  scores->log_spectral_distance /= (double)n_frames;
  scores->mel_cepstral_distortion /= (double)n_frames;
}

static double
stft_loss(const Spectra* const s, const float* const x, const float* const y, const size_t n) {
  const size_t n_frames = count_frames(s, n);
  const size_t n_bins = s->r.n_fft / 2U + 1U;
  double       rest = 0.0;
  double       whole = 1e-30;
  double       logs = 0.0;
  for (size_t f = 0U; f < n_frames; ++f) {
    analyse(s, x, f, 0);
    analyse(s, y, f, 1);
    for (size_t k = 0U; k < n_bins; ++k) {
      const double a = sqrt(fmax((double)s->power[0][k], 1e-7));
      const double b = sqrt(fmax((double)s->power[1][k], 1e-7));
      rest += (a - b) * (a - b);
      whole += a * a;
      logs += fabs(log(a / b));
    }
  }
  return sqrt(rest / whole) + logs / (double)(n_frames * n_bins);
}

/// f0 of every step, 0 where it is not voiced. @return Steps
static size_t
track(PinnaYin* const yin, const float* const x, const size_t n, const uint32_t step,
      float* const f0) {
  pinna_yin_reset(yin);
  for (size_t i = 0U; i < n / step; ++i) {
    const float* const from = x + i * step;
    pinna_yin_run(yin, &from, step);
    const PinnaYinResult result = pinna_yin_result(yin);
    f0[i] = result.confidence > 0.8 ? (float)result.f0 : 0.0F;
  }
  return n / step;
}

static PinnaStatus
build_yin(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_yin_init((PinnaYin**)object, arena, (const PinnaYinConfig*)config);
}

static PinnaStatus
score_pitch(PinnaResynthesisScores* const scores, const float* const x, const float* const y,
            const size_t n, const uint32_t rate) {
  const PinnaYinConfig config = {
      .sample_rate = rate, .f_min = 60.0, .f_max = 500.0, .interval = 0.005};
  const uint32_t step = rate / 200U;
  PinnaYin*      yin = NULL;
  void*          memory = NULL;
  PinnaStatus    status = pinna_arena_build(&memory, (void**)&yin, build_yin, &config);
  float* const   f0 = (float*)malloc(2U * (n / step) * sizeof(float));
  double         sum = 0.0;
  size_t         n_both = 0U;
  size_t         n_one = 0U;
  if (!status && f0) {
    const size_t n_steps = track(yin, x, n, step, f0);
    track(yin, y, n, step, f0 + n_steps);
    for (size_t i = 0U; i < n_steps; ++i) {
      const float a = f0[i];
      const float b = f0[n_steps + i];
      if (a > 0.0F && b > 0.0F) {
        const double cents = 1200.0 * log2((double)a / (double)b);
        sum += cents * cents;
        ++n_both;
      }
      n_one += (a > 0.0F) != (b > 0.0F);
    }
    scores->f0_error = n_both ? sqrt(sum / (double)n_both) : (double)NAN;
    scores->voicing_error = (double)n_one / (double)n_steps;
  }
  status = status ? status : f0 ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  free(f0);
  pinna_arena_free(memory);
  return status;
}

PinnaStatus
pinna_resynthesis_score(PinnaResynthesisScores* const scores, const float* const original,
                        const float* const other, const size_t n, const uint32_t rate) {
  static const Resolution resolutions[] = {
      {512U, 512U, 128U}, {512U, 240U, 50U}, {1024U, 600U, 120U}, {2048U, 1200U, 240U}};
  *scores = (PinnaResynthesisScores){0};
  if (rate < 8000U || rate > 192000U || n < rate / 5U || n < 2048U) {
    return PINNA_STATUS_BAD_ARG;
  }
  for (uint32_t i = 0U; i < 4U; ++i) {
    const uint32_t scale = i ? 1U : rate < 24000U ? 1U : rate / 16000U;
    SpectraConfig  config = {resolutions[i], rate};
    void*          memory = NULL;
    Spectra*       s = NULL;
    config.r =
        (Resolution){config.r.n_fft * scale, config.r.n_window * scale, config.r.hop * scale};
    const PinnaStatus status = pinna_arena_build(&memory, (void**)&s, build_spectra, &config);
    if (status) {
      return status;
    }
    if (i) {
      scores->stft_loss += stft_loss(s, original, other, n) / 3.0;
    } else {
      score_levels(scores, s, original, other, n);
    }
    pinna_arena_free(memory);
  }
  const PinnaStatus status = pinna_stoi(&scores->stoi, original, other, n, rate);
  if (status == PINNA_STATUS_BAD_ARG) {
    scores->stoi = (double)NAN;
  } else if (status) {
    return status;
  }
  return score_pitch(scores, original, other, n, rate);
}
