// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"
#include "tests/tap.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The equaliser is its closed form, whatever the block size, the processor and the input

#define PI 3.14159265358979323846

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_eq_init((PinnaEq**)object, arena, (const PinnaEqConfig*)config);
}

typedef struct {
  void*    memory;
  PinnaEq* eq;
} Made;

static Made
make(const double rate, const uint32_t n_ch, const uint32_t n_bands) {
  const PinnaEqConfig config = {rate, n_ch, n_bands};
  Made                made = {NULL, NULL};
  if (pinna_arena_build(&made.memory, (void**)&made.eq, build, &config)) {
    exit(1);
  }
  return made;
}

static double
between(unsigned* const seed, const double low, const double high) {
  return low + 0.5 * (1.0 + (double)tap_noise(seed)) * (high - low);
}

static PinnaEqBand
random_band(unsigned* const seed) {
  PinnaEqBand band = {tap_noise(seed) < 0.7F,
                      (PinnaEqType)between(seed, 0.0, PINNA_EQ_N_TYPES),
                      tap_noise(seed) < 0.0F ? PINNA_EQ_SHAPE_RBJ : PINNA_EQ_SHAPE_ANALOGUE,
                      (uint32_t)between(seed, 1.0, 9.0),
                      0.0,
                      between(seed, -24.0, 24.0),
                      0.0};
  band.freq_hz = exp(between(seed, log(10.0), log(24000.0)));
  band.q = exp(between(seed, log(0.05), log(40.0)));
  return band;
}

/// The analogue prototypes of the cookbook, at s = i x
static double complex
prototype(const PinnaEqBand* const b, const double x) {
  const double complex s = I * x;
  const double         a = pow(10.0, b->gain_db / 40.0);
  const double         q = b->q;
  switch (b->type) {
  case PINNA_EQ_BELL:
  case PINNA_EQ_EQUALIZER:
    return (s * s + s * (a / q) + 1.0) / (s * s + s / (a * q) + 1.0);
  case PINNA_EQ_LOW_SHELF:
  case PINNA_EQ_BASS:
    return a * (s * s + sqrt(a) / q * s + a) / (a * s * s + sqrt(a) / q * s + 1.0);
  case PINNA_EQ_HIGH_SHELF:
  case PINNA_EQ_TREBLE:
    return a * (a * s * s + sqrt(a) / q * s + 1.0) / (s * s + sqrt(a) / q * s + a);
  case PINNA_EQ_BAND_PASS:
  case PINNA_EQ_BANDPASS:
    return (s / q) / (s * s + s / q + 1.0);
  case PINNA_EQ_BANDPASS_SKIRT:
    return s / (s * s + s / q + 1.0);
  case PINNA_EQ_NOTCH:
  case PINNA_EQ_BANDREJECT:
    return (s * s + 1.0) / (s * s + s / q + 1.0);
  case PINNA_EQ_ALL_PASS:
    return (s * s - s / q + 1.0) / (s * s + s / q + 1.0);
  default:
    break;
  }

  // Butterworth poles on the unit circle, the pairs' Q scaled so that |H| at the cut-off is q
  const uint32_t n_pairs = b->order / 2U;
  double complex h = 1.0;
  for (uint32_t i = 0U; i < n_pairs; ++i) {
    const double pole = PI * (2.0 * i + 1.0 + b->order) / (2.0 * b->order);
    const double bw = -2.0 * cos(pole) / pow(q * sqrt(2.0), 1.0 / n_pairs);
    h *= (b->type == PINNA_EQ_LOW_PASS ? 1.0 : s * s) / (s * s + bw * s + 1.0);
  }
  if (b->order % 2U) {
    h *= (b->type == PINNA_EQ_LOW_PASS ? 1.0 : s) / (s + 1.0);
  }
  return h;
}

