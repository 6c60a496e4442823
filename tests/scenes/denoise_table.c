// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/denoise.h"
#include "models/neural_mask.h"
#include "tests/models/neural_denoiser.h"
#include "tests/scenes/quality.h"
#include "tests/scenes/voices.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The denoiser over talkers, noises and seeds: a table of gains, worst and mean

enum { N_SECONDS = 10, N = N_SECONDS * 48000, LEAD = 0 };

static PinnaDenoiseParams params;
static bool               is_low;
static const char*        weights; ///< Of the learned mask

static void
enhance(const float* const in, float* const out, const uint32_t n) {
  const PinnaNeuralMaskConfig model = {
      .rate = 48000.0, .n_channels = 1U, .path = weights, .mode = PINNA_NN_ENGINE_INLINE};
  PinnaNeuralMask* net = NULL;
  PinnaError       error = {""};
  if (weights && pinna_neural_mask_open(&net, &model, &error)) {
    fprintf(stderr, "%s\n", error.text);
    exit(1);
  }
  if (net) {
    pinna_neural_mask_set_offline(net, true);
  }
  neural_denoiser_run(net, 48000.0, is_low, &params, in, out, n);
  pinna_neural_mask_close(net);
}

static void
read_options(const int argc, char** const argv) {
  params = pinna_denoise_defaults();
  for (int i = 3; i + 1 < argc; i += 2) {
    const double v = atof(argv[i + 1]);
    const struct {
      const char* name;
      double*     value;
    } all[] = {{"reduction", &params.reduction_db}, {"sensitivity", &params.sensitivity},
               {"speed", &params.speed_s},          {"smoothing", &params.smoothing},
               {"preserve", &params.preserve},      {"whitening", &params.whitening},
               {"rumble", &params.rumble_hz},       {"neural", &params.mask}};
    for (size_t k = 0U; k < sizeof(all) / sizeof(all[0]); ++k) {
      if (!strcmp(argv[i], all[k].name)) {
        *all[k].value = v;
      }
    }
    if (!strcmp(argv[i], "method")) {
      params.method = (PinnaDenoiseMethod)v;
    }
    if (!strcmp(argv[i], "weights")) {
      weights = argv[i + 1];
    }
    if (!strcmp(argv[i], "low")) {
      is_low = v > 0.0;
    }
  }
}

static void
scene(const NoiseKind kind, const double snr, const unsigned n_seeds, const char* const only) {
  float* const mix = (float*)malloc(N * sizeof(float));
  float* const out = (float*)malloc(N * sizeof(float));
  double       worst[3] = {INFINITY, INFINITY, INFINITY};
  double       mean[3] = {0.0, 0.0, 0.0};
  unsigned     count = 0U;
  for (uint32_t t = 0U; t < voices_n_talkers; ++t) {
    for (unsigned seed = 1U; seed <= n_seeds; ++seed) {
      if (only && strcmp(only, "all") && !strstr(only, voices_talkers[t])) {
        continue;
      }
      float* const clean = voices_load(voices_talkers[t], seed, N);
      float* const noise = clean ? noise_make(kind, seed + 100U * t, N, voices_talkers[t]) : NULL;
      if (clean && noise) {
        scene_mix(clean, noise, mix, N, snr);
        enhance(mix, out, N);
        const double gain[3] = {
            quality_si_sdr(clean, out, N) - quality_si_sdr(clean, mix, N),
            quality_seg_snr(clean, out, N, 48000.0) - quality_seg_snr(clean, mix, N, 48000.0),
            quality_stoi(clean, out, N, 48000.0) - quality_stoi(clean, mix, N, 48000.0)};
        printf("  %-12s %3.0f dB %-8s seed %u: SI-SDR %+6.2f segSNR %+6.2f STOI %+.4f\n",
               noise_name(kind), snr, voices_talkers[t], seed, gain[0], gain[1], gain[2]);
        for (int i = 0; i < 3; ++i) {
          worst[i] = fmin(worst[i], gain[i]);
          mean[i] += gain[i];
        }
        ++count;
      }
      free(clean);
      free(noise);
    }
  }
  printf("%-12s %3.0f dB worst %+6.2f %+6.2f %+.4f  mean %+6.2f %+6.2f %+.4f\n", noise_name(kind),
         snr, worst[0], worst[1], worst[2], mean[0] / count, mean[1] / count, mean[2] / count);
  free(mix);
  free(out);
}

int
main(const int argc, char** const argv) {
  const unsigned    n_seeds = argc > 1 ? (unsigned)atoi(argv[1]) : 1U;
  const char* const only = argc > 2 ? argv[2] : "all";
  read_options(argc, argv);
  for (int kind = 0; kind < NOISE_N_KINDS; ++kind) {
    if (kind != NOISE_PINK) {
      scene((NoiseKind)kind, 0.0, n_seeds, only);
      scene((NoiseKind)kind, 10.0, n_seeds, only);
    }
  }
  return 0;
}
