// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/pitch.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Laws of the pitch shifter in every mode: unity, latency, cuts, faults, mono sum, dry, realtime

#define N 48000U
#define MAX_CH 2U

static float in[MAX_CH][N];
static float out[MAX_CH][N];
static float again[MAX_CH][N];

static const char* const modes[] = {"poly", "low latency", "voice"};
static const double      ratios[] = {-24.0, -12.0, -5.0, -0.3, 0.0, 0.3, 4.0, 7.0, 12.0, 24.0};

typedef struct {
  PinnaPitch* pitch;
  void*       memory;
} Built;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_pitch_init((PinnaPitch**)object, arena, (const PinnaPitchConfig*)config);
}

static Built
make(const double rate, const uint32_t n_ch, const PinnaPitchMode mode,
     const PinnaPitchTarget target) {
  const PinnaPitchConfig config = {rate, n_ch};
  Built                  built = {NULL, NULL};
  void*                  object = NULL;
  if (pinna_arena_build(&built.memory, &object, build, &config)) {
    tap_ok(false, "%g Hz, %u channels: builds", rate, n_ch);
    exit(tap_done());
  }
  built.pitch = (PinnaPitch*)object;
  pinna_pitch_set(built.pitch, &target);
  pinna_pitch_start(built.pitch, mode);
  return built;
}

static PinnaPitchTarget
shifted(const double semitones) {
  return (PinnaPitchTarget){.semitones = semitones, .mix = 1.0, .transients = 0.5, .glide = 0.005};
}

/// In blocks of `block`, 0: of any length
static void
run(const Built built, float (*const from)[N], float (*const to)[N], const uint32_t n_ch,
    const uint32_t block) {
  unsigned seed = 11U;
  for (uint32_t i = 0U; i < N;) {
    const uint32_t wish = block ? block : (uint32_t)(fabsf(tap_noise(&seed)) * 700.0f);
    const uint32_t n = wish < N - i ? wish : N - i;
    const float*   ins[MAX_CH];
    float*         outs[MAX_CH];
    for (uint32_t c = 0U; c < n_ch; ++c) {
      ins[c] = from[c] + i;
      outs[c] = to[c] + i;
    }
    pinna_pitch_run(built.pitch, ins, outs, n);
    i += n;
  }
}

/// Bursts of a voice-like buzz over a little noise: every engine has something to do
static void
fill(unsigned seed) {
  const double f0 = 90.0 + 60.0 * fabs((double)tap_noise(&seed));
  for (uint32_t i = 0U; i < N; ++i) {
    const double on = sin(2.0 * M_PI * 3.0 * i / 48000.0) > -0.3 ? 0.1 : 0.0;
    double       x = 0.0;
    for (int h = 1; h <= 12; ++h) {
      x += cos(2.0 * M_PI * f0 * h * i / 48000.0) / h;
    }
    in[0][i] = (float)(on * x) + 0.01f * tap_noise(&seed);
    in[1][i] = (float)(0.5 * on * x) + 0.02f * tap_noise(&seed);
  }
}

static double
null_depth(const float* const a, const float* const b, const uint32_t first, const uint32_t n) {
  double error = 0.0;
  double energy = 1e-30;
  for (uint32_t i = first; i < n; ++i) {
    error += pow((double)a[i] - (double)b[i], 2.0);
    energy += pow((double)b[i], 2.0);
  }
  return 10.0 * log10(error / energy + 1e-20);
}

