// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/specmask.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The masker: identity, silence under masks, levels of fills, gate, clicks, same seed same masks

#define PI 3.14159265358979323846

enum { N_FRAMES = 96000, N_TAPS = 1023 };

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_specmask_init((PinnaSpecmask**)object, arena, (const PinnaSpecmaskConfig*)config);
}

static PinnaSpecmaskParams
base_params(void) {
  PinnaSpecmaskParams p = {.masks = {.seed = 1U,
                                     .bpm = 120.0f,
                                     .time = {PINNA_MASK_NEVER, 1.0f, 1.0f},
                                     .time_width = 0.2f,
                                     .time_vary = 1.0f,
                                     .chance = 1.0f,
                                     .p = 1.0f,
                                     .freq = {PINNA_MASK_NEVER, 1.0f, 1.0f},
                                     .freq_width = 30.0f,
                                     .freq_vary = 1.0f},
                           .depth = 1.0f,
                           .mix = 1.0f,
                           .gate = {.range_db = 60.0f, .attack = 0.005f, .release = 0.05f}};
  for (uint32_t i = 0U; i < PINNA_SPECMASK_N_GATE_BANDS; ++i) {
    p.gate.threshold_db[i] = -40.0f;
  }
  return p;
}

/// @param trigger_at Frame of a press of the button, or N_FRAMES
static uint32_t
render(const PinnaSpecmaskParams* const params, const float* const in, float* const out,
       const uint32_t block, const uint32_t trigger_at) {
  const PinnaSpecmaskConfig config = {48000.0, 1U};
  void*                     memory = NULL;
  void*                     object = NULL;
  if (!tap_ok(!pinna_arena_build(&memory, &object, build, &config), "builds")) {
    exit(tap_done());
  }
  PinnaSpecmask* const self = (PinnaSpecmask*)object;
  pinna_specmask_set(self, params);
  for (uint32_t at = 0U; at < N_FRAMES;) {
    const uint32_t left = N_FRAMES - at;
    uint32_t       n = block < left ? block : left;
    n = at < trigger_at && at + n > trigger_at ? trigger_at - at : n;
    if (at == trigger_at) {
      pinna_specmask_trigger(self);
    }
    const float* const x = in + at;
    float* const       y = out + at;
    pinna_specmask_run(self, &x, &y, n);
    at += n;
  }
  const uint32_t latency = pinna_specmask_latency(self);
  pinna_arena_free(memory);
  return latency;
}

static double
rms(const float* const x, const uint32_t from, const uint32_t to) {
  double sum = 0.0;
  for (uint32_t i = from; i < to; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return sqrt(sum / (to - from));
}

static double
decibels(const double ratio) {
  return 20.0 * log10(fmax(ratio, 1e-12));
}

static float*
make_noise(unsigned seed) {
  float* const x = (float*)calloc(N_FRAMES, sizeof(float));
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    x[i] = 0.5f * tap_noise(&seed);
  }
  return x;
}

static void
make_sine(float* const x, const double hz, const double peak) {
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    x[i] = (float)(peak * sin(2.0 * PI * hz * i / 48000.0));
  }
}

static void
check_identity(const float* const x, float* const y) {
  PinnaSpecmaskParams p = base_params();
  uint32_t            latency = render(&p, x, y, 1024U, N_FRAMES);
  tap_int(latency, 1024, "21.3 ms of latency at 48 kHz");
  tap_all_near(y + latency, x, N_FRAMES - latency, 4e-7, "no masks, no gate: the delayed input");

  p.masks.time.timing = PINNA_MASK_RANDOM;
  p.masks.time.rate = 10.0f;
  p.masks.n_bands = 4U;
  p.gate.enabled = true;
  p.mix = 0.0f;
  latency = render(&p, x, y, 777U, N_FRAMES);
  tap_all_near(y + latency, x, N_FRAMES - latency, 4e-7, "mix 0: the delayed input");
}

static void
check_determinism(const float* const x, float* const y, float* const z) {
  PinnaSpecmaskParams p = base_params();
  p.masks.time.timing = PINNA_MASK_RANDOM;
  p.masks.time.rate = 4.0f;
  p.masks.n_bands = 2U;
  p.masks.freq.timing = PINNA_MASK_RANDOM;
  p.masks.freq.rate = 3.0f;
  p.fill = PINNA_SPECMASK_NOISE;
  render(&p, x, y, 8192U, N_FRAMES);
  render(&p, x, z, 37U, N_FRAMES);
  tap_all_equal(z, y, N_FRAMES, "the same seed masks alike for any block length");
  p.masks.seed = 2U;
  render(&p, x, z, 1024U, N_FRAMES);
  tap_ok(memcmp(z, y, N_FRAMES * sizeof(float)) != 0, "another seed, another sound");
}

