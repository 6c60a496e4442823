// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "dsp/resample.h"
#include "dsp/resample_impl.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Resampler: fidelity against ideal sines, exact alignment and counts, equality however it is run

typedef struct {
  void*          memory;
  PinnaResample* r;
} Unit;

/// What a sine became: least squares fit at its frequency
typedef struct {
  double gain;  ///< dB re the input
  double delay; ///< Input samples late, modulo one period
  double sinad; ///< dB
} Fit;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_resample_init((PinnaResample**)object, arena, config);
}

static Unit
make(const uint32_t in, const uint32_t out, const PinnaResampleQuality quality, const bool aligned,
     const uint32_t n_ch) {
  const PinnaResampleConfig config = {
      .rate_in = in, .rate_out = out, .n_ch = n_ch, .quality = quality, .aligned = aligned};
  Unit  unit = {NULL, NULL};
  void* object = NULL;
  if (pinna_arena_build(&unit.memory, &object, build, &config) != PINNA_STATUS_OK) {
    tap_ok(false, "build %u -> %u", in, out);
    exit(tap_done());
  }
  unit.r = object;
  return unit;
}

static uint32_t
run_mono(PinnaResample* const r, const float* const in, const uint32_t n, float* const out) {
  return pinna_resample_run(r, in ? &in : NULL, n, &out);
}

/// Fit a cos + b sin + c over y[first .. first + n), at `w` rad per output sample
static Fit
fit_sine(const float* const y, const uint32_t first, const uint32_t n, const double w) {
  double m[3][4] = {{0.0}};
  for (uint32_t i = 0; i < n; ++i) {
    const double b[3] = {cos(w * (first + i)), sin(w * (first + i)), 1.0};
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) {
        m[j][k] += b[j] * b[k];
      }
      m[j][3] += b[j] * y[first + i];
    }
  }
  for (int j = 0; j < 3; ++j) {
    for (int k = 0; k < 3; ++k) {
      const double f = k == j ? 0.0 : m[k][j] / m[j][j];
      for (int l = 0; l < 4; ++l) {
        m[k][l] -= f * m[j][l];
      }
    }
  }
  const double a = m[0][3] / m[0][0];
  const double b = m[1][3] / m[1][1];
  const double c = m[2][3] / m[2][2];
  double       error = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    const double d = y[first + i] - a * cos(w * (first + i)) - b * sin(w * (first + i)) - c;
    error += d * d;
  }
  const double power = a * a + b * b;
  return (Fit){.gain = 10.0 * log10(power),
               .delay = atan2(-a, b),
               .sinad = 10.0 * log10(0.5 * power * n / fmax(error, 1e-300))};
}

/// A sine of amplitude 0.5 at `w` rad per input sample, through r; skips the start
static Fit
measure(PinnaResample* const r, const double w, const uint32_t n_measure) {
  uint32_t l = 0;
  uint32_t m = 0;
  pinna_resample_ratio(r, &l, &m);
  const uint32_t settle = 3 * pinna_resample_latency(r) + 100;
  const uint32_t n_in = settle + (uint32_t)((double)n_measure * m / l) + 1;
  float* const   x = malloc(n_in * sizeof(float));
  float* const   y = malloc(((size_t)((double)n_in * l / m) + 2) * sizeof(float));
  for (uint32_t i = 0; i < n_in; ++i) {
    x[i] = (float)(0.5 * sin(w * i));
  }
  pinna_resample_reset(r);
  const uint32_t n_out = run_mono(r, x, n_in, y);
  const double   w_out = w * m / l;
  Fit            fit = fit_sine(y, n_out - n_measure, n_measure, w_out);
  const double   period = 2.0 * M_PI / w;
  const double   late = fit.delay / w - pinna_resample_latency(r);
  fit.gain -= 20.0 * log10(0.5);
  fit.delay = late - period * round(late / period); // error re the reported latency
  free(x);
  free(y);
  return fit;
}

static const uint32_t pairs[][2] = {
    {44100, 48000}, {48000, 44100},  {48000, 16000},  {16000, 48000},  {48000, 96000},
    {96000, 48000}, {48000, 144000}, {144000, 48000}, {48000, 192000}, {192000, 48000},
    {44100, 16000}, {22050, 48000},  {24000, 44100},  {32000, 44100},  {88200, 48000},
    {48000, 88200}, {192000, 44100}, {44100, 192000}, {8000, 44100},   {44100, 8000},
    {8000, 48000},  {48000, 8000},   {11025, 48000},  {37, 41},        {41, 37},
    {192000, 8000}, {8000, 192000},  {7, 5},          {1000, 999}};

