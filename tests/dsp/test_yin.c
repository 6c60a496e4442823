// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/yin.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The fundamental of tones, voices in noise, glides and noise; cuts, faults, rates

#define N 24000U

static float in[N];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_yin_init((PinnaYin**)object, arena, (const PinnaYinConfig*)config);
}

static PinnaYin*
make(void** const memory, const double rate) {
  const PinnaYinConfig config = {.sample_rate = rate};
  void*                object = NULL;
  if (pinna_arena_build(memory, &object, build, &config)) {
    tap_ok(false, "%g Hz: builds", rate);
    exit(tap_done());
  }
  return (PinnaYin*)object;
}

static double
gauss(unsigned* const seed) {
  double sum = 0.0;
  for (int i = 0; i < 12; ++i) {
    sum += (double)tap_noise(seed);
  }
  return 0.5 * sum;
}

/// Harmonics up to 8 kHz whose amplitudes fall by 0, 6 or 12 dB per octave, phases at random
static void
fill_voice(const double f0, const double rate, const uint32_t fall, const double snr_db,
           unsigned* const seed) {
  const uint32_t n_harmonics = (uint32_t)fmin(40.0, fmin(8000.0, 0.45 * rate) / f0);
  double         phase[41];
  double         power = 0.0;
  for (uint32_t h = 1U; h <= n_harmonics; ++h) {
    phase[h] = M_PI * (double)tap_noise(seed);
    power += 0.5 * pow(h, -2.0 * fall);
  }
  const double noise = sqrt(power) * pow(10.0, -snr_db / 20.0);
  for (uint32_t i = 0U; i < N; ++i) {
    double x = noise * gauss(seed);
    for (uint32_t h = 1U; h <= n_harmonics; ++h) {
      x += pow(h, -1.0 * fall) * sin(2.0 * M_PI * f0 * h * i / rate + phase[h]);
    }
    in[i] = (float)(0.05 * x);
  }
}

/// Runs `in`; counts estimates further than `cents` off, after the first 50 ms
static uint32_t
count_far(PinnaYin* const yin, const double rate, const double f0, const double cents,
          uint32_t* const n_all, double* const worst) {
  const uint32_t hop = (uint32_t)rint(0.005 * rate);
  uint32_t       n_far = 0U;
  for (uint32_t i = 0U; i + hop <= N; i += hop) {
    const float* const part = in + i;
    pinna_yin_run(yin, &part, hop);
    if (i > rate * 0.05) {
      const double off = fabs(1200.0 * log2(fmax(1.0, pinna_yin_result(yin).f0) / f0));
      *worst = fmax(*worst, off);
      n_far += off > cents;
      ++*n_all;
    }
  }
  return n_far;
}

static void
test_sines(const double rate) {
  double          worst = 0.0;
  uint32_t        n = 0U;
  void*           memory = NULL;
  PinnaYin* const yin = make(&memory, rate);
  for (double f0 = 70.0; f0 < 801.0; f0 *= 1.0293) {
    unsigned     seed = (unsigned)f0;
    const double phase = M_PI * (double)tap_noise(&seed);
    for (uint32_t i = 0U; i < N; ++i) {
      in[i] = 0.3f * (float)sin(2.0 * M_PI * f0 * i / rate + phase);
    }
    pinna_yin_reset(yin);
    count_far(yin, rate, f0, 0.5, &n, &worst);
  }
  tap_at_most(worst, rate < 16000.0 ? 1.0 : 0.5,
              "sines of 70 to 800 Hz at %g Hz: worst error, cents", rate);
  pinna_arena_free(memory);
}

