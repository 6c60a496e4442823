// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "dsp/denoise.h"
#include "models/gtcrn.h"
#include "models/neural_mask.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"
#include "tests/models/neural_denoiser.h"
#include "tests/scenes/quality.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <math.h>
#include <samplerate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What the learned mask adds to the statistical denoiser: SI-SDR over it alone, STOI over the input

static uint32_t n_samples;

/// With the mask as the plugin's control at 100 %, or without (`net` NULL)
static void
enhance(PinnaNeuralMask* const net, const float* const in, float* const out) {
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.mask = 1.0;
  neural_denoiser_run(net, SCENE_RATE, false, &params, in, out, n_samples);
}

/// Worst of all talkers, and their mean
typedef struct {
  double   worst_gain;
  double   worst_stoi;
  double   mean_gain;
  unsigned n;
} Score;

static void
add_scene(Score* const score, PinnaNeuralMask* const net, const char* const talker,
          const NoiseKind kind, const double snr) {
  float* const clean = voices_load(talker, 3U, n_samples);
  float* const noise = clean ? noise_make(kind, 5U, n_samples, talker) : NULL;
  if (noise) {
    float* const mix = (float*)malloc(n_samples * sizeof(float));
    float* const alone = (float*)malloc(n_samples * sizeof(float));
    float* const both = (float*)malloc(n_samples * sizeof(float));
    scene_mix(clean, noise, mix, n_samples, snr);
    enhance(NULL, mix, alone);
    enhance(net, mix, both);
    const double gain =
        quality_si_sdr(clean, both, n_samples) - quality_si_sdr(clean, alone, n_samples);
    const double stoi = quality_stoi(clean, both, n_samples, SCENE_RATE) -
                        quality_stoi(clean, mix, n_samples, SCENE_RATE);
    tap_diag("%-8s %2.0f dB %-8s %+6.2f dB over OM-LSA alone (%+6.2f), STOI %+.4f",
             noise_name(kind), snr, talker, gain,
             quality_si_sdr(clean, alone, n_samples) - quality_si_sdr(clean, mix, n_samples), stoi);
    score->worst_gain = score->n ? fmin(score->worst_gain, gain) : gain;
    score->worst_stoi = score->n ? fmin(score->worst_stoi, stoi) : stoi;
    score->mean_gain = (score->mean_gain * score->n + gain) / (score->n + 1U);
    ++score->n;
    free(mix);
    free(alone);
    free(both);
  }
  free(clean);
  free(noise);
}

static PinnaStatus
build_gtcrn(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_gtcrn_init((PinnaGtcrn**)object, arena, (const PinnaRunnerConfig*)config);
}

static float*
to_rate(const float* const x, const uint32_t n, const double ratio, uint32_t* const made) {
  SRC_DATA src = {.data_in = x, .input_frames = (long)n, .src_ratio = ratio};
  src.output_frames = (long)(n * ratio) + 16;
  src.data_out = (float*)calloc((size_t)src.output_frames, sizeof(float));
  src_simple(&src, SRC_SINC_MEDIUM_QUALITY, 1);
  *made = (uint32_t)src.output_frames_gen;
  return src.data_out;
}

/// The whole sound at 16 kHz through GTCRN, its phases too: SI-SDR
static double
gtcrn_alone(PinnaGtcrn* const gtcrn, const float* const clean, const float* const mix) {
  uint32_t       n = 0U;
  float* const   want = to_rate(clean, n_samples, 1.0 / 3.0, &n);
  float* const   x = to_rate(mix, n_samples, 1.0 / 3.0, &n);
  const uint32_t latency = pinna_gtcrn_latency(gtcrn);
  float* const   y = (float*)calloc(n + latency, sizeof(float));
  memcpy(y, x, n * sizeof(float));
  pinna_gtcrn_reset(gtcrn);
  pinna_gtcrn_run(gtcrn, y, y, n + latency);
  const double result = quality_si_sdr(want, y + latency, n);
  free(want);
  free(x);
  free(y);
  return result;
}

