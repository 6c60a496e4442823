// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/biquad_design.h"
#include "dsp/k_weighting.h"
#include "dsp/loudness.h"
#include "dsp/true_peak.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Loudness and true peak of the signals that EBU Tech 3341 and 3342 define, made here

#define MAX_CHANNELS 5U
#define BLOCK 480U

static const double rate = 48000.0;

typedef struct {
  void*          memory;
  PinnaLoudness* loudness;
  uint32_t       n_ch;
  double         rate;
  double         phase;
} Meter;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_loudness_init((PinnaLoudness**)object, arena, (const PinnaLoudnessConfig*)config);
}

static Meter
make_meter(const double sample_rate, const uint32_t n_ch) {
  const PinnaLoudnessConfig config = {sample_rate, n_ch, NULL};
  Meter                     meter = {.n_ch = n_ch, .rate = sample_rate};
  void*                     object = NULL;
  if (pinna_arena_build(&meter.memory, &object, build, &config)) {
    tap_ok(false, "a meter of %u channels at %g Hz builds", n_ch, sample_rate);
    exit(tap_done());
  }
  meter.loudness = (PinnaLoudness*)object;
  return meter;
}

/// A 1 kHz tone of `db` per channel for `seconds`; -INFINITY is silence
static void
play(Meter* const meter, const double* const db, const double seconds) {
  float        samples[MAX_CHANNELS][BLOCK];
  const float* in[MAX_CHANNELS];
  double       gain[MAX_CHANNELS];
  const double step = 2.0 * M_PI * 1000.0 / meter->rate;
  for (uint32_t c = 0U; c < meter->n_ch; ++c) {
    in[c] = samples[c];
    gain[c] = pow(10.0, db[c] / 20.0);
  }
  for (uint32_t left = (uint32_t)lrint(seconds * meter->rate); left;) {
    const uint32_t n = left < BLOCK ? left : BLOCK;
    for (uint32_t i = 0U; i < n; ++i, meter->phase += step) {
      for (uint32_t c = 0U; c < meter->n_ch; ++c) {
        samples[c][i] = (float)(gain[c] * sin(meter->phase));
      }
    }
    rt_trap_enter();
    pinna_loudness_run(meter->loudness, in, n);
    rt_trap_leave();
    left -= n;
  }
}

static void
play_stereo(Meter* const meter, const double db, const double seconds) {
  const double both[2] = {db, db};
  play(meter, both, seconds);
}

static PinnaLoudnessReading
read_meter(const Meter* const meter) {
  PinnaLoudnessReading reading;
  pinna_loudness_read(meter->loudness, &reading);
  return reading;
}

typedef struct {
  double db;
  double seconds;
} Tone;

/// Tones one after another, ended by 0 seconds
static PinnaLoudnessReading
play_tones(const Tone* tone, const double sample_rate) {
  Meter meter = make_meter(sample_rate, 2U);
  for (; tone->seconds > 0.0; ++tone) {
    play_stereo(&meter, tone->db, tone->seconds);
  }
  const PinnaLoudnessReading reading = read_meter(&meter);
  pinna_arena_free(meter.memory);
  return reading;
}

static void
test_integrated(void) {
  static const Tone        c1[] = {{-23, 20}, {0, 0}};
  static const Tone        c2[] = {{-33, 20}, {0, 0}};
  static const Tone        c3[] = {{-36, 10}, {-23, 60}, {-36, 10}, {0, 0}};
  static const Tone        c4[] = {{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}, {0, 0}};
  static const Tone        c5[] = {{-26, 20}, {-20, 20.1}, {-26, 20}, {0, 0}};
  static const Tone* const cases[] = {c1, c2, c3, c4, c5};
  for (int i = 0; i < 5; ++i) {
    const PinnaLoudnessReading r = play_tones(cases[i], rate);
    const double               want = i == 1 ? -33.0 : -23.0;
    tap_near(r.integrated, want, 0.1, "3341 case %d: integrated", i + 1);
    if (i < 2) {
      tap_near(r.momentary, want, 0.1, "3341 case %d: momentary", i + 1);
      tap_near(r.short_term, want, 0.1, "3341 case %d: short-term", i + 1);
    }
  }
  static const double surround[] = {-28.0, -28.0, -24.0, -30.0, -30.0};
  Meter               meter = make_meter(rate, 5U);
  play(&meter, surround, 20.0);
  tap_near(read_meter(&meter).integrated, -23.0, 0.1, "3341 case 6: five channels");
  pinna_arena_free(meter.memory);

  static const double rates[] = {8000.0, 11025.0, 16000.0, 22050.0, 44100.0, 96000.0, 192000.0};
  for (size_t i = 0U; i < sizeof(rates) / sizeof(*rates); ++i) {
    const double integrated = play_tones(c1, rates[i]).integrated;
    tap_near(integrated, -23.0, 0.05, "case 1 at %g Hz", rates[i]);
  }
}

