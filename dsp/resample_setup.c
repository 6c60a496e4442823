// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/resample.h"

#include "base/cpu.h"
#include "dsp/resample_impl.h"

#include <math.h>

// Design of the polyphase resampler's filter, in double precision, and its memory

#define MAX_TABLE (1ULL << 24U)
#define MAX_RATE (1U << 24U)
#define MAX_TERM (1U << 20U)
#define MIN_CHUNK 4096U

/// h(t) = gain sinc(cutoff t) window(t / width), t in input samples
typedef struct {
  double cutoff; ///< Re the input's Nyquist frequency
  double width;  ///< Half length in input samples, before rounding up to whole samples
  double beta;   ///< Kaiser's; negative: Hann window
  double unit;   ///< 1 / I0(beta)
} Design;

static uint32_t
find_gcd(uint32_t a, uint32_t b) {
  while (b) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// Modified Bessel function of the first kind, order 0, by its power series: exact to rounding
static double
bessel_i0(const double x) {
  const double q = 0.25 * x * x;
  double       term = 1.0;
  double       sum = 1.0;
  for (double k = 1.0; term > sum * 1e-17; ++k) {
    term *= q / (k * k);
    sum += term;
  }
  return sum;
}

static Design
kaiser_design(const double pass, const double rejection, const double scale) {
  const double beta = 0.1102 * (rejection - 8.7);
  return (Design){.cutoff = scale * 0.5 * (pass + 1.0),
                  .width = (rejection - 7.95) / (14.36 * scale * (1.0 - pass)),
                  .beta = beta,
                  .unit = 1.0 / bessel_i0(beta)};
}

static Design
sinc_design(const PinnaResampleConfig* const config, const double scale) {
  const double zeros = config->lowpass_filter_width ? config->lowpass_filter_width : 6U;
  const double cutoff = scale * (config->rolloff > 0.0 ? config->rolloff : 0.99);
  const double beta = config->beta > 0.0 ? config->beta : 14.769656459379492;
  const bool   hann = config->quality == PINNA_RESAMPLE_SINC_HANN;
  return (Design){.cutoff = cutoff,
                  .width = zeros / cutoff,
                  .beta = hann ? -1.0 : beta,
                  .unit = hann ? 1.0 : 1.0 / bessel_i0(beta)};
}

static Design
choose_design(const PinnaResampleConfig* const config, const uint32_t l, const uint32_t m) {
  const double scale = l < m ? (double)l / m : 1.0;
  switch (config->quality) {
  case PINNA_RESAMPLE_FAST:
    return kaiser_design(0.80, 100.0, scale);
  case PINNA_RESAMPLE_BEST:
    return kaiser_design(0.96, 150.0, scale);
  case PINNA_RESAMPLE_SINC_HANN:
  case PINNA_RESAMPLE_SINC_KAISER:
    return sinc_design(config, scale);
  case PINNA_RESAMPLE_HIGH:
  default:
    return kaiser_design(0.91, 150.0, scale);
  }
}

static double
impulse_response(const Design* const d, const double t) {
  const double u = t / d->width;
  if (fabs(u) >= 1.0) {
    return 0.0;
  }
  const double x = M_PI * d->cutoff * t;
  const double sinc = fabs(x) < 1e-9 ? 1.0 : sin(x) / x;
  const double c = cos(0.5 * M_PI * u);
  const double window = d->beta < 0.0 ? c * c : bessel_i0(d->beta * sqrt(1.0 - u * u)) * d->unit;
  return d->cutoff * sinc * window;
}

/// Row p, last tap: input sample W after the output's time rounded down, W = half
static void
fill_rows(PinnaResample* const r, const Design* const d) {
  for (uint32_t p = 0; p < r->l; ++p) {
    float* const row = r->rows + (size_t)p * r->n_taps;
    const double frac = (double)p / r->l;
    for (uint32_t i = 0; i < r->n_taps; ++i) {
      const double j = (double)i - (r->n_taps - 1.0) + r->half;
      row[i] = (float)impulse_response(d, frac - j);
    }
  }
}

static PinnaResampleKernel
choose_kernel(void) {
#if defined(__x86_64__)
  switch (pinna_cpu_isa()) {
  case PINNA_ISA_AVX512:
    return pinna_resample_kernel_avx512;
  case PINNA_ISA_AVX2:
    return pinna_resample_kernel_avx2;
  default:
    break;
  }
#endif
  return pinna_resample_kernel_c;
}

static bool
config_is_valid(const PinnaResampleConfig* const c) {
  return c->rate_in && c->rate_in <= MAX_RATE && c->rate_out && c->rate_out <= MAX_RATE &&
         c->n_ch && c->n_ch <= 64 && (unsigned)c->quality < PINNA_N_RESAMPLE_QUALITIES &&
         c->lowpass_filter_width <= 512 && c->rolloff >= 0.0 && c->rolloff <= 1.0 &&
         c->beta >= 0.0 && c->beta <= 200.0;
}

PinnaStatus
pinna_resample_init(PinnaResample** const resample, PinnaArena* const arena,
                    const PinnaResampleConfig* const config) {
  if (!config_is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t gcd = find_gcd(config->rate_in, config->rate_out);
  const uint32_t l = config->rate_out / gcd;
  const uint32_t m = config->rate_in / gcd;
  if (l > MAX_TERM || m > MAX_TERM) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  const Design   design = choose_design(config, l, m);
  const uint32_t width = (uint32_t)ceil(design.width);
  // A whole number of output samples where the ratio allows one
  const uint32_t half = l == 1 ? (width + m - 1) / m * m : width;
  const uint64_t n_taps = (half + (uint64_t)width + PINNA_RESAMPLE_LANES - 1) /
                          PINNA_RESAMPLE_LANES * PINNA_RESAMPLE_LANES;
  if (n_taps * l > MAX_TABLE) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  const size_t         capacity = n_taps * 2 + MIN_CHUNK;
  PinnaResample* const r = PINNA_TAKE(arena, 1, PinnaResample);
  float* const         rows = PINNA_TAKE(arena, n_taps * l, float);
  float* const         history = PINNA_TAKE(arena, config->n_ch * capacity, float);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  *r = (PinnaResample){.kernel = choose_kernel(),
                       .rows = rows,
                       .history = history,
                       .n_taps = (uint32_t)n_taps,
                       .l = l,
                       .m = m,
                       .n_ch = config->n_ch,
                       .half = half,
                       .n_before = (uint32_t)n_taps - 1 - (config->aligned ? half : 0),
                       .capacity = capacity};
  fill_rows(r, &design);
  pinna_resample_reset(r);
  *resample = r;
  return PINNA_STATUS_OK;
}
