// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq.h"
#include "tests/tap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// No parameter clicks: what a moving equaliser adds above 3 kHz to a 200 Hz sine stays inaudible

#define PI 3.14159265358979323846
#define RATE 48000.0
#define N_TAPS 1023
#define N_FRAMES 96000U
#define BLOCK 256U
#define PEAK 0.25118864315095801 ///< -12 dBFS
#define LOG_E_DB 8.6858896380650365

static double high_pass[N_TAPS];

static double
bessel_i0(const double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; k < 60; ++k) {
    term *= (0.5 * x / k) * (0.5 * x / k);
    sum += term;
  }
  return sum;
}

/// Windowed sinc, 3 kHz, Kaiser window of beta 10.06: 100 dB
static void
design_high_pass(void) {
  const double middle = (N_TAPS - 1) / 2.0;
  const double cut = 2.0 * 3000.0 / RATE;
  for (int i = 0; i < N_TAPS; ++i) {
    const double t = i - middle;
    const double x = t / middle;
    const double window = bessel_i0(10.06 * sqrt(fmax(1.0 - x * x, 0.0))) / bessel_i0(10.06);
    const double low = t == 0.0 ? cut : sin(PI * cut * t) / (PI * t);
    high_pass[i] = window * ((t == 0.0 ? 1.0 : 0.0) - low);
  }
}

static double
peak_above_3k(const float* const y) {
  double peak = 0.0;
  // The first filter length sees the sine begin
  for (uint32_t i = 4800U; i < N_FRAMES; ++i) {
    double sum = 0.0;
    for (uint32_t k = 0U; k < N_TAPS; ++k) {
      sum += high_pass[k] * (double)y[i - k];
    }
    peak = fmax(peak, fabs(sum));
  }
  return LOG_E_DB * log(fmax(peak, 1e-15) / PEAK);
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_eq_init((PinnaEq**)object, arena, (const PinnaEqConfig*)config);
}

/// Sets the equaliser for a position from 0 to 1
typedef void (*MoveFunc)(PinnaEq* eq, double position);

static void
move_band(PinnaEq* const eq, const double freq, const double gain, const double q,
          const PinnaEqType type, const PinnaEqShape shape, const bool enabled) {
  const PinnaEqBand band = {enabled, type, shape, 2U, freq, gain, q};
  pinna_eq_set_band(eq, 0U, &band);
}

static void
move_gain(PinnaEq* const eq, const double p) {
  move_band(eq, 200.0, 12.0 * p, 1.0, PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, true);
}

static void
move_freq(PinnaEq* const eq, const double p) {
  move_band(eq, 100.0 * pow(4.0, p), 12.0, 1.0, PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, true);
}

static void
move_q(PinnaEq* const eq, const double p) {
  move_band(eq, 250.0, 12.0, 0.3 * pow(20.0, p), PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, true);
}

static void
move_analogue_gain(PinnaEq* const eq, const double p) {
  move_band(eq, 200.0, 12.0 * p, 1.0, PINNA_EQ_BELL, PINNA_EQ_SHAPE_ANALOGUE, true);
}

static void
move_analogue_freq(PinnaEq* const eq, const double p) {
  move_band(eq, 100.0 * pow(4.0, p), 12.0, 1.0, PINNA_EQ_LOW_SHELF, PINNA_EQ_SHAPE_ANALOGUE, true);
}

static void
move_low_pass(PinnaEq* const eq, const double p) {
  const PinnaEqBand band = {
      true, PINNA_EQ_LOW_PASS, PINNA_EQ_SHAPE_RBJ, 8U, 300.0 * pow(4.0, p), 0.0, 0.7071};
  pinna_eq_set_band(eq, 0U, &band);
}

static void
move_band_enabled(PinnaEq* const eq, const double p) {
  move_band(eq, 200.0, 12.0, 1.0, PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, p > 0.5);
}

static void
move_type(PinnaEq* const eq, const double p) {
  move_band(eq, 200.0, 12.0, 1.0, p > 0.5 ? PINNA_EQ_HIGH_PASS : PINNA_EQ_HIGH_SHELF,
            PINNA_EQ_SHAPE_RBJ, true);
}

static void
move_sox_band(PinnaEq* const eq, const double p) {
  move_band(eq, 100.0 * pow(4.0, p), 0.0, 1.0, PINNA_EQ_BAND, PINNA_EQ_SHAPE_RBJ, true);
}

static void
move_enabled(PinnaEq* const eq, const double p) {
  move_band(eq, 200.0, 12.0, 1.0, PINNA_EQ_BELL, PINNA_EQ_SHAPE_RBJ, true);
  pinna_eq_set_enabled(eq, p > 0.5);
}

static void
move_output(PinnaEq* const eq, const double p) {
  pinna_eq_set_gains(eq, -6.0 * p, 12.0 * p);
}

static double
measure(const MoveFunc move, const bool ramp) {
  static float        x[N_FRAMES];
  static float        y[N_FRAMES];
  const PinnaEqConfig config = {RATE, 1U, 2U};
  void*               memory = NULL;
  PinnaEq*            eq = NULL;
  if (pinna_arena_build(&memory, (void**)&eq, build, &config)) {
    return NAN;
  }
  move(eq, 0.0);
  pinna_eq_snap(eq);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    x[i] = (float)(PEAK * sin(2.0 * PI * 200.0 * i / RATE));
  }
  for (uint32_t at = 0U; at < N_FRAMES; at += BLOCK) {
    const uint32_t     n = N_FRAMES - at < BLOCK ? N_FRAMES - at : BLOCK;
    const double       swing = fmod(at / 12000.0, 2.0);
    const float* const in[1] = {x + at};
    float* const       out[1] = {y + at};
    move(eq, ramp ? (swing < 1.0 ? swing : 2.0 - swing) : (swing < 1.0 ? 0.0 : 1.0));
    pinna_eq_run(eq, in, out, n);
  }
  pinna_arena_free(memory);
  return peak_above_3k(y);
}

int
main(void) {
  static const struct {
    const char* name;
    MoveFunc    move;
    double      step, ramp; ///< Limits in dB re the input's peak; 0: not a ramp
  } cases[] = {
      {"gain", move_gain, -105.0, -110.0},
      {"freq", move_freq, -105.0, -110.0},
      {"q", move_q, -105.0, -110.0},
      {"analogue bell gain", move_analogue_gain, -105.0, -110.0},
      {"analogue shelf freq", move_analogue_freq, -100.0, -105.0},
      {"48 dB low pass freq", move_low_pass, -95.0, -100.0},
      {"SoX band freq", move_sox_band, -95.0, -105.0},
      {"gains in and out", move_output, -105.0, -110.0},
      {"band enabled", move_band_enabled, -95.0, 0.0},
      {"band type", move_type, -95.0, 0.0},
      {"enabled", move_enabled, -95.0, 0.0},
  };
  design_high_pass();
  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const double step = measure(cases[i].move, false);
    tap_at_most(step, cases[i].step, "%s, step: %.1f dBc", cases[i].name, step);
    if (cases[i].ramp != 0.0) {
      const double ramp = measure(cases[i].move, true);
      tap_at_most(ramp, cases[i].ramp, "%s, ramp: %.1f dBc", cases[i].name, ramp);
    }
  }
  return tap_done();
}
