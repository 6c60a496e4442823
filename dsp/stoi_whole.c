// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/stoi.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/fft.h"
#include "dsp/resample.h"

#include <complex.h>
#include <math.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Both signals to 10 kHz, to loud frames only, to third-octaves, to correlations

#define RATE 10000U
#define FRAME 256U
#define HOP 128U
#define N_FFT 512U
#define N_BINS (N_FFT / 2U + 1U)
#define N_BANDS 15U
#define SEGMENT 30U
#define PI 3.14159265358979323846
#define TINY 1e-20

static PinnaStatus
build_resample(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, (const PinnaResampleConfig*)config);
}

/// A new signal at 10 kHz, or NULL; its length in `n_out`
static float*
resampled(const float* const in, const size_t n, const uint32_t rate, size_t* const n_out) {
  const PinnaResampleConfig config = {
      .rate_in = rate, .rate_out = RATE, .n_ch = 1U, .aligned = true};
  void*          memory = NULL;
  PinnaResample* resample = NULL;
  float* const   out = (float*)calloc(n * RATE / rate + 64U, sizeof(float));
  *n_out = 0U;
  if (!out ||
      pinna_arena_build(&memory, (void**)&resample, build_resample, &config) != PINNA_STATUS_OK) {
    free(out);
    return NULL;
  }
  for (size_t at = 0U; at < n;) {
    const uint32_t     n_now = n - at < 4096U ? (uint32_t)(n - at) : 4096U;
    const float* const from = in + at;
    float* const       to = out + *n_out;
    *n_out += pinna_resample_run(resample, &from, n_now, &to);
    at += n_now;
  }
  float* const to = out + *n_out;
  *n_out += pinna_resample_run(resample, NULL, pinna_resample_latency(resample), &to);
  pinna_arena_free(memory);
  return out;
}

static double
window(const uint32_t i) {
  return 0.5 - 0.5 * cos(2.0 * PI * (i + 1U) / (FRAME + 1U));
}

static double
level(const float* const x) {
  double sum = 0.0;
  for (uint32_t i = 0U; i < FRAME; ++i) {
    sum += (double)x[i] * x[i] * window(i) * window(i);
  }
  return 20.0 * log10(sqrt(sum) + TINY);
}

/// Windowed frames where the clean one is loud, added up one hop apart. @return New length
static size_t
keep_loud(float* const clean, float* const other, const size_t n) {
  const size_t  n_frames = n < FRAME ? 0U : (n - FRAME) / HOP + 1U;
  double* const levels = (double*)malloc((n_frames + 1U) * sizeof(double));
  float* const  kept = (float*)calloc(2U * (n + FRAME), sizeof(float));
  double        top = -1e9;
  size_t        n_kept = 0U;
  for (size_t f = 0U; levels && f < n_frames; ++f) {
    levels[f] = level(clean + f * HOP);
    top = fmax(top, levels[f]);
  }
  for (size_t f = 0U; levels && kept && f < n_frames; ++f) {
    for (uint32_t i = 0U; levels[f] > top - 40.0 && i < FRAME; ++i) {
      kept[n_kept * HOP + i] += (float)(clean[f * HOP + i] * window(i));
      kept[n + FRAME + n_kept * HOP + i] += (float)(other[f * HOP + i] * window(i));
    }
    n_kept += levels[f] > top - 40.0;
  }
  const size_t length = n_kept ? (n_kept - 1U) * HOP + FRAME : 0U;
  if (kept) {
    memcpy(clean, kept, length * sizeof(float));
    memcpy(other, kept + n + FRAME, length * sizeof(float));
  }
  free(kept);
  free(levels);
  return length;
}

/// First and last bin (not included) of a band
static uint32_t
edge(const uint32_t band, const int side) {
  const double hz = 150.0 * pow(2.0, (2.0 * band + side) / 6.0);
  return (uint32_t)lround(hz * N_FFT / RATE);
}