static double complex
expected_response(const PinnaEqBand* const b, const double rate, const double freq) {
  if (b->type == PINNA_EQ_BAND || b->type == PINNA_EQ_BAND_NOISE || b->type == PINNA_EQ_RIAA ||
      b->type == PINNA_EQ_DEEMPH) {
    static const char* const names[PINNA_EQ_N_TYPES] = {[PINNA_EQ_BAND] = "band",
                                                        [PINNA_EQ_BAND_NOISE] = "band",
                                                        [PINNA_EQ_RIAA] = "riaa",
                                                        [PINNA_EQ_DEEMPH] = "deemph"};
    const PinnaBiquadSpec    spec = {rate, b->freq_hz, b->gain_db, b->q};
    const PinnaBiquad        f =
        pinna_biquad_design_by_name(names[b->type], b->type == PINNA_EQ_BAND_NOISE)(&spec);
    const double complex z = cexp(-2.0 * I * PI * freq / rate);
    return (f.b0 + z * (f.b1 + z * f.b2)) / (1.0 + z * (f.a1 + z * f.a2));
  }
  return prototype(b, tan(PI * freq / rate) / tan(PI * b->freq_hz / rate));
}

/// What the lanes do: c (z - A)^-1 b + d of every section
static double complex
lanes_response(const PinnaEq* const eq, const double freq) {
  // z - 1 without cancellation
  const double         w = PI * freq / eq->sample_rate;
  const double complex e = -2.0 * sin(w) * sin(w) + 2.0 * I * sin(w) * cos(w);
  double complex       h = 1.0;
  for (uint32_t g = 0U; g < eq->n_groups; ++g) {
    for (uint32_t l = 0U; l < EQ_WIDTH; ++l) {
      const double(*const k)[EQ_WIDTH] = (const double(*)[EQ_WIDTH])eq->groups[g].fixed;
      const double p = k[EQ_P][l];
      const double r = k[EQ_R][l];
      // s1 (z - m) + p s2 = p x;  -p s1 + (z - 1 + r) s2 = r x
      const double complex a = e + (1.0 - k[EQ_M][l]);
      const double complex d = e + r;
      const double complex det = a * d + p * p;
      if (k[EQ_C1][l] != 0.0 || k[EQ_C2][l] != 0.0) {
        h *= k[EQ_D][l] + (k[EQ_C1][l] * p * e + k[EQ_C2][l] * (a * r + p * p)) / det;
      }
    }
  }
  return h;
}

static void
test_response(void) {
  static const double rates[] = {8000.0, 44100.0, 48000.0, 88200.0, 96000.0, 192000.0};
  unsigned            seed = 1U;
  for (uint32_t type = 0U; type < PINNA_EQ_N_TYPES; ++type) {
    double worst = 0.0;
    double worst_drawn = 0.0;
    for (uint32_t trial = 0U; trial < 48U; ++trial) {
      const double rate = rates[trial % 6U];
      PinnaEqBand  band = random_band(&seed);
      band.enabled = true;
      band.type = (PinnaEqType)type;
      band.shape = PINNA_EQ_SHAPE_RBJ;
      band.freq_hz = trial < 6U ? 10.0 : fmin(band.freq_hz, 0.49 * rate);
      Made made = make(rate, 1U, 1U);
      pinna_eq_set_band(made.eq, 0U, &band);
      pinna_eq_snap(made.eq);
      for (uint32_t i = 0U; i < 200U; ++i) {
        const double         freq = 10.0 * pow(0.499 * rate / 10.0, i / 199.0);
        const double complex want = expected_response(&band, rate, freq);
        double               drawn[1][2];
        pinna_eq_band_response(&band, rate, &freq, drawn, 1U);
        // Relative to the response, or to the part of it that its terms cancel down to
        const double scale = fmax(cabs(want), 1e-4);
        worst = fmax(worst, cabs(lanes_response(made.eq, freq) - want) / scale);
        worst_drawn = fmax(worst_drawn, cabs(drawn[0][0] + I * drawn[0][1] - want) / scale);
      }
      pinna_arena_free(made.memory);
    }
    const char* const name = pinna_eq_type_name((PinnaEqType)type);
    tap_at_most(worst, 1e-6, "%s: what runs is the closed form (%.1e)", name, worst);
    tap_at_most(worst_drawn, 1e-6, "%s: what is drawn is too (%.1e)", name, worst_drawn);
  }
}