#define N_PAIRS (sizeof(pairs) / sizeof(pairs[0]))

typedef struct {
  PinnaResampleQuality quality;
  const char*          name;
  double               pass; ///< As the header states
  double               sinad;
  double               rejection;
} Grade;

static const Grade grades[] = {{PINNA_RESAMPLE_HIGH, "high", 0.91, 140.0, 140.0},
                               {PINNA_RESAMPLE_FAST, "fast", 0.80, 100.0, 100.0},
                               {PINNA_RESAMPLE_BEST, "best", 0.96, 140.0, 140.0}};

/// Tones up to the edge of the pass band: gain, delay and everything that is not the tone
static void
test_pass_band(const Grade* const grade, const uint32_t in, const uint32_t out) {
  static const double places[] = {0.01, 0.123, 0.37, 0.61, 0.83, 1.0};
  Unit                unit = make(in, out, grade->quality, false, 1);
  const double        w_edge = M_PI * grade->pass * fmin(1.0, (double)out / in);
  double              sinad = INFINITY;
  double              ripple = 0.0;
  double              skew = 0.0;
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); ++i) {
    const Fit fit = measure(unit.r, w_edge * places[i], 6000);
    sinad = fmin(sinad, fit.sinad);
    ripple = fmax(ripple, fabs(fit.gain));
    skew = fmax(skew, fabs(fit.delay) * fmin(1.0, (double)out / in));
  }
  tap_at_least(sinad, grade->sinad, "%s %u -> %u: SINAD, dB", grade->name, in, out);
  tap_at_most(ripple, 0.001, "%s %u -> %u: ripple, dB", grade->name, in, out);
  tap_at_most(skew, 1e-4, "%s %u -> %u: latency error, samples", grade->name, in, out);
  pinna_arena_free(unit.memory);
}

/// Tones above the output's Nyquist frequency must vanish
static void
test_aliases(const Grade* const grade, const uint32_t in, const uint32_t out) {
  Unit         unit = make(in, out, grade->quality, false, 1);
  const double nyquist = M_PI * out / in;
  double       loudest = -INFINITY;
  for (int i = 0; i <= 12; ++i) {
    const double   w = nyquist + (M_PI - nyquist) * (i / 12.0) * 0.9999;
    const uint32_t n_in = 3 * pinna_resample_latency(unit.r) + (uint32_t)(2000.0 * in / out);
    float* const   x = malloc(n_in * sizeof(float));
    float* const   y = malloc(((size_t)n_in + 2) * sizeof(float));
    for (uint32_t k = 0; k < n_in; ++k) {
      x[k] = (float)(0.5 * sin(w * k + 0.5));
    }
    pinna_resample_reset(unit.r);
    const uint32_t n_out = run_mono(unit.r, x, n_in, y);
    double         power = 0.0;
    for (uint32_t k = n_out - 2000; k < n_out; ++k) {
      power += (double)y[k] * y[k] / 2000.0;
    }
    loudest = fmax(loudest, 10.0 * log10(fmax(power, 1e-300) / 0.125));
    free(x);
    free(y);
  }
  tap_at_most(loudest, -grade->rejection, "%s %u -> %u: alias, dB", grade->name, in, out);
  pinna_arena_free(unit.memory);
}

/// An impulse in an aligned run peaks where it was; counts are TorchAudio's
static void
test_alignment(const uint32_t in, const uint32_t out, const PinnaResampleQuality quality) {
  Unit     unit = make(in, out, quality, true, 1);
  uint32_t l = 0;
  uint32_t m = 0;
  pinna_resample_ratio(unit.r, &l, &m);
  const uint32_t n = 5 * m / (l < m ? l : m) * 200 + 333;
  const uint32_t at = n / 3;
  const uint64_t n_expected = ((uint64_t)n * l + m - 1) / m;
  float* const   x = calloc(n, sizeof(float));
  float* const   y = calloc(n_expected + 2, sizeof(float));
  x[at] = 1.0F;
  const uint32_t n_said = pinna_resample_n_out(unit.r, n);
  const uint32_t n_first = run_mono(unit.r, x, n, y);
  tap_int(n_first, n_said, "%u -> %u: frames as foretold", in, out);
  const uint32_t n_rest = pinna_resample_n_out(unit.r, pinna_resample_latency(unit.r));
  if (tap_int((long long)n_first + n_rest, (long long)n_expected, "%u -> %u: ceil(n L / M) frames",
              in, out)) {
    run_mono(unit.r, NULL, pinna_resample_latency(unit.r), y + n_first);
    uint32_t peak = 0;
    for (uint32_t i = 1; i < n_expected; ++i) {
      peak = fabsf(y[i]) > fabsf(y[peak]) ? i : peak;
    }
    tap_near(peak, (double)at * l / m, 0.5 + 1e-9, "%u -> %u: impulse in place", in, out);
  }
  free(x);
  free(y);
  pinna_arena_free(unit.memory);
}

