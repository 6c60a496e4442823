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
choose_design(const PinnaResampleConfig* const config) {
  const double scale = fmin(1.0, (double)config->rate_out / config->rate_in);
  switch (config->quality) {
  case PINNA_RESAMPLE_FAST:
    return kaiser_design(0.80, 104.0, scale);
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
impulse_response(const void* const design, const double t) {
  const Design* const d = design;
  const double        u = t / d->width;
  if (fabs(u) >= 1.0) {
    return 0.0;
  }
  const double x = M_PI * d->cutoff * t;
  const double sinc = fabs(x) < 1e-9 ? 1.0 : sin(x) / x;
  const double c = cos(0.5 * M_PI * u);
  const double window = d->beta < 0.0 ? c * c : bessel_i0(d->beta * sqrt(1.0 - u * u)) * d->unit;
  return d->cutoff * sinc * window;
}

static uint64_t
count_groups(const PinnaResample* const r) {
  return ((uint64_t)r->l * r->n_turns + r->group - 1) / r->group;
}

/// Coefficients in all
static uint64_t
table_size(const PinnaResample* const r) {
  if (r->fold.n_rows) {
    return (uint64_t)r->l * r->fold.n_rows * PINNA_RESAMPLE_LANES;
  }
  return count_groups(r) * r->n_steps * 2 * PINNA_RESAMPLE_CHAINS * r->group;
}

/// Where a coefficient lives: the window's first half from its start, the other from its end
static size_t
table_index(const PinnaResample* const r, const uint64_t output, const uint64_t tap) {
  const uint64_t n_side = (uint64_t)r->n_steps * PINNA_RESAMPLE_CHAINS;
  const uint64_t group = output / r->group;
  const uint64_t lane = output % r->group;
  const uint64_t row = tap < n_side ? tap : n_side + (2 * n_side - 1 - tap);
  return (group * 2 * n_side + row) * r->group + lane;
}

/// An output's last tap is the input sample W after its time rounded down, W = half
static void
fill_table(PinnaResample* const r, const Design* const d) {
  const uint64_t n_outputs = (uint64_t)r->l * r->n_turns;
  for (uint64_t output = 0; output < n_outputs; ++output) {
    const uint64_t start = output * r->m / r->l - r->offsets[output / r->group];
    const double   frac = (double)(output * r->m % r->l) / r->l;
    for (uint64_t i = 0; i < r->n_taps; ++i) {
      const double j = (double)i - (r->n_taps - 1.0) + r->half;
      r->table[table_index(r, output, start + i)] = (float)impulse_response(d, frac - j);
    }
  }
}

/// Fewer lanes share a narrower window, but coefficients are read for fewer products
static uint32_t
choose_lanes(const double n_taps, const double step) {
  const double wide = n_taps + (PINNA_RESAMPLE_LANES - 1.0) * step;
  const double narrow = n_taps + (PINNA_RESAMPLE_LANES / 2.0 - 1.0) * step;
  return wide > 1.3 * narrow ? PINNA_RESAMPLE_LANES / 2U : PINNA_RESAMPLE_LANES;
}

/// How often to repeat the phases so that they fill groups with the least waste
static uint32_t
choose_turns(const uint32_t l, const uint32_t lanes) {
  uint32_t best = 1;
  uint32_t best_waste = UINT32_MAX;
  for (uint32_t turns = 1; turns <= lanes && (turns == 1 || turns * l <= 128); ++turns) {
    const uint32_t idle = (lanes - turns * l % lanes) % lanes;
    const uint32_t waste = idle * 1024U / (turns * l);
    if (waste < best_waste) {
      best = turns;
      best_waste = waste;
    }
  }
  return best;
}

static void
choose_kernels(PinnaResample* const r) {
  r->kernel = pinna_resample_kernel_c;
  r->fold_kernel = pinna_resample_fold_c;
#if defined(__x86_64__)
  const PinnaIsa isa = pinna_cpu_isa();
  if (isa == PINNA_ISA_AVX512) {
    r->kernel = pinna_resample_kernel_avx512;
    r->fold_kernel = pinna_resample_fold_avx512;
  } else if (isa == PINNA_ISA_AVX2) {
    r->kernel = pinna_resample_kernel_avx2;
    r->fold_kernel = pinna_resample_fold_avx2;
  }
#endif
}

static bool
config_is_valid(const PinnaResampleConfig* const c) {
  return c->rate_in && c->rate_in <= MAX_RATE && c->rate_out && c->rate_out <= MAX_RATE &&
         c->n_ch && c->n_ch <= 64 && (unsigned)c->quality < PINNA_N_RESAMPLE_QUALITIES &&
         c->lowpass_filter_width <= 512 && c->rolloff >= 0.0 && c->rolloff <= 1.0 &&
         c->beta >= 0.0 && c->beta <= 200.0;
}

/// Least delay comes first for FAST; TorchAudio's filters are too short to gain
static bool
is_folded(const PinnaResampleConfig* const config, const uint32_t l, const uint32_t m) {
  const bool is_long =
      config->quality == PINNA_RESAMPLE_HIGH || config->quality == PINNA_RESAMPLE_BEST;
  return is_long && l <= PINNA_RESAMPLE_MAX_FOLD && m <= PINNA_RESAMPLE_MAX_FOLD && l != m;
}

/// Lengths, from the design's; false if a table would be too large
static bool
plan(PinnaResample* const r, const PinnaResampleConfig* const config, const double width) {
  const uint32_t gcd = find_gcd(config->rate_in, config->rate_out);
  r->l = config->rate_out / gcd;
  r->m = config->rate_in / gcd;
  if (!r->l || r->l > MAX_TERM || r->m > MAX_TERM || width * r->l > (double)MAX_TABLE) {
    return false;
  }
  const uint64_t side = (uint64_t)ceil(width);
  r->group = choose_lanes(2.0 * width, (double)r->m / r->l);
  r->n_turns = choose_turns(r->l, r->group);
  uint64_t before = side - 1;
  uint64_t after = side;
  if (is_folded(config, r->l, r->m)) {
    const uint32_t n_rows = pinna_resample_fold_rows(r->l, r->m, width);
    if (n_rows <= PINNA_RESAMPLE_MAX_ROWS) {
      r->fold = (PinnaResampleFold){.n_rows = n_rows, .l = r->l};
      r->n_turns = PINNA_RESAMPLE_LANES;
      r->group = PINNA_RESAMPLE_LANES * r->l;
      pinna_resample_fold_reach(r->l, r->m, n_rows, &before, &after);
    }
  }
  // A whole number of output samples where the ratio allows one
  const uint64_t half = r->l == 1 ? (after + r->m - 1) / r->m * r->m : after;
  const uint64_t n_taps = before + 1 + half;
  const uint64_t spread = (r->group - 1ULL) * r->m / r->l + 1;
  const uint64_t unit = 2 * PINNA_RESAMPLE_CHAINS;
  r->n_taps = (uint32_t)n_taps;
  r->n_steps = (uint32_t)((n_taps + spread + unit - 1) / unit);
  r->half = (uint32_t)half;
  r->n_before = r->n_taps - 1 - (config->aligned ? r->half : 0);
  r->n_ch = config->n_ch;
  r->capacity = 2 * (size_t)r->n_taps + MIN_CHUNK;
  r->stride = r->capacity + r->n_steps * unit;
  return table_size(r) <= MAX_TABLE;
}

PinnaStatus
pinna_resample_init(PinnaResample** const resample, PinnaArena* const arena,
                    const PinnaResampleConfig* const config) {
  if (!config_is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaResample planned = {0};
  choose_kernels(&planned);
  const Design design = choose_design(config);
  if (!plan(&planned, config, design.width)) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  PinnaResample* const r = PINNA_TAKE(arena, 1, PinnaResample);
  planned.table = PINNA_TAKE(arena, table_size(&planned), float);
  planned.offsets = PINNA_TAKE(arena, count_groups(&planned) + 1, uint32_t);
  planned.sets = PINNA_TAKE(arena, planned.fold.n_rows ? planned.l : 0U, PinnaResampleSet);
  planned.cache =
      PINNA_TAKE(arena, planned.fold.n_rows ? (size_t)planned.n_ch * planned.group : 0U, float);
  planned.history = PINNA_TAKE(arena, planned.n_ch * planned.stride, float);
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  *r = planned;
  r->fold.table = r->table;
  r->fold.sets = r->sets;
  const uint64_t n_groups = count_groups(r);
  for (uint64_t g = 0; g < n_groups; ++g) {
    r->offsets[g] = (uint32_t)(g * r->group * r->m / r->l);
  }
  r->offsets[n_groups] = r->m * r->n_turns;
  if (r->fold.n_rows) {
    pinna_resample_fold_fill(&r->fold, r->m, r->table, r->sets, impulse_response, &design);
  } else {
    fill_table(r, &design);
  }
  pinna_resample_reset(r);
  *resample = r;
  return PINNA_STATUS_OK;
}