/// Cases 9 and 12: after `settled` seconds the level never leaves -23
static void
test_constant(const int number, const double loud, const double quiet, const int repetitions,
              const double settled) {
  Meter  meter = make_meter(rate, 2U);
  double worst = 0.0;
  double time = 0.0;
  for (int i = 0; i < repetitions; ++i) {
    for (int half = 0; half < 2; ++half) {
      const double seconds = half ? quiet : loud;
      for (double t = 0.0; t < seconds - 1e-9; t += 0.01) {
        play_stereo(&meter, half ? -30.0 : -20.0, 0.01);
        time += 0.01;
        const PinnaLoudnessReading r = read_meter(&meter);
        const double               level = number == 9 ? r.short_term : r.momentary;
        worst = time >= settled ? fmax(worst, fabs(level + 23.0)) : worst;
      }
    }
  }
  tap_at_most(worst, 0.1, "3341 case %d: constant after %g s", number, settled);
  pinna_arena_free(meter.memory);
}

/// Cases 10 and 13: each segment, alone, has the same maximum wherever its tone begins
static void
test_segments(const int number, const double seconds, const double shift, const double extra) {
  double worst = 0.0;
  for (int i = 0; i < 20; ++i) {
    Meter meter = make_meter(rate, 2U);
    play_stereo(&meter, -INFINITY, i * shift + extra);
    play_stereo(&meter, -23.0, seconds);
    play_stereo(&meter, -INFINITY, 1.0);
    const PinnaLoudnessReading r = read_meter(&meter);
    worst = fmax(worst, fabs((number == 10 ? r.short_term_max : r.momentary_max) + 23.0));
    pinna_arena_free(meter.memory);
  }
  tap_at_most(worst, 0.1, "3341 case %d, tones %g ms late", number, 1000.0 * extra);
}

/// Cases 11 and 14: one stream of ever louder tones, the maximum follows each
static void
test_steps(const int number, const double seconds, const double shift) {
  Meter  meter = make_meter(rate, 2U);
  double worst = 0.0;
  for (int i = 0; i < 20; ++i) {
    play_stereo(&meter, -INFINITY, i * shift);
    play_stereo(&meter, -38.0 + i, seconds);
    play_stereo(&meter, -INFINITY, seconds - i * shift);
    const PinnaLoudnessReading r = read_meter(&meter);
    worst = fmax(worst, fabs((number == 11 ? r.short_term_max : r.momentary_max) - (-38.0 + i)));
  }
  tap_at_most(worst, 0.1, "3341 case %d", number);
  pinna_arena_free(meter.memory);
}

static double
true_peak(const float* const x, const uint32_t n) {
  Meter              meter = make_meter(rate, 1U);
  const float* const in[1] = {x};
  pinna_loudness_run(meter.loudness, in, n);
  const double db = read_meter(&meter).true_peak;
  pinna_arena_free(meter.memory);
  return db;
}

