// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/scenes/quality.h"

#include "dsp/fft.h"

#include <complex.h>
#include <math.h>
#include <samplerate.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The measures, from their papers

double
quality_si_sdr(const float* const clean, const float* const x, const uint32_t n) {
  double cross = 0.0;
  double power = 1e-30;
  double error = 1e-30;
  for (uint32_t i = 0U; i < n; ++i) {
    cross += (double)clean[i] * (double)x[i];
    power += (double)clean[i] * (double)clean[i];
  }
  const double scale = cross / power;
  for (uint32_t i = 0U; i < n; ++i) {
    const double e = (double)x[i] - scale * (double)clean[i];
    error += e * e;
  }
  return 10.0 * log10(scale * scale * power / error + 1e-30);
}

double
quality_seg_snr(const float* const clean, const float* const x, const uint32_t n,
                const double rate) {
  const uint32_t length = (uint32_t)(0.032 * rate);
  double         mean = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    mean += (double)clean[i] * (double)clean[i] / n;
  }
  double   sum = 0.0;
  uint32_t count = 0U;
  for (uint32_t at = 0U; at + length <= n; at += length) {
    double power = 1e-30;
    double error = 1e-30;
    for (uint32_t i = at; i < at + length; ++i) {
      const double e = (double)x[i] - (double)clean[i];
      power += (double)clean[i] * (double)clean[i];
      error += e * e;
    }
    if (power / length > 1e-4 * mean) {
      sum += fmax(-10.0, fmin(10.0 * log10(power / error), 35.0));
      ++count;
    }
  }
  return count ? sum / count : 0.0;
}

enum { FRAME = 256, HOP = 128, FFT = 512, BINS = 257, BANDS = 15, SEGMENT = 30 };

static float*
to_10k(const float* const x, const uint32_t n, const double rate, uint32_t* const made) {
  SRC_DATA src = {.data_in = x, .input_frames = (long)n, .src_ratio = 10000.0 / rate};
  src.output_frames = (long)(n * src.src_ratio) + 16;
  src.data_out = (float*)malloc((size_t)src.output_frames * sizeof(float));
  src_simple(&src, SRC_SINC_MEDIUM_QUALITY, 1);
  *made = (uint32_t)src.output_frames_gen;
  return src.data_out;
}

static double
hann(const int i) { // Without its zeros, as the paper's MATLAB hanning()
  return 0.5 - 0.5 * cos(2.0 * M_PI * (i + 1) / (FRAME + 1));
}

/// Drop the frames where the clean signal is 40 dB below its loudest, overlap-add the rest
static uint32_t
drop_silence(float* const clean, float* const x, const uint32_t n) {
  const uint32_t n_frames = n >= FRAME ? (n - FRAME) / HOP + 1U : 0U;
  double* const  level = (double*)malloc((n_frames + 1U) * sizeof(double));
  double         most = -1000.0;
  for (uint32_t f = 0U; f < n_frames; ++f) {
    double sum = 0.0;
    for (int i = 0; i < FRAME; ++i) {
      const double v = (double)clean[f * HOP + (uint32_t)i] * hann(i);
      sum += v * v;
    }
    level[f] = 10.0 * log10(sum + 1e-30);
    most = fmax(most, level[f]);
  }
  float* const out[2] = {(float*)calloc(n + FRAME, sizeof(float)),
                         (float*)calloc(n + FRAME, sizeof(float))};
  float* const in[2] = {clean, x};
  uint32_t     kept = 0U;
  for (uint32_t f = 0U; f < n_frames; ++f) {
    if (level[f] > most - 40.0) {
      for (int c = 0; c < 2; ++c) {
        for (int i = 0; i < FRAME; ++i) {
          out[c][kept * HOP + (uint32_t)i] +=
              (float)(hann(i) * (double)in[c][f * HOP + (uint32_t)i]);
        }
      }
      ++kept;
    }
  }
  const uint32_t left = kept ? (kept - 1U) * HOP + FRAME : 0U;
  for (int c = 0; c < 2; ++c) {
    memcpy(in[c], out[c], left * sizeof(float));
    free(out[c]);
  }
  free(level);
  return left;
}