/// |H| of the matched shapes against the analogue filter
static void
test_analogue(void) {
  static const PinnaEqType types[] = {PINNA_EQ_BELL, PINNA_EQ_LOW_SHELF, PINNA_EQ_HIGH_SHELF,
                                      PINNA_EQ_LOW_PASS, PINNA_EQ_HIGH_PASS};
  static const double      freqs[] = {50.0, 1000.0, 5000.0, 12000.0};
  for (uint32_t t = 0U; t < 5U; ++t) {
    double worst = 0.0;
    double worst_rbj = 0.0;
    for (uint32_t trial = 0U; trial < 8U; ++trial) {
      PinnaEqBand band = {true,
                          types[t],
                          PINNA_EQ_SHAPE_ANALOGUE,
                          2U,
                          freqs[trial % 4U],
                          trial < 4U ? 9.0 : -9.0,
                          trial < 4U ? 0.7071 : 1.5};
      for (uint32_t i = 0U; i < 100U; ++i) {
        const double freq = 20.0 * pow(1000.0, i / 99.0);
        const double want = 20.0 * log10(cabs(prototype(&band, freq / band.freq_hz)));
        double       got = 0.0;
        double       rbj = 0.0;
        PinnaEqBand  plain = band;
        plain.shape = PINNA_EQ_SHAPE_RBJ;
        pinna_eq_curve(&band, 1U, 48000.0, &freq, &got, 1U);
        pinna_eq_curve(&plain, 1U, 48000.0, &freq, &rbj, 1U);
        if (want > -40.0) {
          worst = fmax(worst, fabs(got - want));
          worst_rbj = fmax(worst_rbj, fabs(rbj - want));
        }
      }
    }
    const char* const name = pinna_eq_type_name(types[t]);
    tap_at_most(worst, 1.5, "%s keeps its analogue curve to 20 kHz: %.2f dB off, cramped %.2f",
                name, worst, worst_rbj);
  }
}

/// Plays noise, changing everything every `gap` frames, in blocks of one of several sizes
static void
play(PinnaEq* const eq, const float* const* const in, float* const* const out, const uint32_t n,
     const uint32_t gap, const uint32_t block, const unsigned seed0) {
  unsigned seed = seed0;
  for (uint32_t at = 0U; at < n;) {
    if (at % gap == 0U) {
      for (uint32_t b = 0U; b < eq->n_bands; ++b) {
        const PinnaEqBand band = random_band(&seed);
        pinna_eq_set_band(eq, b, &band);
      }
      pinna_eq_set_gains(eq, between(&seed, -20.0, 0.0), between(&seed, -60.0, -20.0));
      pinna_eq_set_enabled(eq, tap_noise(&seed) < 0.6F);
    }
    uint32_t m = block ? block : 1U + (at * 7919U) % 300U;
    m = m < gap - at % gap ? m : gap - at % gap;
    m = m < n - at ? m : n - at;
    const float* const x[2] = {in[0] + at, in[1] + at};
    float* const       y[2] = {out[0] + at, out[1] + at};
    pinna_eq_run(eq, x, y, m);
    at += m;
  }
}

#define N_PLAY 60000U

static float noise[2][N_PLAY];
static float first[2][N_PLAY];
static float other[2][N_PLAY];

static void
test_blocks_and_kernels(void) {
  static const uint32_t blocks[] = {1U, 16U, 64U, 127U, 1024U, 8192U, 0U};
  static const double   rates[] = {8000.0, 48000.0, 192000.0};
  const float* const    in[2] = {noise[0], noise[1]};
  float* const          a[2] = {first[0], first[1]};
  float* const          b[2] = {other[0], other[1]};
  for (uint32_t r = 0U; r < 3U; ++r) {
    for (int isa = PINNA_ISA_C; isa <= (int)pinna_cpu_isa(); ++isa) {
      for (uint32_t i = 0U; i < sizeof(blocks) / sizeof(blocks[0]); ++i) {
        Made made = make(rates[r], 2U, 8U);
        made.eq->kernels = pinna_eq_kernels((PinnaIsa)isa);
        const bool in_place = i == 3U;
        memcpy(other, noise, sizeof(noise));
        const float* const from[2] = {in_place ? other[0] : in[0], in_place ? other[1] : in[1]};
        play(made.eq, from, i ? b : a, N_PLAY, 6000U, blocks[i], 77U + r);
        pinna_arena_free(made.memory);
        if (i) {
          tap_ok(!memcmp(first, other, sizeof(first)),
                 "%s, %.0f Hz: blocks of %u%s equal those of 1", pinna_isa_name((PinnaIsa)isa),
                 rates[r], blocks[i], in_place ? " in place" : "");
        }
      }
    }
  }
}