/// Levels of the bands [frames][N_BANDS], new
static double*
third_octaves(const PinnaFft* const fft, const float* const x, const size_t n_frames) {
  double* const out = (double*)calloc(n_frames * N_BANDS, sizeof(double));
  for (size_t f = 0U; out && f < n_frames; ++f) {
    alignas(PINNA_FFT_ALIGN) float         frame[N_FFT] = {0.0F};
    alignas(PINNA_FFT_ALIGN) float complex bins[N_BINS];
    for (uint32_t i = 0U; i < FRAME; ++i) {
      frame[i] = (float)(x[f * HOP + i] * window(i));
    }
    pinna_fft_real_forward(fft, frame, bins);
    for (uint32_t b = 0U; b < N_BANDS; ++b) {
      double sum = 0.0;
      for (uint32_t k = edge(b, -1); k < edge(b, 1); ++k) {
        const double re = crealf(bins[k]);
        const double im = cimagf(bins[k]);
        sum += re * re + im * im;
      }
      out[f * N_BANDS + b] = sqrt(sum);
    }
  }
  return out;
}

/// Of one band over 30 frames
static double
correlation(const double* const clean, const double* const other) {
  double limited[SEGMENT];
  double xx = 0.0;
  double yy = 0.0;
  double mean[2] = {0.0, 0.0};
  double sums[3] = {0.0, 0.0, 0.0};
  for (uint32_t i = 0U; i < SEGMENT; ++i) {
    xx += clean[i * N_BANDS] * clean[i * N_BANDS];
    yy += other[i * N_BANDS] * other[i * N_BANDS];
  }
  for (uint32_t i = 0U; i < SEGMENT; ++i) {
    const double scaled = other[i * N_BANDS] * sqrt(xx) / (sqrt(yy) + TINY);
    limited[i] = fmin(scaled, clean[i * N_BANDS] * (1.0 + pow(10.0, 15.0 / 20.0)));
    mean[0] += clean[i * N_BANDS] / SEGMENT;
    mean[1] += limited[i] / SEGMENT;
  }
  for (uint32_t i = 0U; i < SEGMENT; ++i) {
    const double a = clean[i * N_BANDS] - mean[0];
    const double b = limited[i] - mean[1];
    sums[0] += a * b;
    sums[1] += a * a;
    sums[2] += b * b;
  }
  return sums[0] / (sqrt(sums[1] * sums[2]) + TINY);
}

static PinnaStatus
score_bands(double* const score, const float* const clean, const float* const other,
            const size_t n) {
  const size_t    n_frames = n < FRAME ? 0U : (n - FRAME) / HOP + 1U;
  const PinnaFft* fft = NULL;
  if (n_frames < SEGMENT) {
    return PINNA_STATUS_BAD_ARG;
  }
  const PinnaStatus status = pinna_fft_plan(&fft, PINNA_FFT_REAL, N_FFT);
  if (status) {
    return status;
  }
  double* const x = third_octaves(fft, clean, n_frames);
  double* const y = third_octaves(fft, other, n_frames);
  double        sum = 0.0;
  const size_t  n_segments = n_frames - SEGMENT + 1U;
  for (size_t i = 0U; x && y && i < n_segments * N_BANDS; ++i) {
    sum += correlation(x + i, y + i);
  }
  *score = sum / (double)(n_segments * N_BANDS);
  const PinnaStatus result = x && y ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  free(x);
  free(y);
  return result;
}

PinnaStatus
pinna_stoi(double* const score, const float* const clean, const float* const other, const size_t n,
           const uint32_t rate) {
  size_t n_clean = 0U;
  size_t n_other = 0U;
  if (rate < 8000U || rate > (1U << 24U) || !n) {
    return PINNA_STATUS_BAD_ARG;
  }
  float* const x = resampled(clean, n, rate, &n_clean);
  float* const y = resampled(other, n, rate, &n_other);
  PinnaStatus  status = PINNA_STATUS_NO_MEM;
  if (x && y) {
    status = score_bands(score, x, y, keep_loud(x, y, n_clean));
  }
  free(x);
  free(y);
  return status;
}