/// Blocks of odd sizes, 0 included, give the bits of one run; counts foretold each time
static void
test_splits(const uint32_t in, const uint32_t out, const PinnaResampleQuality quality,
            unsigned seed) {
  enum { N = 30000, N_CH = 3 };
  Unit         whole = make(in, out, quality, false, N_CH);
  Unit         parts = make(in, out, quality, false, N_CH);
  Unit         mono = make(in, out, quality, false, 1);
  const size_t n_max = (size_t)((double)N * out / in) + 2;
  float* const x = malloc(N_CH * N * sizeof(float));
  float* const y = calloc(2 * N_CH * n_max, sizeof(float));
  for (size_t i = 0; i < (size_t)N_CH * N; ++i) {
    x[i] = tap_noise(&seed);
  }
  const float* const ins[N_CH] = {x, x + N, x + 2 * (size_t)N};
  float* const       outs[N_CH] = {y, y + n_max, y + 2 * n_max};
  const uint32_t     n_whole = pinna_resample_run(whole.r, ins, N, outs);

  uint32_t n_out = 0;
  bool     foretold = true;
  for (uint32_t i = 0; i < N;) {
    const uint32_t sizes[] = {0, 1, 31, 64, 127, 1024, 8192, (uint32_t)(seed >> 20U)};
    const uint32_t wish = sizes[(seed >> 8U) % 8U];
    const uint32_t n = wish < N - i ? wish : N - i;
    tap_noise(&seed);
    const float* const at[N_CH] = {x + i, x + N + i, x + 2 * (size_t)N + i};
    float* const   to[N_CH] = {y + 3 * n_max + n_out, y + 4 * n_max + n_out, y + 5 * n_max + n_out};
    const uint32_t said = pinna_resample_n_out(parts.r, n);
    const uint32_t need = pinna_resample_n_in(parts.r, said);
    foretold = foretold && need <= n && pinna_resample_n_out(parts.r, need) >= said &&
               (!need || pinna_resample_n_out(parts.r, need - 1) < said);
    rt_trap_enter();
    const uint32_t got = pinna_resample_run(parts.r, at, n, to);
    rt_trap_leave();
    foretold = foretold && got == said;
    n_out += got;
    i += n;
  }
  rt_trap_check("%u -> %u: realtime", in, out);
  tap_ok(foretold, "%u -> %u: n_out and n_in foretell every block", in, out);
  tap_int(n_out, n_whole, "%u -> %u: as many frames in blocks", in, out);
  tap_int(n_whole, (long long)ceil((double)N * out / in - 1e-9), "%u -> %u: ceil(n L / M)", in,
          out);
  for (uint32_t c = 0; c < N_CH; ++c) {
    tap_all_equal(y + (3 + c) * n_max, y + c * n_max, n_whole, "%u -> %u: blocks, channel %u", in,
                  out, c);
  }
  run_mono(mono.r, x + N, N, y);
  tap_all_equal(y, y + n_max, n_whole, "%u -> %u: mono equals channel 1", in, out);
  free(x);
  free(y);
  pinna_arena_free(whole.memory);
  pinna_arena_free(parts.memory);
  pinna_arena_free(mono.memory);
}

/// Every instruction set this machine has against plain C
static void
test_isas(const uint32_t in, const uint32_t out) {
  enum { N = 9000 };
  static const PinnaResampleKernel kernels[] = {pinna_resample_kernel_c, pinna_resample_kernel_avx2,
                                                pinna_resample_kernel_avx512};
  static const PinnaResampleFoldKernel folds[] = {pinna_resample_fold_c, pinna_resample_fold_avx2,
                                                  pinna_resample_fold_avx512};
  const size_t                         n_max = (size_t)((double)N * out / in) + 2;
  float* const                         x = malloc(N * sizeof(float));
  float* const                         y = calloc(2 * n_max, sizeof(float));
  unsigned                             seed = 5;
  for (size_t i = 0; i < N; ++i) {
    x[i] = tap_noise(&seed);
  }
  for (int isa = PINNA_ISA_C; isa <= (int)pinna_cpu_isa(); ++isa) {
    Unit unit = make(in, out, PINNA_RESAMPLE_HIGH, false, 1);
    unit.r->kernel = kernels[isa];
    unit.r->fold_kernel = folds[isa];
    const uint32_t n = run_mono(unit.r, x, N, isa ? y + n_max : y);
    if (isa) {
      tap_all_near(y + n_max, y, n, 1e-6, "%u -> %u: %s agrees with C", in, out,
                   pinna_isa_name((PinnaIsa)isa));
    }
    pinna_arena_free(unit.memory);
  }
  free(x);
  free(y);
}