static void
test_tones_between(void) {
  enum { N = 48000 };
  static const struct {
    double divisor;
    double amplitude;
    double degrees;
    double want;
  } cases[] = {{4.0, 0.5, 0.0, -6.0},
               {4.0, 0.5, 45.0, -6.0},
               {6.0, 0.5, 60.0, -6.0},
               {8.0, 0.5, 67.5, -6.0},
               {4.0, 1.41, 45.0, 3.0}};
  float* const x = (float*)calloc(N, sizeof(float));
  for (int k = 0; k < 5; ++k) {
    for (int i = 0; i < N; ++i) {
      const double fade = fmin(1.0, fmin(i, N - 1 - i) / 2400.0);
      x[i] = (float)(fade * cases[k].amplitude *
                     sin(2.0 * M_PI * i / cases[k].divisor + cases[k].degrees * M_PI / 180.0));
    }
    tap_near(true_peak(x, N), cases[k].want, 0.2, "3341 case %d: true peak", 15 + k);
  }
  double worst = 0.0;
  for (double f = 0.01; f <= 0.42; f *= 1.09) {
    for (int k = 0; k < 8; ++k) {
      for (int i = 0; i < N / 10; ++i) {
        const double fade = fmin(1.0, fmin(i, N / 10 - 1 - i) / 1200.0);
        x[i] = (float)(fade * 0.5 * sin(2.0 * M_PI * f * (i - N / 20) + 0.41 * k));
      }
      worst = fmax(worst, fabs(true_peak(x, N / 10) - 20.0 * log10(0.5)));
    }
  }
  tap_at_most(worst, 0.1, "sines up to 0.42 of the rate, any phase: true peak");
  free(x);
}

/// Cases 20 to 23: a period of twice the amplitude in a tone of a sixth of the rate, made at four
/// times the rate, band-limited, and decimated from each of the four offsets
static void
test_burst(void) {
  enum { N = 12000, HALF = 128 };
  double* const x = (double*)calloc(4 * N, sizeof(double));
  float* const  y = (float*)calloc(N, sizeof(float));
  for (int i = 0; i < 4 * N; ++i) {
    const double fade = fmin(1.0, fmin(i, 4 * N - 1 - i) / 4800.0);
    const double gain = i >= 24000 && i < 24024 ? 1.0 : 0.5;
    x[i] = fade * gain * sin(2.0 * M_PI * i / 24.0);
  }
  for (int offset = 0; offset < 4; ++offset) {
    for (int i = HALF; i < N - HALF; ++i) {
      double sum = 0.0;
      for (int k = -HALF; k <= HALF; ++k) {
        const double t = k * 0.25 * 0.94;
        const double window = 0.5 + 0.5 * cos(M_PI * k / (HALF + 1.0));
        sum += x[4 * i + offset - k] * window * (k ? sin(M_PI * t) / (M_PI * t) : 1.0);
      }
      y[i] = (float)(sum * 0.25 * 0.94);
    }
    // What the band-limited signal really reaches, on a grid 32 times as fine
    double peak = 0.0;
    for (int i = 5900; i < 6100; ++i) {
      for (int p = 0; p < 32; ++p) {
        double sum = 0.0;
        for (int k = -300; k <= 300; ++k) {
          const double t = k - p / 32.0;
          const double window = 0.5 + 0.5 * cos(M_PI * t / 302.0);
          sum += (double)y[i + k] * window * (fabs(t) > 1e-9 ? sin(M_PI * t) / (M_PI * t) : 1.0);
        }
        peak = fmax(peak, fabs(sum));
      }
    }
    tap_near(true_peak(y, N), 0.0, 0.2, "3341 case %d: true peak", 20 + offset);
    tap_near(true_peak(y, N), 20.0 * log10(peak), 0.1, "case %d against a dense interpolation",
             20 + offset);
  }
  free(x);
  free(y);
}

static void
test_range(void) {
  static const Tone        r1[] = {{-20, 20}, {-30, 20}, {0, 0}};
  static const Tone        r2[] = {{-20, 20}, {-15, 20}, {0, 0}};
  static const Tone        r3[] = {{-40, 20}, {-20, 20}, {0, 0}};
  static const Tone        r4[] = {{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}, {0, 0}};
  static const Tone* const cases[] = {r1, r2, r3, r4};
  static const double      want[] = {10.0, 5.0, 20.0, 15.0};
  for (int i = 0; i < 4; ++i) {
    tap_near(play_tones(cases[i], rate).range, want[i], 0.1, "3342 case %d: range", i + 1);
  }
}