static void
test_voices(void) {
  uint32_t        n_far = 0U;
  uint32_t        n = 0U;
  double          worst = 0.0;
  void*           memory = NULL;
  unsigned        seed = 42U;
  PinnaYin* const yin = make(&memory, 48000.0);
  for (uint32_t fall = 0U; fall < 3U; ++fall) {
    for (double f0 = 70.0; f0 < 801.0; f0 *= 1.0905) {
      fill_voice(f0, 48000.0, fall, 20.0, &seed);
      pinna_yin_reset(yin);
      n_far += count_far(yin, 48000.0, f0, 50.0, &n, &worst);
    }
  }
  tap_at_most(100.0 * n_far / n, 1.0, "voices at 20 dB SNR: gross errors of %u, percent", n);
  pinna_arena_free(memory);
}

static void
test_confidence(void) {
  void*              memory = NULL;
  unsigned           seed = 3U;
  PinnaYin* const    yin = make(&memory, 48000.0);
  const float* const part = in;
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = 0.1f * tap_noise(&seed);
  }
  pinna_yin_run(yin, &part, N);
  tap_at_most(pinna_yin_result(yin).confidence, 0.5, "noise is no voice: confidence");
  memset(in, 0, sizeof(in));
  pinna_yin_run(yin, &part, N);
  tap_at_most(pinna_yin_result(yin).confidence, 0.0, "nor is silence");
  fill_voice(150.0, 48000.0, 1U, 60.0, &seed);
  pinna_yin_run(yin, &part, N);
  tap_at_least(pinna_yin_result(yin).confidence, 0.98, "a voice is");
  in[N - 9U] = NAN;
  in[N - 8U] = INFINITY;
  pinna_yin_run(yin, &part, N);
  pinna_yin_run(yin, &part, N - 10U);
  tap_near(pinna_yin_result(yin).f0, 150.0, 0.1, "and after bad samples, Hz");
  pinna_arena_free(memory);
}

static void
test_cuts(void) {
  void*              memory = NULL;
  void*              other = NULL;
  unsigned           seed = 9U;
  PinnaYin* const    whole = make(&memory, 44100.0);
  PinnaYin* const    cut = make(&other, 44100.0);
  const float* const all = in;
  fill_voice(201.0, 44100.0, 1U, 30.0, &seed);
  rt_trap_reset();
  rt_trap_enter();
  pinna_yin_run(whole, &all, N);
  rt_trap_leave();
  rt_trap_check("runs without heap, locks and kernel");
  for (uint32_t i = 0U; i < N;) {
    const uint32_t     wish = (uint32_t)(fabsf(tap_noise(&seed)) * 500.0f);
    const uint32_t     n = wish < N - i ? wish : N - i;
    const float* const part = in + i;
    pinna_yin_run(cut, &part, n);
    i += n;
  }
  const PinnaYinResult a = pinna_yin_result(whole);
  const PinnaYinResult b = pinna_yin_result(cut);
  tap_ok(!memcmp(&a, &b, sizeof(a)), "cuts change no bit");
  pinna_arena_free(memory);
  pinna_arena_free(other);
}

static void
test_refusals(void) {
  static const PinnaYinConfig bad[] = {
      {.sample_rate = 7000.0},
      {.sample_rate = 48000.0, .f_min = 10.0},
      {.sample_rate = 48000.0, .f_min = 600.0},
      {.sample_rate = 48000.0, .f_max = 9000.0},
      {.sample_rate = 48000.0, .interval = 1.0},
      {.sample_rate = 48000.0, .threshold = 0.9},
      {.sample_rate = 48000.0, .n_channels = 65U},
  };
  for (size_t b = 0U; b < sizeof(bad) / sizeof(bad[0]); ++b) {
    void* memory = NULL;
    void* object = NULL;
    tap_int(pinna_arena_build(&memory, &object, build, &bad[b]), PINNA_STATUS_BAD_ARG,
            "bad configuration %zu is refused", b);
  }
}

int
main(void) {
  static const double rates[] = {8000.0, 16000.0, 48000.0, 96000.0};
  for (size_t r = 0U; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    test_sines(rates[r]);
  }
  test_voices();
  test_confidence();
  test_cuts();
  test_refusals();
  return tap_done();
}