static void
test_unity(const PinnaPitchMode mode) {
  static const double rates[] = {8000.0, 44100.0, 48000.0, 192000.0};
  for (uint32_t r = 0U; r < 4U; ++r) {
    const Built    built = make(rates[r], 2U, mode, shifted(0.0));
    const uint32_t delay = pinna_pitch_latency(built.pitch);
    const double   limit[] = {0.064, 0.043, 0.030};
    fill(r + 1U);
    run(built, in, out, 2U, 500U);
    tap_at_most(delay / rates[r], limit[mode], "%s at %g Hz: latency, s", modes[mode], rates[r]);
    for (uint32_t c = 0U; c < 2U; ++c) {
      tap_at_most(null_depth(out[c] + delay, in[c], 0U, N - delay), -120.0,
                  "%s at %g Hz: null at unity, dB", modes[mode], rates[r]);
    }
    pinna_arena_free(built.memory);
  }

  // Back from elsewhere: rotations of phase fade
  const Built    built = make(48000.0, 2U, mode, shifted(5.0));
  const uint32_t delay = pinna_pitch_latency(built.pitch);
  run(built, in, out, 2U, 500U);
  const PinnaPitchTarget home = shifted(0.0);
  pinna_pitch_set(built.pitch, &home);
  run(built, in, out, 2U, 500U);
  tap_at_most(null_depth(out[0] + delay, in[0], 30000U, N - delay), -120.0,
              "%s: null within 0.6 s after a return to unity, dB", modes[mode]);
  pinna_arena_free(built.memory);
}

static void
test_latency(const PinnaPitchMode mode) {
  for (size_t r = 0U; r < sizeof(ratios) / sizeof(ratios[0]); ++r) {
    const Built    built = make(48000.0, 1U, mode, shifted(ratios[r]));
    const uint32_t delay = pinna_pitch_latency(built.pitch);
    uint32_t       wrong = 0U;
    memset(in, 0, sizeof(in));
    for (uint32_t i = 6007U; i < N - delay; i += 6007U) {
      in[0][i] = 1.0f;
    }
    run(built, in, out, 1U, 333U);
    for (uint32_t i = 6007U; i < N - delay; i += 6007U) {
      uint32_t peak = i + delay;
      for (uint32_t k = i + delay - 3000U; k < i + delay + 3000U && k < N; ++k) {
        peak = fabsf(out[0][k]) > fabsf(out[0][peak]) ? k : peak;
      }
      wrong += peak != i + delay;
    }
    tap_int(wrong, 0, "%s by %g semitones: clicks come after %u samples, to the sample",
            modes[mode], ratios[r], delay);
    pinna_arena_free(built.memory);
  }
}

static void
test_cuts(const PinnaPitchMode mode) {
  static const uint32_t  blocks[] = {1U, 31U, 64U, 127U, 1024U, 8192U, 0U};
  const PinnaPitchTarget target = {3.7, -2.0, true, 0.8, 0.6, 0.01, 0.0};
  const Built            built = make(48000.0, 2U, mode, target);
  fill(5U);
  run(built, in, out, 2U, N);
  for (size_t b = 0U; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
    memcpy(again, in, sizeof(in));
    pinna_pitch_reset(built.pitch);
    run(built, again, again, 2U, blocks[b]);
    for (uint32_t c = 0U; c < 2U; ++c) {
      tap_all_equal(again[c], out[c], N, "%s in place in blocks of %u (0: any), channel %u",
                    modes[mode], blocks[b], c);
    }
  }
  pinna_arena_free(built.memory);
}

static void
test_faults(const PinnaPitchMode mode) {
  static const float faults[] = {NAN, INFINITY, -INFINITY, 3e38f};
  const Built        built = make(48000.0, 1U, mode, shifted(4.0));
  fill(6U);
  memcpy(again, in, sizeof(in));
  for (uint32_t i = 0U; i < 4U; ++i) {
    in[0][9000U + 7U * i] = faults[i];
    again[0][9000U + 7U * i] = 0.0f;
  }
  run(built, in, out, 1U, 256U);
  pinna_pitch_reset(built.pitch);
  run(built, again, again, 1U, 256U);
  tap_all_equal(out[0], again[0], N, "%s: what is no number is taken as silence", modes[mode]);
  pinna_arena_free(built.memory);
}

