// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/denoise.h"
#include "models/neural_mask.h"
#include "plugins/denoise.lv2/denoise_params.h"
#include "tests/scenes/quality.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What the learned mask adds to the statistical denoiser: SI-SDR over it alone, STOI over the input

static uint32_t n_samples;

static void
push(void* const mask, const float* const* const in, const uint32_t n_frames) {
  pinna_neural_mask_push((PinnaNeuralMask*)mask, in, n_frames);
}

static bool
read_mask(void* const mask, const uint64_t sample, float* const log_gain) {
  return pinna_neural_mask_read((const PinnaNeuralMask*)mask, sample, log_gain);
}

static void
reset(void* const mask) {
  pinna_neural_mask_reset((PinnaNeuralMask*)mask);
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_denoise_init((PinnaDenoise**)object, arena, (const PinnaDenoiseConfig*)config);
}

/// With the mask as the plugin's control at 100 %, or without (`net` NULL)
static void
enhance(PinnaNeuralMask* const net, const float* const in, float* const out) {
  const PinnaMaskProvider  mask = {net,
                                   PINNA_NEURAL_MASK_BANDS,
                                   pinna_neural_mask_hz(),
                                   pinna_neural_mask_latency(SCENE_RATE),
                                   push,
                                   read_mask,
                                   reset};
  const PinnaDenoiseConfig config = {
      .rate = SCENE_RATE, .n_channels = 1U, .mask = net ? &mask : NULL};
  PinnaDenoiseParams params = pinna_denoise_defaults();
  void*              memory = NULL;
  void*              object = NULL;
  pinna_arena_build(&memory, &object, build, &config);
  PinnaDenoise* const denoise = (PinnaDenoise*)object;
  params.mask = DENOISE_NEURAL_MOST;
  pinna_denoise_set(denoise, &params);
  pinna_denoise_snap(denoise);
  const uint32_t latency = pinna_denoise_latency(denoise);
  float* const   padded = (float*)calloc(n_samples + latency, sizeof(float));
  memcpy(padded, in, n_samples * sizeof(float));
  pinna_denoise_run(denoise, (const float*[]){padded}, (float*[]){padded}, n_samples + latency);
  memcpy(out, padded + latency, n_samples * sizeof(float));
  free(padded);
  pinna_arena_free(memory);
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

/// Least mean gains over OM-LSA and least STOI over the input, a little below what was measured
typedef struct {
  double gain[4];
  double stoi;
} Limits;

static const NoiseKind kinds[] = {NOISE_WHITE, NOISE_BABBLE, NOISE_MUSIC, NOISE_RECORDED};
static const Limits    gtcrn_limits = {{-1.0, -0.5, 1.0, 3.0}, -0.01};
static const Limits    own_limits = {{-2.0, -1.5, 0.0, 3.0}, -0.02};

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
        tap_at_least(score.worst_stoi, limits->stoi, "and STOI over the input's");
      }
    }
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