/// GTCRN by itself is no better against other voices than in the denoiser: it decides what can be
/// had there, not how its mask is used
static void
test_ceiling(const char* const path, PinnaNeuralMask* const net, const uint32_t n_talkers) {
  PinnaWeights* weights = NULL;
  void*         memory = NULL;
  void*         gtcrn = NULL;
  PinnaError    error = {""};
  PinnaPlan*    plan = pinna_plan_new();
  pinna_weights_open(&weights, path, &error);
  pinna_gtcrn_describe(plan, weights);
  pinna_plan_finish(plan, &error);
  const PinnaRunnerConfig config = {plan, pinna_cpu_isa()};
  pinna_arena_build(&memory, &gtcrn, build_gtcrn, &config);
  for (double snr = 0.0; gtcrn && snr <= 10.0; snr += 10.0) {
    double   alone = 0.0;
    double   with = 0.0;
    unsigned n = 0U;
    for (uint32_t t = 0U; t < n_talkers; ++t) {
      float* const clean = voices_load(voices_talkers[t], 3U, n_samples);
      float* const noise =
          clean ? noise_make(NOISE_BABBLE, 5U, n_samples, voices_talkers[t]) : NULL;
      float* const mix = noise ? (float*)malloc(n_samples * sizeof(float)) : NULL;
      if (mix) {
        scene_mix(clean, noise, mix, n_samples, snr);
        const double before = quality_si_sdr(clean, mix, n_samples);
        alone += gtcrn_alone((PinnaGtcrn*)gtcrn, clean, mix) - before;
        enhance(net, mix, noise);
        with += quality_si_sdr(clean, noise, n_samples) - before;
        ++n;
      }
      free(mix);
      free(noise);
      free(clean);
    }
    if (n) {
      tap_diag("babble at %.0f dB: GTCRN by itself %+.2f dB over the input", snr, alone / n);
      tap_at_least(with / n, alone / n, "GTCRN in the denoiser gives up nothing of it");
    }
  }
  pinna_plan_free(plan);
  pinna_weights_free(weights);
  pinna_arena_free(memory);
}

/// Least mean gains over OM-LSA, a little below what was measured, and least STOI over the input
typedef struct {
  double gain[4];
  double stoi[4];
} Limits;

static const NoiseKind kinds[] = {NOISE_WHITE, NOISE_BABBLE, NOISE_MUSIC, NOISE_RECORDED};
static const Limits    gtcrn_limits = {{-0.8, 0.2, 1.2, 9.0}, {0.0, 0.0, 0.0, -0.007}};
static const Limits    own_limits = {{0.3, 0.4, 1.5, 6.0}, {0.0, 0.0, 0.0, -0.0015}};

static void
test_model(const char* const label, const char* const path, const Limits* const limits,
           const bool is_long) {
  const PinnaNeuralMaskConfig config = {
      .rate = SCENE_RATE, .n_channels = 1U, .path = path, .mode = PINNA_NN_ENGINE_INLINE};
  PinnaNeuralMask* net = NULL;
  PinnaError       error = {""};
  if (path && access(path, R_OK)) {
    tap_skip("no weights on this machine", "%s", label);
    return;
  }
  if (!tap_int(pinna_neural_mask_open(&net, &config, &error), PINNA_STATUS_OK, "%s %s", label,
               error.text)) {
    return;
  }
  pinna_neural_mask_set_offline(net, true);
  for (size_t k = 0U; k < sizeof(kinds) / sizeof(kinds[0]); ++k) {
    for (double snr = 0.0; snr <= 10.0; snr += 10.0) {
      Score score = {0};
      for (uint32_t t = 0U; t < (is_long ? voices_n_talkers : 1U); ++t) {
        add_scene(&score, net, voices_talkers[t], kinds[k], snr);
      }
      if (!score.n) {
        tap_skip("not installed", "%s in %s", label, noise_name(kinds[k]));
        continue;
      }
      tap_at_least(score.mean_gain, limits->gain[k], "%s, %s at %.0f dB: SI-SDR over OM-LSA", label,
                   noise_name(kinds[k]), snr);
      if (snr > 5.0) {
        tap_at_least(score.worst_stoi, limits->stoi[k], "and STOI over the input's");
      }
    }
  }
  if (path) {
    test_ceiling(path, net, is_long ? voices_n_talkers : 1U);
  }
  pinna_neural_mask_close(net);
}

int
main(void) {
  const char* const variable = getenv("PINNA_LONG");
  const char* const named = getenv("PINNA_SHARED");
  const bool        is_long = variable && *variable == '1';
  char              gtcrn[1024];
  n_samples = (is_long ? 10U : 6U) * SCENE_RATE;
  snprintf(gtcrn, sizeof(gtcrn), "%s/models/gtcrn_dns3.pt", named ? named : "../shared");
  test_model("GTCRN", gtcrn, &gtcrn_limits, is_long);
  test_model("the built-in mask", NULL, &own_limits, is_long);
  return tap_done();
}
