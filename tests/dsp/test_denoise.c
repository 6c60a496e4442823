// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/denoise.h"
#include "dsp/noise_profile.h"
#include "tests/rt_trap.h"
#include "tests/scenes/quality.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The denoiser as a block: transparent at rest, late by what it says, bit for bit the same in any
// cut

enum { RATE = 48000 };

typedef struct {
  void*         memory;
  PinnaDenoise* denoise;
} Rig;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_denoise_init((PinnaDenoise**)object, arena, (const PinnaDenoiseConfig*)config);
}

static Rig
make(const PinnaDenoiseConfig config, const PinnaDenoiseParams* const params) {
  Rig   rig = {NULL, NULL};
  void* object = NULL;
  tap_int(pinna_arena_build(&rig.memory, &object, build, &config), PINNA_STATUS_OK,
          "%u channels at %.0f Hz build", config.n_channels, config.rate);
  rig.denoise = (PinnaDenoise*)object;
  pinna_denoise_set(rig.denoise, params);
  pinna_denoise_snap(rig.denoise);
  return rig;
}

static float*
make_noise(const uint32_t n, unsigned seed, const float level) {
  float* const x = (float*)malloc(n * sizeof(float));
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = level * (tap_noise(&seed) + tap_noise(&seed) + tap_noise(&seed) + tap_noise(&seed));
  }
  return x;
}

/// Bursts of a harmonic tone: enough like speech to open the gain
static void
add_bursts(float* const x, const uint32_t n, const float level) {
  for (uint32_t i = 0U; i < n; ++i) {
    const float at = (float)(i % 24000U) / 24000.0f;
    const float shape = at < 0.5f ? sinf((float)M_PI * 2.0f * at) : 0.0f;
    float       tone = 0.0f;
    for (int h = 1; h <= 12; ++h) {
      tone += sinf((float)fmod(2.0 * M_PI * 150.0 * h * i / RATE, 2.0 * M_PI)) / (float)h;
    }
    x[i] += level * shape * tone;
  }
}

static double
power_of(const float* const x, const uint32_t n) {
  double sum = 1e-30;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return sum / n;
}

static double
db(const double ratio) {
  return 10.0 * log10(ratio);
}

static void
run_mono(const Rig* const rig, const float* const in, float* const out, const uint32_t n) {
  pinna_denoise_run(rig->denoise, (const float*[]){in}, (float*[]){out}, n);
}

static void
test_latency(void) {
  static const double      rates[] = {8000,  11025, 16000, 22050,  32000, 44100,
                                      48000, 88200, 96000, 176400, 192000};
  const PinnaDenoiseParams params = pinna_denoise_defaults();
  for (size_t r = 0U; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    for (int low = 0; low < 2; ++low) {
      const Rig      rig = make((PinnaDenoiseConfig){rates[r], 1U, low > 0, NULL, NULL}, &params);
      const uint32_t latency = pinna_denoise_latency(rig.denoise);
      tap_at_most(latency / rates[r], low ? 0.0081 : 0.0214, "%.0f Hz, %s latency", rates[r],
                  low ? "low" : "default");
      PinnaDenoiseParams still = params;
      still.reduction_db = 0.0;
      pinna_denoise_set(rig.denoise, &still);
      float* const x = (float*)calloc(4096U * 4U, sizeof(float));
      x[1000] = 0.5f;
      run_mono(&rig, x, x, 4096U * 4U);
      uint32_t peak = 0U;
      for (uint32_t i = 0U; i < 4096U * 4U; ++i) {
        peak = fabsf(x[i]) > fabsf(x[peak]) ? i : peak;
      }
      tap_int(peak, 1000 + latency, "%.0f Hz: an impulse comes when announced", rates[r]);
      free(x);
      pinna_arena_free(rig.memory);
    }
  }
}