/// A pressed button masks 0.5 s: what is left there, by fill
static void
check_fills(const float* const x, float* const y) {
  for (int fill = 0; fill < PINNA_SPECMASK_N_FILLS; ++fill) {
    PinnaSpecmaskParams p = base_params();
    p.masks.time_width = 0.5f;
    p.fill = (PinnaSpecmaskFill)fill;
    const uint32_t latency = render(&p, x, y, 512U, 48000U);
    const uint32_t from = 48000U + latency + 1600U;
    const uint32_t to = from + 24000U - 3200U;
    const double   level = decibels(rms(y, from, to) / rms(x, from, to));
    if (fill == PINNA_SPECMASK_ZERO) {
      tap_at_most(level, -120.0, "silence under a mask");
    } else {
      tap_near(level, 0.0, 1.0, "fill %d keeps the level", fill);
    }
    const uint32_t after = to + 1600U + 2400U;
    double         worst = 0.0;
    for (uint32_t i = after; i < N_FRAMES; ++i) {
      worst = fmax(worst, fabs((double)(y[i] - x[i - latency])));
    }
    tap_at_most(worst, 1e-6, "the input is back after the mask");
    p.depth = 0.5f;
    p.fill = PINNA_SPECMASK_ZERO;
    render(&p, x, y, 512U, 48000U);
    tap_near(decibels(rms(y, from, to) / rms(x, from, to)), -6.02, 0.2, "half the depth is -6 dB");
  }
}

/// Energy of white noise around a frequency, by a windowed DFT at a few bins
static double
level_at(const float* const y, const double hz) {
  double sum = 0.0;
  for (uint32_t from = 24000U; from + 4096U < N_FRAMES; from += 4096U) {
    double re = 0.0;
    double im = 0.0;
    for (uint32_t i = 0U; i < 4096U; ++i) {
      const double window = 0.5 - 0.5 * cos(2.0 * PI * i / 4096.0);
      re += window * (double)y[from + i] * cos(2.0 * PI * hz * i / 48000.0);
      im += window * (double)y[from + i] * sin(2.0 * PI * hz * i / 48000.0);
    }
    sum += re * re + im * im;
  }
  return sqrt(sum);
}

static void
check_frequency_masks(const float* const x, float* const y) {
  for (uint64_t seed = 1U; seed <= 4U; ++seed) {
    PinnaSpecmaskParams p = base_params();
    p.masks.seed = seed;
    p.masks.n_bands = 1U;
    p.masks.in_hz = seed % 2U == 0U;
    p.masks.freq_width = p.masks.in_hz ? 3000.0f : 40.0f;
    p.masks.freq_vary = 0.0f;
    render(&p, x, y, 1024U, N_FRAMES);
    const PinnaMaskClock clock = {0};
    double               low = 0.0;
    double               high = 0.0;
    pinna_mask_clock_band(&clock, &p.masks, 0U, 24000.0, &low, &high);
    const double middle = 0.5 * (low + high);
    tap_at_most(decibels(level_at(y, middle) / level_at(x, middle)), -60.0,
                "seed %d: nothing in %.0f to %.0f Hz", (int)seed, low, high);
    const double beside = high + 200.0 < 23000.0 ? high + 200.0 : low - 200.0;
    tap_near(decibels(level_at(y, beside) / level_at(x, beside)), 0.0, 1.0, "all of it beside");
    if (p.masks.in_hz) {
      tap_near(high - low, 3000.0, 1e-6, "the mask is as wide as asked");
    }
  }
}