/// Every processor's kernels against the plain ones, on doubles
static void
test_isa(void) {
  for (int isa = PINNA_ISA_AVX2; isa <= (int)pinna_cpu_isa(); ++isa) {
    Made     made[2] = {make(48000.0, 2U, 8U), make(48000.0, 2U, 8U)};
    unsigned seed = 5U;
    double   worst = 0.0;
    double   peak = 0.0;
    made[0].eq->kernels = pinna_eq_kernels(PINNA_ISA_C);
    made[1].eq->kernels = pinna_eq_kernels((PinnaIsa)isa);
    for (uint32_t k = 0U; k < 400U; ++k) {
      for (uint32_t b = 0U; b < 8U && k % 20U == 0U; ++b) {
        PinnaEqBand band = random_band(&seed);
        band.gain_db *= 0.25;
        band.q = fmin(band.q, 2.0);
        pinna_eq_set_band(made[0].eq, b, &band);
        pinna_eq_set_band(made[1].eq, b, &band);
      }
      const float* const in[2] = {noise[0] + 100U * k, noise[1] + 100U * k};
      float* const       out[2] = {other[0], other[1]};
      for (uint32_t m = 0U; m < 2U; ++m) {
        pinna_eq_run(made[m].eq, in, out, 64U);
      }
      for (uint32_t i = 0U; i < 64U; ++i) {
        const double y = made[0].eq->scratch[1][i];
        peak = fmax(peak, fabs(y));
        worst = fmax(worst, fabs(y - made[1].eq->scratch[1][i]));
      }
    }
    tap_at_most(worst / peak, 1e-10, "%s equals plain C, moving and settled (%.1e of peak)",
                pinna_isa_name((PinnaIsa)isa), worst / peak);
    pinna_arena_free(made[0].memory);
    pinna_arena_free(made[1].memory);
  }
}

static void
test_bad_input(void) {
  Made         made = make(48000.0, 2U, 8U);
  unsigned     seed = 9U;
  float* const y[2] = {other[0], other[1]};
  for (uint32_t b = 0U; b < 8U; ++b) {
    PinnaEqBand band = random_band(&seed);
    band.enabled = true;
    pinna_eq_set_band(made.eq, b, &band);
  }
  pinna_eq_set_gains(made.eq, -20.0, -60.0);
  static const float bad[] = {NAN, INFINITY, -INFINITY, 1e-40F};
  for (uint32_t i = 0U; i < 4U; ++i) {
    memcpy(first, noise, sizeof(first));
    first[0][40] = first[1][3] = bad[i];
    const float* const x[2] = {first[0], first[1]};
    pinna_eq_run(made.eq, x, y, 128U);
    pinna_eq_run(made.eq, x, y, 0U);
    pinna_eq_run(made.eq, (const float* const[2]){noise[0], noise[1]}, y, 128U);
    bool finite = true;
    for (uint32_t k = 0U; k < 128U; ++k) {
      finite = finite && fabsf(y[0][k]) <= FLT_MAX && fabsf(y[1][k]) <= FLT_MAX;
    }
    tap_ok(finite, "after %g in the input the next block is finite", (double)bad[i]);
  }
  pinna_arena_free(made.memory);

  made = make(44100.0, 1U, 8U);
  const PinnaEqBand wild = {true, (PinnaEqType)99, (PinnaEqShape)7, 0U, NAN, INFINITY, -1.0};
  pinna_eq_set_band(made.eq, 3U, &wild);
  pinna_eq_set_band(made.eq, 99U, &wild);
  pinna_eq_set_gains(made.eq, NAN, INFINITY);
  pinna_eq_run(made.eq, (const float* const[1]){noise[0]}, y, 4096U);
  tap_ok(fabsf(y[0][4095]) <= FLT_MAX, "wild parameters are clamped");
  pinna_arena_free(made.memory);
}