/// Left plus right, shifted together, is the sum shifted alone with the same map: linear in both
static void
test_channels(const PinnaPitchMode mode) {
  const Built built = make(48000.0, 2U, mode, shifted(-5.0));
  fill(7U);
  memcpy(in[1], in[0], sizeof(in[0]));
  run(built, in, out, 2U, 256U);
  tap_all_equal(out[0], out[1], N, "%s: equal channels stay equal", modes[mode]);
  for (uint32_t i = 0U; i < N; ++i) {
    in[1][i] = -0.25f * in[0][i];
  }
  pinna_pitch_reset(built.pitch);
  run(built, in, out, 2U, 256U);
  for (uint32_t i = 0U; i < N; ++i) {
    again[0][i] = -0.25f * out[0][i];
  }
  tap_at_most(null_depth(out[1], again[0], 0U, N), -100.0,
              "%s: channels keep their level and phase to each other, dB", modes[mode]);
  pinna_arena_free(built.memory);
}

static void
test_mix(const PinnaPitchMode mode) {
  PinnaPitchTarget target = shifted(7.0);
  target.mix = 0.0;
  const Built    built = make(48000.0, 1U, mode, target);
  const uint32_t delay = pinna_pitch_latency(built.pitch);
  fill(8U);
  run(built, in, out, 1U, 256U);
  tap_all_equal(out[0] + delay, in[0], N - delay, "%s, mix 0: the delayed input", modes[mode]);
  pinna_arena_free(built.memory);
}

typedef struct {
  Built built;
} Session;

static void
play(void* const data) {
  const Session* const session = (const Session*)data;
  for (uint32_t s = 0U; s < 3U; ++s) {
    PinnaPitchTarget target = shifted(ratios[s * 3U]);
    target.formant = 2.0;
    target.preserve = s % 2U;
    pinna_pitch_set(session->built.pitch, &target);
    run(session->built, in, out, 2U, 1024U);
  }
}

static void
test_realtime(const PinnaPitchMode mode) {
  Session session = {make(48000.0, 2U, mode, shifted(4.0))};
  fill(9U);
  rt_trap_reset();
  rt_trap_enter();
  play(&session);
  rt_trap_leave();
  rt_trap_check("%s runs without heap, locks and kernel", modes[mode]);
  pinna_arena_free(session.built.memory);
}

static void
test_refusals(void) {
  const PinnaPitchConfig good = {48000.0, 2U};
  const PinnaPitchConfig bad[] = {{7999.0, 1U}, {200000.0, 1U}, {48000.0, 0U}, {48000.0, 9U}};
  for (size_t b = 0U; b < sizeof(bad) / sizeof(bad[0]); ++b) {
    void* memory = NULL;
    void* object = NULL;
    tap_int(pinna_arena_build(&memory, &object, build, &bad[b]), PINNA_STATUS_BAD_ARG,
            "%g Hz, %u channels: refused", bad[b].sample_rate, bad[b].n_channels);
  }

  PinnaArena  measure = pinna_arena_measuring();
  PinnaPitch* pitch = NULL;
  pinna_pitch_init(&pitch, &measure, &good);
  char* const memory = (char*)aligned_alloc(PINNA_ARENA_ALIGN, measure.used + PINNA_ARENA_ALIGN);
  uint32_t    wrong = 0U;
  for (size_t size = 0U; size < measure.used; size += measure.used / 23U + 64U) {
    PinnaArena arena = pinna_arena_over(memory, size);
    wrong += pinna_pitch_init(&pitch, &arena, &good) != PINNA_STATUS_NO_MEM || pitch;
  }
  tap_int(wrong, 0, "every smaller arena is refused");
  free(memory);
}

int
main(void) {
  for (uint32_t m = 0U; m < PINNA_PITCH_N_MODES; ++m) {
    const PinnaPitchMode mode = (PinnaPitchMode)m;
    test_unity(mode);
    test_latency(mode);
    test_cuts(mode);
    test_faults(mode);
    test_channels(mode);
    test_mix(mode);
    test_realtime(mode);
  }
  test_refusals();
  return tap_done();
}