static void
check_gate(float* const x, float* const y) {
  PinnaSpecmaskParams p = base_params();
  p.gate.enabled = true;
  make_sine(x, 997.0, 0.1); // -20 dBFS, threshold -40
  render(&p, x, y, 1024U, N_FRAMES);
  tap_near(decibels(rms(y, 48000U, N_FRAMES) / rms(x, 48000U, N_FRAMES)), 0.0, 0.05,
           "20 dB above the threshold passes");
  make_sine(x, 997.0, 0.001); // -60 dBFS
  render(&p, x, y, 1024U, N_FRAMES);
  tap_near(decibels(rms(y, 48000U, N_FRAMES) / rms(x, 48000U, N_FRAMES)), -60.0, 1.0,
           "20 dB below it loses the range");
  p.gate.invert = true;
  render(&p, x, y, 1024U, N_FRAMES);
  tap_near(decibels(rms(y, 48000U, N_FRAMES) / rms(x, 48000U, N_FRAMES)), 0.0, 0.05,
           "inverted, it passes");
  p.gate.invert = false;
  p.gate.offset_db = -40.0f;
  render(&p, x, y, 1024U, N_FRAMES);
  tap_near(decibels(rms(y, 48000U, N_FRAMES) / rms(x, 48000U, N_FRAMES)), 0.0, 0.05,
           "the offset lowers the curve");
  p.gate.offset_db = 0.0f;
  for (uint32_t i = 0U; i < PINNA_SPECMASK_N_GATE_BANDS; ++i) {
    p.gate.threshold_db[i] = PINNA_SPECMASK_GATE_OPEN_DB;
    p.gate.gain_db[i] = -12.0f;
  }
  render(&p, x, y, 1024U, N_FRAMES);
  tap_near(decibels(rms(y, 48000U, N_FRAMES) / rms(x, 48000U, N_FRAMES)), -12.0, 0.05,
           "an open gate leaves the drawn gain");
  const float ends[PINNA_SPECMASK_N_GATE_BANDS] = {[0] = -7.0f, [15] = 5.0f};
  tap_near((double)pinna_specmask_curve(ends, 20.0), -7.0, 1e-6, "the curve is flat below 50 Hz");
  tap_near((double)pinna_specmask_curve(ends, 20000.0), 5.0, 1e-6, "and above 16 kHz");
  tap_near(pinna_specmask_gate_hz(15U), 16000.0, 1e-6, "its last point is at 16 kHz");
}

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

/// Peak above 3 kHz re the sine's: a Kaiser filter of 100 dB, as in test_eq_clicks
static double
click_db(const float* const y, const double peak) {
  static double taps[N_TAPS];
  const double  middle = (N_TAPS - 1) / 2.0;
  for (int i = 0; i < N_TAPS; ++i) {
    const double t = i - middle;
    const double u = t / middle;
    const double cut = 2.0 * 3000.0 / 48000.0;
    const double window = bessel_i0(10.06 * sqrt(fmax(1.0 - u * u, 0.0))) / bessel_i0(10.06);
    taps[i] = window * ((t == 0.0 ? 1.0 : 0.0) - (t == 0.0 ? cut : sin(PI * cut * t) / (PI * t)));
  }
  double worst = 0.0;
  for (uint32_t i = 6000U; i < N_FRAMES; ++i) { // The sine itself begins before
    double sum = 0.0;
    for (uint32_t k = 0U; k < N_TAPS; ++k) {
      sum += taps[k] * (double)y[i - k];
    }
    worst = fmax(worst, fabs(sum));
  }
  return decibels(worst / peak);
}

static void
check_clicks(float* const x, float* const y) {
  make_sine(x, 200.0, 0.25);
  for (uint64_t seed = 1U; seed <= 3U; ++seed) {
    PinnaSpecmaskParams p = base_params();
    p.masks.seed = seed;
    p.masks.time.timing = PINNA_MASK_RANDOM;
    p.masks.time.rate = 6.0f;
    render(&p, x, y, 1024U, N_FRAMES);
    tap_at_most(click_db(y, 0.25), -95.0, "seed %d: time masks do not click", (int)seed);
    p.masks.time.timing = PINNA_MASK_NEVER;
    p.masks.n_bands = 4U;
    p.masks.freq.timing = PINNA_MASK_RANDOM;
    p.masks.freq.rate = 6.0f;
    render(&p, x, y, 1024U, N_FRAMES);
    tap_at_most(click_db(y, 0.25), -95.0, "seed %d: moving frequency masks do not", (int)seed);
  }
}

int
main(void) {
  float* const x = make_noise(11U);
  float* const y = (float*)calloc(N_FRAMES, sizeof(float));
  float* const z = (float*)calloc(N_FRAMES, sizeof(float));
  check_identity(x, y);
  check_determinism(x, y, z);
  check_fills(x, y);
  check_frequency_masks(x, y);
  check_gate(z, y);
  check_clicks(z, y);
  free(x);
  free(y);
  free(z);
  return tap_done();
}