static void
test_bypass(void) {
  Made               made = make(48000.0, 2U, 8U);
  const float* const x[2] = {noise[0], noise[1]};
  float* const       y[2] = {other[0], other[1]};
  pinna_eq_run(made.eq, x, y, 1000U);
  tap_all_equal(y[1], x[1], 1000U, "without a band sound passes bit for bit");

  PinnaEqBand band = PINNA_EQ_BAND_DEFAULT;
  band.enabled = true;
  band.gain_db = 12.0;
  pinna_eq_set_band(made.eq, 7U, &band);
  pinna_eq_run(made.eq, x, y, 9600U);
  tap_ok(memcmp(x[0] + 9000, y[0] + 9000, 600U * sizeof(float)) != 0, "with one it does not");
  tap_ok(pinna_eq_is_settled(made.eq), "200 ms settle a band");
  pinna_eq_set_enabled(made.eq, false);
  tap_ok(!pinna_eq_is_settled(made.eq), "a new target is on its way");
  pinna_eq_run(made.eq, x, y, 9600U);
  tap_all_equal(y[0] + 9000, x[0] + 9000, 600U, "disabled it passes bit for bit again");

  pinna_eq_set_enabled(made.eq, true);
  pinna_eq_snap(made.eq);
  Made fresh = make(48000.0, 2U, 8U);
  pinna_eq_set_band(fresh.eq, 7U, &band);
  pinna_eq_snap(fresh.eq);
  float* const z[2] = {first[0], first[1]};
  pinna_eq_run(made.eq, x, y, 5000U);
  pinna_eq_run(fresh.eq, x, z, 5000U);
  tap_all_equal(y[0], z[0], 5000U, "after a snap the past is forgotten");
  pinna_arena_free(made.memory);
  pinna_arena_free(fresh.memory);
}

/// Random targets every block: finite, bounded by the product of all peaks
static void
test_stability(void) {
  static const double rates[] = {44100.0, 96000.0, 192000.0};
  const uint32_t      seconds = getenv("PINNA_LONG") ? 60U : 4U;
  for (uint32_t r = 0U; r < 3U; ++r) {
    Made     made = make(rates[r], 1U, 8U);
    unsigned seed = 11U + r;
    double   peak = 0.0;
    bool     finite = true;
    for (uint64_t at = 0U; at < seconds * (uint64_t)rates[r]; at += 64U) {
      for (uint32_t b = 0U; b < 8U; ++b) {
        PinnaEqBand band = random_band(&seed);
        band.enabled = true;
        pinna_eq_set_band(made.eq, b, &band);
      }
      float* const       y[1] = {other[0]};
      const float* const x[1] = {noise[0] + at % 50000U};
      pinna_eq_run(made.eq, x, y, 64U);
      for (uint32_t i = 0U; i < 64U; ++i) {
        finite = finite && fabsf(other[0][i]) <= FLT_MAX;
        peak = fmax(peak, fabs((double)other[0][i]));
      }
    }
    tap_ok(finite, "%.0f Hz: %u s of random targets stay finite", rates[r], seconds);
    tap_at_most(peak, 1e12, "%.0f Hz: and bounded (%.1e)", rates[r], peak);
    pinna_arena_free(made.memory);
  }
}

static void
test_arena(void) {
  const PinnaEqConfig config = {48000.0, 3U, 8U};
  PinnaArena          measure = pinna_arena_measuring();
  PinnaEq*            eq = NULL;
  tap_int(pinna_eq_init(&eq, &measure, &config), PINNA_STATUS_OK, "measuring succeeds");
  void* const block = aligned_alloc(PINNA_ARENA_ALIGN, measure.used);
  uint32_t    refused = 0U;
  uint32_t    tried = 0U;
  for (size_t size = 0U; size < measure.used; size += 64U, ++tried) {
    PinnaArena arena = pinna_arena_over(block, size);
    refused += pinna_eq_init(&eq, &arena, &config) == PINNA_STATUS_NO_MEM;
  }
  tap_int(refused, tried, "every smaller block is refused");
  PinnaArena arena = pinna_arena_over(block, measure.used);
  tap_int(pinna_eq_init(&eq, &arena, &config), PINNA_STATUS_OK, "the measured size is enough");
  free(block);
  const PinnaEqConfig bad[] = {{NAN, 1U, 1U}, {48000.0, 0U, 1U}, {48000.0, 1U, 9U}, {1.0, 1U, 1U}};
  for (uint32_t i = 0U; i < 4U; ++i) {
    tap_int(pinna_eq_init(&eq, &measure, &bad[i]), PINNA_STATUS_BAD_ARG, "bad config %u", i);
  }
}

int
main(void) {
  unsigned seed = 2026U;
  for (uint32_t i = 0U; i < 2U * N_PLAY; ++i) {
    noise[i / N_PLAY][i % N_PLAY] = tap_noise(&seed);
  }
  test_response();
  test_analogue();
  test_blocks_and_kernels();
  test_isa();
  test_bad_input();
  test_bypass();
  test_stability();
  test_arena();
  return tap_done();
}