static void
test_null(const bool low, const uint32_t n_channels, unsigned seed) {
  enum { N = 3 * RATE };
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.reduction_db = 0.0;
  params.smoothing = 0.8;
  params.preserve = 0.5;
  params.whitening = 1.0;
  params.dereverb = 1.0;
  const Rig      rig = make((PinnaDenoiseConfig){RATE, n_channels, low, NULL, NULL}, &params);
  const uint32_t latency = pinna_denoise_latency(rig.denoise);
  float*         in[2];
  float*         out[2];
  for (uint32_t c = 0U; c < 2U; ++c) {
    in[c] = make_noise(N, seed + c, 0.02f);
    add_bursts(in[c], N, 0.2f);
    out[c] = (float*)malloc(N * sizeof(float));
  }
  pinna_denoise_run(rig.denoise, (const float* const*)in, out, N);
  double error = 0.0;
  double power = 0.0;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t i = 0U; i + latency < N; ++i) {
      const double e = (double)out[c][i + latency] - (double)in[c][i];
      error += e * e;
      power += (double)in[c][i] * (double)in[c][i];
    }
  }
  tap_at_most(db(error / power), -120.0, "0 dB of reduction nulls, %u channels, %s", n_channels,
              low ? "low latency" : "default");
  for (uint32_t c = 0U; c < 2U; ++c) {
    free(in[c]);
    free(out[c]);
  }
  pinna_arena_free(rig.memory);
}

static void
test_splits(unsigned seed) {
  enum { N = 2 * RATE };
  static const uint32_t lengths[] = {0U, 1U, 31U, 64U, 127U, 1024U, 8192U};
  PinnaDenoiseParams    params = pinna_denoise_defaults();
  params.hum_hz = 50.0;
  params.rumble_hz = 80.0;
  params.dereverb = 0.5;
  params.gate = PINNA_GATE_SPECTRAL;
  params.mix = 0.7;
  params.smoothing = 0.5;
  const Rig    a = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  const Rig    b = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  float* const in = make_noise(N, seed, 0.02f);
  add_bursts(in, N, 0.1f);
  float* const whole = (float*)malloc(N * sizeof(float));
  run_mono(&a, in, whole, N);
  rt_trap_enter();
  for (uint32_t at = 0U; at < N;) { // In place, in pieces
    const uint32_t n = lengths[(uint32_t)(fabsf(tap_noise(&seed)) * 7.0f) % 7U];
    const uint32_t some = n < N - at ? n : N - at;
    run_mono(&b, in + at, in + at, some);
    at += some;
  }
  rt_trap_leave();
  rt_trap_check("the denoiser runs");
  tap_all_equal(in, whole, N, "any cut of time, in place, gives the same bits");
  free(in);
  free(whole);
  pinna_arena_free(a.memory);
  pinna_arena_free(b.memory);
}

/// Attenuation of steady noise, and of noise that rises by 10 dB
static void
test_step(const PinnaDenoiseMethod method, unsigned seed) {
  enum { N = 8 * RATE, STEP = 4 * RATE };
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.method = method;
  const Rig      rig = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  const uint32_t latency = pinna_denoise_latency(rig.denoise);
  float* const   x = make_noise(N, seed, 0.005f);
  for (uint32_t i = STEP; i < N; ++i) {
    x[i] *= 3.16227766f;
  }
  float* const y = (float*)malloc(N * sizeof(float));
  run_mono(&rig, x, y, N);
  const double   before = db(power_of(y + STEP - RATE, RATE) / power_of(x + STEP - RATE, RATE));
  const uint32_t at = STEP + RATE * 3 / 2;
  const double   after = db(power_of(y + at + latency, RATE / 2) / power_of(x + at, RATE / 2));
  tap_at_most(before, -15.0, "noise alone goes down");
  tap_at_most(after, before + 4.0, "noise 10 dB louder is absorbed within 1.5 s, method %d",
              (int)method);
  free(x);
  free(y);
  pinna_arena_free(rig.memory);
}

