// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/denoise.h"
#include "tests/scenes/quality.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The denoiser at its defaults over recorded talkers and made noises; every talker and more seeds
// with PINNA_LONG=1

static uint32_t n_samples = 8U * SCENE_RATE;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_denoise_init((PinnaDenoise**)object, arena, (const PinnaDenoiseConfig*)config);
}

/// `out` without the latency
static void
enhance(const float* const in, float* const out, const uint32_t n) {
  const PinnaDenoiseConfig config = {SCENE_RATE, 1U, false, NULL, NULL};
  void*                    memory = NULL;
  void*                    object = NULL;
  pinna_arena_build(&memory, &object, build, &config);
  const uint32_t latency = pinna_denoise_latency((PinnaDenoise*)object);
  float* const   padded = (float*)calloc(n + latency, sizeof(float));
  memcpy(padded, in, n * sizeof(float));
  pinna_denoise_run((PinnaDenoise*)object, (const float*[]){padded}, (float*[]){padded},
                    n + latency);
  memcpy(out, padded + latency, n * sizeof(float));
  free(padded);
  pinna_arena_free(memory);
}

typedef struct {
  double   worst;
  double   sum;
  unsigned n;
} Score;

static void
count(Score* const score, const double value) {
  score->worst = score->n ? fmin(score->worst, value) : value;
  score->sum += value;
  ++score->n;
}

/// Gains of SI-SDR (at 0 dB) and STOI (at 10 dB) over one talker's scenes
static void
try_talker(const char* const talker, const NoiseKind kind, const unsigned seed, Score* const sdr,
           Score* const stoi) {
  float* const clean = voices_load(talker, seed, n_samples);
  float* const noise = clean ? noise_make(kind, seed, n_samples, talker) : NULL;
  float* const mix = (float*)malloc(n_samples * sizeof(float));
  float* const out = (float*)malloc(n_samples * sizeof(float));
  if (clean && noise) {
    scene_mix(clean, noise, mix, n_samples, 0.0);
    enhance(mix, out, n_samples);
    count(sdr, quality_si_sdr(clean, out, n_samples) - quality_si_sdr(clean, mix, n_samples));
    scene_mix(clean, noise, mix, n_samples, 10.0);
    enhance(mix, out, n_samples);
    count(stoi, quality_stoi(clean, out, n_samples, SCENE_RATE) -
                    quality_stoi(clean, mix, n_samples, SCENE_RATE));
  }
  free(clean);
  free(noise);
  free(mix);
  free(out);
}

static void
test_kind(const NoiseKind kind, const double gate, const double worst, const bool is_long) {
  Score sdr = {0.0, 0.0, 0U};
  Score stoi = {0.0, 0.0, 0U};
  for (uint32_t t = 0U; t < (is_long ? voices_n_talkers : 3U); ++t) {
    for (unsigned seed = 41U; seed < (is_long ? 44U : 42U); ++seed) {
      try_talker(voices_talkers[t], kind, seed, &sdr, &stoi);
    }
  }
  if (!sdr.n) {
    tap_skip("no recorded talkers are installed", "%s", noise_name(kind));
    return;
  }
  tap_diag("%s: %u scenes, SI-SDR at 0 dB %+.2f mean %+.2f worst, STOI at 10 dB %+.4f mean %+.4f "
           "worst",
           noise_name(kind), sdr.n, sdr.sum / sdr.n, sdr.worst, stoi.sum / stoi.n, stoi.worst);
  tap_at_least(sdr.sum / sdr.n, gate, "%s at 0 dB: mean gain of SI-SDR", noise_name(kind));
  tap_at_least(sdr.worst, worst, "%s at 0 dB: worst gain of SI-SDR", noise_name(kind));
  tap_at_least(stoi.worst, -0.005, "%s at 10 dB: worst change of STOI", noise_name(kind));
}

static void
test_clean(const char* const talker) {
  float* const clean = voices_load(talker, 7U, n_samples);
  float* const noise = clean ? noise_make(NOISE_WHITE, 8U, n_samples, talker) : NULL;
  if (!noise) {
    tap_skip("not installed", "talker %s stays clean", talker);
    return;
  }
  float* const mix = (float*)malloc(n_samples * sizeof(float));
  float* const out = (float*)malloc(n_samples * sizeof(float));
  scene_mix(clean, noise, mix, n_samples, 60.0);
  enhance(mix, out, n_samples);
  tap_at_least(quality_si_sdr(clean, out, n_samples), 20.0,
               "talker %s with noise at -60 dB: SI-SDR", talker);
  tap_at_least(quality_stoi(clean, out, n_samples, SCENE_RATE), 0.99, "and STOI");
  free(clean);
  free(noise);
  free(mix);
  free(out);
}

/// The measures keep their promises before they judge
static void
test_measures(void) {
  enum { N = 4 * SCENE_RATE };
  float* const a = noise_make(NOISE_PINK, 3U, N, "");
  float* const b = noise_make(NOISE_PINK, 4U, N, "");
  float* const mix = (float*)malloc(N * sizeof(float));
  for (uint32_t i = 0U; i < N; ++i) { // Bursts, as STOI drops silence
    a[i] *= 0.6f + 0.4f * sinf((float)i * 0.0004f);
  }
  scene_mix(a, b, mix, N, 6.0);
  tap_near(quality_si_sdr(a, mix, N), 6.0, 0.1, "SI-SDR of independent noise is its SNR");
  tap_near(quality_stoi(a, a, N, SCENE_RATE), 1.0, 1e-6, "STOI of the clean signal is 1");
  double before = 1.0;
  for (double snr = 12.0; snr > -12.1; snr -= 6.0) {
    scene_mix(a, b, mix, N, snr);
    const double stoi = quality_stoi(a, mix, N, SCENE_RATE);
    tap_ok(stoi < before, "STOI falls with the SNR: %.3f at %.0f dB", stoi, snr);
    before = stoi;
  }
  free(a);
  free(b);
  free(mix);
}

int
main(void) {
  const char* const variable = getenv("PINNA_LONG");
  const bool        is_long = variable && *variable == '1';
  test_measures();
  test_clean("en");
  test_clean("lj");
  test_kind(NOISE_WHITE, 10.0, 9.5, is_long);
  test_kind(NOISE_PINK_RISING, 6.5, 6.5, is_long);
  test_kind(NOISE_BABBLE, 1.0, 0.3, is_long);
  return tap_done();
}