/// Amplitudes in thirds of an octave from 150 Hz: [frames][BANDS]
static double*
third_octaves(const float* const x, const uint32_t n, uint32_t* const n_frames) {
  const PinnaFft* fft = NULL;
  *n_frames = n >= FRAME ? (n - FRAME) / HOP : 0U; // Without the last one, as in the paper's code
  double* const        bands = (double*)calloc((size_t)*n_frames * BANDS + 1U, sizeof(double));
  float* const         in = (float*)aligned_alloc(64, FFT * sizeof(float));
  float complex* const out = (float complex*)aligned_alloc(64, 320U * sizeof(float complex));
  pinna_fft_plan(&fft, PINNA_FFT_REAL, FFT);
  for (uint32_t f = 0U; f < *n_frames; ++f) {
    memset(in, 0, FFT * sizeof(float));
    for (int i = 0; i < FRAME; ++i) {
      in[i] = (float)(hann(i) * (double)x[f * HOP + (uint32_t)i]);
    }
    pinna_fft_real_forward(fft, in, out);
    for (int b = 0; b < BANDS; ++b) {
      const double centre = 150.0 * pow(2.0, b / 3.0);
      const int    low = (int)lround(centre * pow(2.0, -1.0 / 6.0) * FFT / 10000.0);
      const int    high = (int)lround(centre * pow(2.0, 1.0 / 6.0) * FFT / 10000.0);
      double       sum = 0.0;
      for (int k = low; k < high; ++k) {
        const double re = (double)crealf(out[k]);
        const double im = (double)cimagf(out[k]);
        sum += re * re + im * im;
      }
      bands[f * BANDS + (uint32_t)b] = sqrt(sum);
    }
  }
  free(in);
  free(out);
  return bands;
}

/// Correlation of one band over one segment, the degraded one scaled and clipped at -15 dB SDR
static double
correlate(const double* const clean, const double* const other) {
  double power = 0.0;
  double other_power = 0.0;
  double y[SEGMENT];
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (int i = 0; i < SEGMENT; ++i) {
    power += clean[i * BANDS] * clean[i * BANDS];
    other_power += other[i * BANDS] * other[i * BANDS];
  }
  const double scale = sqrt(power / (other_power + 1e-30));
  for (int i = 0; i < SEGMENT; ++i) {
    y[i] = fmin(scale * other[i * BANDS], clean[i * BANDS] * (1.0 + pow(10.0, 15.0 / 20.0)));
    mean_x += clean[i * BANDS] / SEGMENT;
    mean_y += y[i] / SEGMENT;
  }
  double xy = 0.0;
  double xx = 1e-30;
  double yy = 1e-30;
  for (int i = 0; i < SEGMENT; ++i) {
    const double a = clean[i * BANDS] - mean_x;
    const double b = y[i] - mean_y;
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / sqrt(xx * yy);
}

double
quality_stoi(const float* const clean, const float* const x, const uint32_t n, const double rate) {
  uint32_t       n10 = 0U;
  float* const   a = to_10k(clean, n, rate, &n10);
  float* const   b = to_10k(x, n, rate, &n10);
  const uint32_t left = drop_silence(a, b, n10);
  uint32_t       n_frames = 0U;
  double* const  bands_a = third_octaves(a, left, &n_frames);
  double* const  bands_b = third_octaves(b, left, &n_frames);
  double         sum = 0.0;
  uint32_t       count = 0U;
  for (uint32_t f = 0U; f + SEGMENT <= n_frames; ++f) {
    for (uint32_t band = 0U; band < BANDS; ++band) {
      sum += correlate(bands_a + f * BANDS + band, bands_b + f * BANDS + band);
      ++count;
    }
  }
  free(a);
  free(b);
  free(bands_a);
  free(bands_b);
  return count ? sum / count : 0.0;
}

double
quality_power_kurtosis(const float* const x, const uint32_t n) {
  const PinnaFft*      fft = NULL;
  float* const         in = (float*)aligned_alloc(64, 1024U * sizeof(float));
  float complex* const out = (float complex*)aligned_alloc(64, 576U * sizeof(float complex));
  double* const        first = (double*)calloc(513U, sizeof(double));
  double* const        second = (double*)calloc(513U, sizeof(double));
  uint32_t             frames = 0U;
  pinna_fft_plan(&fft, PINNA_FFT_REAL, 1024U);
  for (uint32_t at = 0U; at + 1024U <= n; at += 512U, ++frames) {
    for (uint32_t i = 0U; i < 1024U; ++i) {
      in[i] = x[at + i] * (float)(0.5 - 0.5 * cos(2.0 * M_PI * i / 1024.0));
    }
    pinna_fft_real_forward(fft, in, out);
    for (uint32_t k = 0U; k < 513U; ++k) {
      const double re = (double)crealf(out[k]);
      const double im = (double)cimagf(out[k]);
      const double p = re * re + im * im;
      first[k] += p;
      second[k] += p * p;
    }
  }
  double sum = 0.0;
  for (uint32_t k = 4U; k < 509U; ++k) {
    sum += second[k] * frames / (first[k] * first[k] + 1e-300) / 505.0;
  }
  free(in);
  free(out);
  free(first);
  free(second);
  return sum;
}