static void
test_musical(const double reduction, unsigned seed) {
  enum { N = 8 * RATE };
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.reduction_db = reduction;
  const Rig    rig = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  float* const x = make_noise(N, seed, 0.01f);
  float* const y = (float*)malloc(N * sizeof(float));
  run_mono(&rig, x, y, N);
  const double in = log(quality_power_kurtosis(x + 2 * RATE, N - 2 * RATE));
  const double out = log(quality_power_kurtosis(y + 2 * RATE, N - 2 * RATE));
  tap_near(in, log(2.0), 0.02, "Gaussian noise has a kurtosis of 2");
  tap_at_most(out / in, 1.5, "log-kurtosis ratio at %.0f dB: little musical noise", reduction);
  free(x);
  free(y);
  pinna_arena_free(rig.memory);
}

static void
test_listen(unsigned seed) {
  enum { N = 2 * RATE };
  PinnaDenoiseParams params = pinna_denoise_defaults();
  const Rig          wet = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  params.listen = true;
  const Rig      rest = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
  const uint32_t latency = pinna_denoise_latency(wet.denoise);
  float* const   x = make_noise(N, seed, 0.02f);
  float* const   a = (float*)malloc(N * sizeof(float));
  float* const   b = (float*)malloc(N * sizeof(float));
  run_mono(&wet, x, a, N);
  run_mono(&rest, x, b, N);
  for (uint32_t i = 0U; i < N; ++i) {
    a[i] += b[i];
  }
  tap_all_near(a + latency, x, N - latency, 1e-6, "what is heard and what is taken add up");
  free(x);
  free(a);
  free(b);
  pinna_arena_free(wet.memory);
  pinna_arena_free(rest.memory);
}

/// The gate is shut on noise, open on the burst, and with look-back open before it
static void
test_gate(const PinnaGateKind kind) {
  enum { N = 4 * RATE, BURST = 2 * RATE };
  double early[2];
  for (int back = 0; back < 2; ++back) {
    PinnaDenoiseParams params = pinna_denoise_defaults();
    params.reduction_db = 6.0;
    params.gate = kind;
    params.range_db = 60.0;
    params.threshold_db = 6.0;
    const Rig rig = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
    pinna_denoise_prepare(rig.denoise, back ? 0.1 : 0.0, true);
    const uint32_t latency = pinna_denoise_latency(rig.denoise);
    tap_int(latency, 1024 + (back ? 19 * 256 : 0), "look-back adds whole hops");
    float* const x = make_noise(N, 5U, 0.003f);
    float* const y = (float*)malloc(N * sizeof(float));
    float* const tone = (float*)calloc(N, sizeof(float));
    add_bursts(tone, N, 0.3f);
    for (uint32_t i = BURST; i < BURST + RATE / 4; ++i) {
      x[i] += tone[i];
    }
    run_mono(&rig, x, y, N);
    const uint32_t quiet = RATE * 3 / 2;
    tap_at_most(db(power_of(y + quiet + latency, 4800U) / power_of(x + quiet, 4800U)), -50.0,
                "gate %d is shut on noise", (int)kind);
    tap_at_least(
        db(power_of(y + BURST + 3000 + latency, 4800U) / power_of(x + BURST + 3000, 4800U)), -1.0,
        "gate %d is open on a voice", (int)kind);
    const uint32_t before = BURST - 2400;
    early[back] = db(power_of(y + before + latency, 1200U) / power_of(x + before, 1200U));
    free(x);
    free(y);
    free(tone);
    pinna_arena_free(rig.memory);
  }
  tap_at_least(early[1], early[0] + 20.0, "look-back opens gate %d early", (int)kind);
}

/// A mask of its own: half the band is cut by 20 dB
typedef struct {
  uint64_t n_pushed;
  uint64_t last;
  bool     in_order;
} Mask;

static void
mask_push(void* const handle, const float* const* const in, const uint32_t n) {
  (void)in;
  ((Mask*)handle)->n_pushed += n;
}

static float
mask_read(void* const handle, const uint64_t sample, float* const log_gain) {
  Mask* const mask = (Mask*)handle;
  mask->in_order = mask->in_order && sample >= mask->last && sample + 900U <= mask->n_pushed;
  mask->last = sample;
  log_gain[0] = 0.0f;
  log_gain[1] = 0.0f;
  log_gain[2] = log_gain[3] = -2.302585f;
  return sample < 3U * RATE ? 1.0f : 0.0f;
}