/// Broken samples count as silence and leave nothing behind
static void
test_bad_samples(void) {
  enum { N = 2000 };
  float    x[N];
  float    clean[N];
  float    y[2][2 * N];
  unsigned seed = 9;
  for (int i = 0; i < N; ++i) {
    clean[i] = tap_noise(&seed);
    x[i] = clean[i];
  }
  for (int i = 500; i < 520; ++i) {
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    x[i] = bad[i % 3];
    clean[i] = 0.0F;
  }
  for (int i = 0; i < 2; ++i) {
    Unit           unit = make(44100, 48000, PINNA_RESAMPLE_HIGH, false, 1);
    const uint32_t n = run_mono(unit.r, i ? x : clean, N, y[i]);
    if (i) {
      tap_all_equal(y[1], y[0], n, "NaN and infinities count as 0");
      pinna_resample_reset(unit.r);
      run_mono(unit.r, clean, N, y[1]);
      tap_all_equal(y[1], y[0], n, "reset forgets everything");
      tap_int(run_mono(unit.r, clean, 0, y[1]), 0, "no input, no output");
    }
    pinna_arena_free(unit.memory);
  }
}

static void
test_set_up(void) {
  PinnaResampleConfig config = {.rate_in = 44100, .rate_out = 48000, .n_ch = 2};
  PinnaArena          measuring = pinna_arena_measuring();
  PinnaResample*      r = NULL;
  tap_int(pinna_resample_init(&r, &measuring, &config), PINNA_STATUS_OK, "measure");
  void* const memory = aligned_alloc(PINNA_ARENA_ALIGN, (measuring.used + 4095) / 64 * 64);
  bool        all_refused = true;
  for (size_t size = 0; size < measuring.used; size += 64 + measuring.used / 50 / 64 * 64) {
    PinnaArena small = pinna_arena_over(memory, size);
    all_refused = all_refused && pinna_resample_init(&r, &small, &config) == PINNA_STATUS_NO_MEM;
  }
  tap_ok(all_refused, "every smaller arena is refused");
  PinnaArena exact = pinna_arena_over(memory, measuring.used);
  tap_int(pinna_resample_init(&r, &exact, &config), PINNA_STATUS_OK, "the measured size does");
  free(memory);

  static const PinnaResampleConfig bad[] = {
      {.rate_in = 0, .rate_out = 1, .n_ch = 1},
      {.rate_in = 1, .rate_out = 0, .n_ch = 1},
      {.rate_in = 1, .rate_out = 1, .n_ch = 0},
      {.rate_in = 1, .rate_out = 1, .n_ch = 65},
      {.rate_in = 1, .rate_out = 2, .n_ch = 1, .quality = PINNA_N_RESAMPLE_QUALITIES},
      {.rate_in = 1, .rate_out = 2, .n_ch = 1, .rolloff = NAN},
      {.rate_in = 1, .rate_out = 2, .n_ch = 1, .beta = -1.0}};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    PinnaArena arena = pinna_arena_measuring();
    tap_int(pinna_resample_init(&r, &arena, &bad[i]), PINNA_STATUS_BAD_ARG, "bad config %zu", i);
  }
  config.rate_in = 1U << 24U;
  config.rate_out = (1U << 24U) - 1;
  tap_int(pinna_resample_init(&r, &measuring, &config), PINNA_STATUS_UNSUPPORTED,
          "an endless ratio is refused");
}

int
main(void) {
  for (size_t i = 0; i < N_PAIRS; ++i) {
    const uint32_t in = pairs[i][0];
    const uint32_t out = pairs[i][1];
    test_pass_band(&grades[0], in, out);
    if (i < 8 || getenv("PINNA_LONG")) {
      test_pass_band(&grades[1], in, out);
      test_pass_band(&grades[2], in, out);
    }
    if (out < in) {
      for (int g = 0; g < 3; ++g) {
        test_aliases(&grades[g], in, out);
      }
    }
    test_alignment(in, out, (PinnaResampleQuality)(i % PINNA_N_RESAMPLE_QUALITIES));
    test_splits(in, out, (PinnaResampleQuality)(i % PINNA_N_RESAMPLE_QUALITIES), 77 + i);
    test_isas(in, out);
  }
  test_bad_samples();
  test_set_up();
  return tap_done();
}