/// The weighting stays on the 48 kHz curve at any rate
static void
test_weighting(void) {
  static const double rates[] = {8000.0, 11025.0, 22050.0, 44100.0, 88200.0, 96000.0, 192000.0};
  PinnaBiquad         standard[PINNA_K_WEIGHTING_SECTIONS];
  pinna_k_weighting(48000.0, standard);
  for (size_t r = 0U; r < sizeof(rates) / sizeof(*rates); ++r) {
    PinnaBiquad sections[PINNA_K_WEIGHTING_SECTIONS];
    double      worst = 0.0;
    pinna_k_weighting(rates[r], sections);
    for (double hz = 20.0; hz < fmin(0.49 * rates[r], 20000.0); hz *= 1.05) {
      double db = 0.0;
      for (int s = 0; s < 2; ++s) {
        double ours[2];
        double theirs[2];
        pinna_biquad_response(&sections[s], rates[r], hz, ours);
        pinna_biquad_response(&standard[s], 48000.0, hz, theirs);
        db += 20.0 * log10(hypot(ours[0], ours[1]) / hypot(theirs[0], theirs[1]));
      }
      worst = fmax(worst, fabs(db));
    }
    tap_at_most(worst, rates[r] < 11000.0 ? 0.05 : 0.015, "K-weighting at %g Hz, in dB", rates[r]);
  }
}

static void
test_stream(void) {
  enum { N = 200000 };
  float* const x = (float*)calloc(2 * (size_t)N, sizeof(float));
  unsigned     seed = 5U;
  for (int i = 0; i < 2 * N; ++i) {
    x[i] = tap_noise(&seed) * (float)(0.1 + 0.1 * sin(i * 3e-5));
  }
  Meter              whole = make_meter(44100.0, 2U);
  Meter              cut = make_meter(44100.0, 2U);
  const float* const all[2] = {x, x + N};
  pinna_loudness_run(whole.loudness, all, N);
  pinna_loudness_run(cut.loudness, all, 777U);
  pinna_loudness_reset(cut.loudness);
  for (uint32_t at = 0U; at < N;) {
    uint32_t n = (uint32_t)(fabsf(tap_noise(&seed)) * 900.0f);
    n = n < N - at ? n : N - at;
    const float* const in[2] = {x + at, x + N + at};
    pinna_loudness_run(cut.loudness, in, n);
    at += n;
  }
  const PinnaLoudnessReading a = read_meter(&whole);
  const PinnaLoudnessReading b = read_meter(&cut);
  tap_ok(!memcmp(&a, &b, sizeof(a)), "readings do not depend on how time is cut");

  Meter quiet = make_meter(rate, 2U);
  play_stereo(&quiet, -INFINITY, 4.0);
  const PinnaLoudnessReading r = read_meter(&quiet);
  tap_ok(r.momentary == PINNA_LOUDNESS_SILENCE && r.integrated == PINNA_LOUDNESS_SILENCE &&
             r.true_peak == PINNA_LOUDNESS_SILENCE && r.range == 0.0,
         "silence reads as silence");
  pinna_arena_free(whole.memory);
  pinna_arena_free(cut.memory);
  pinna_arena_free(quiet.memory);
  free(x);
}

static void
test_refusals(void) {
  static const PinnaLoudnessConfig bad[] = {
      {0.0, 2U, NULL}, {NAN, 2U, NULL}, {1e9, 2U, NULL}, {48000.0, 0U, NULL}, {48000.0, 65U, NULL}};
  for (size_t i = 0U; i < sizeof(bad) / sizeof(*bad); ++i) {
    void* memory = NULL;
    void* object = NULL;
    tap_int(pinna_arena_build(&memory, &object, build, &bad[i]), PINNA_STATUS_BAD_ARG,
            "%u channels at %g Hz are refused", bad[i].n_ch, bad[i].sample_rate);
  }
}

int
main(void) {
  test_integrated();
  test_constant(9, 1.34, 1.66, 5, 3.0);
  test_constant(12, 0.18, 0.22, 25, 1.0);
  test_segments(10, 3.0, 0.15, 0.0);
  test_segments(13, 0.4, 0.02, 0.0);
  test_segments(13, 0.4, 0.02, 0.0047);
  test_steps(11, 3.0, 0.15);
  test_steps(14, 0.4, 0.02);
  test_tones_between();
  test_burst();
  test_range();
  test_weighting();
  test_stream();
  test_refusals();
  tap_int(rt_trap_count(), 0, "listening asks nothing of heap, locks or kernel");
  return tap_done();
}