static void
mask_reset(void* const handle) {
  *(Mask*)handle = (Mask){0U, 0U, true};
}

static void
test_mask(void) {
  enum { N = 5 * RATE };
  static const float      hz[] = {0.0f, 6000.0f, 6100.0f, 10000.0f};
  Mask                    mask = {0U, 0U, true};
  const PinnaMaskProvider provider = {&mask, 4U, hz, 900U, mask_push, mask_read, mask_reset};
  PinnaDenoiseParams      params = pinna_denoise_defaults();
  params.mask = 1.0;
  params.reduction_db = 30.0;
  const Rig rig = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, &provider}, &params);
  tap_int(pinna_denoise_latency(rig.denoise), 1024 + 512, "the mask's latency adds whole hops");
  static const double tones[] = {2000.0, 9000.0, 14000.0};
  double              heard[3]; ///< While there is a mask
  double              left[3];  ///< Later
  for (int t = 0; t < 3; ++t) {
    pinna_denoise_prepare(rig.denoise, 0.0, true);
    float* const x = (float*)malloc(N * sizeof(float));
    float* const y = (float*)malloc(N * sizeof(float));
    for (uint32_t i = 0U; i < N; ++i) {
      x[i] = 0.1f * sinf((float)fmod(2.0 * M_PI * tones[t] * i / RATE, 2.0 * M_PI));
    }
    run_mono(&rig, x, y, N);
    heard[t] = db(power_of(y + 2 * RATE, 9600U) / power_of(x + 2 * RATE, 9600U));
    left[t] = db(power_of(y + 4 * RATE, 9600U) / power_of(x + 4 * RATE, 9600U));
    free(x);
    free(y);
  }
  tap_near(heard[0], 0.0, 0.1, "the mask alone lets a tone pass that would count as noise");
  tap_near(heard[1], -20.0, 0.2, "and cuts where it says so");
  tap_at_most(heard[2], -29.0, "beyond its last band it lets nothing pass");
  tap_at_most(left[0], -20.0, "a mask that stays away is let go of");
  tap_ok(mask.in_order, "the mask is asked in order, and only for what has been pushed");
  pinna_arena_free(rig.memory);
}

static void
test_rumble(void) {
  enum { N = 3 * RATE };
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.reduction_db = 0.0;
  params.rumble_hz = 100.0;
  for (int octave = -2; octave <= 2; ++octave) {
    const Rig    rig = make((PinnaDenoiseConfig){RATE, 1U, false, NULL, NULL}, &params);
    const double hz = 100.0 * pow(2.0, octave);
    float* const x = (float*)malloc(N * sizeof(float));
    for (uint32_t i = 0U; i < N; ++i) {
      x[i] = 0.3f * (float)sin(2.0 * M_PI * hz * i / RATE);
    }
    run_mono(&rig, x, x, N);
    const double got = db(power_of(x + RATE, 2 * RATE) / 0.045);
    const double want = -db(1.0 + pow(100.0 / hz, 8.0)); // Butterworth, order 4
    tap_near(got, want, 0.15, "the low cut at %.0f Hz is Butterworth's", hz);
    free(x);
    pinna_arena_free(rig.memory);
  }
}

int
main(void) {
  test_latency();
  for (unsigned seed = 1U; seed <= 2U; ++seed) {
    test_null(false, 1U, seed);
    test_null(true, 1U, seed);
    test_null(false, 2U, seed);
    test_splits(seed);
    test_step(PINNA_DENOISE_IMCRA, seed);
    test_step(PINNA_DENOISE_SPP, seed);
    test_musical(24.0, seed);
    test_musical(12.0, seed);
  }
  test_listen(3U);
  test_gate(PINNA_GATE_SPECTRAL);
  test_gate(PINNA_GATE_VOICE);
  test_mask();
  test_rumble();
  return tap_done();
}
