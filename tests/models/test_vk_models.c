// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/dtln.h"
#include "models/gtcrn.h"
#include "models/hifigan.h"
#include "models/silero.h"
#include "nn/plan.h"
#include "nn/plan_impl.h"
#include "nn/session.h"
#include "nn/vk/device.h"
#include "nn/weights.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Whole models on a device against the processor, chunk after chunk with their state: published
// weights where they are, else noise in their shapes

#define N_CHUNKS 200U
#define TOLERANCE 1e-4

static void
describe_silero(PinnaPlan* const plan, const PinnaWeights* const weights) {
  pinna_silero_describe(plan, weights);
}

static void
describe_dtln_spectrum(PinnaPlan* const plan, const PinnaWeights* const weights) {
  PinnaPlan* const other = pinna_plan_new();
  pinna_dtln_describe(plan, other, weights);
  pinna_plan_free(other);
}

static void
describe_dtln_sound(PinnaPlan* const plan, const PinnaWeights* const weights) {
  PinnaPlan* const other = pinna_plan_new();
  pinna_dtln_describe(other, plan, weights);
  pinna_plan_free(other);
}

/// The third version, an eighth as wide
static void
describe_hifigan(PinnaPlan* const plan, const PinnaWeights* const weights) {
  PinnaHifiganNet net = pinna_hifigan_version(3U);
  net.upsample_initial_channel /= 8U;
  pinna_hifigan_describe(plan, weights, &net, 3U);
}

static const struct {
  const char* name;
  const char* file;
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  const char* input;
  const char* output;
  unsigned    n_chunks;
} models[] = {
    {"Silero", "silero_vad_16k.safetensors", describe_silero, "x", "p", N_CHUNKS},
    {"GTCRN", "gtcrn_dns3.pt", pinna_gtcrn_describe, "features", "mask", N_CHUNKS},
    {"DTLN's mask", "dtln_norm_500h.safetensors", describe_dtln_spectrum, "features", "mask",
     N_CHUNKS},
    {"DTLN's sound", "dtln_norm_500h.safetensors", describe_dtln_sound, "frame", "decoded",
     N_CHUNKS},
    {"HiFi-GAN", "no file", describe_hifigan, "mel", "samples", 12U},
};

static size_t
count_of(const PinnaPlan* const plan, const char* const name) {
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    if (plan->tensors[i].name && !strcmp(plan->tensors[i].name, name) &&
        plan->tensors[i].place == PINNA_PLACE_IO) {
      return plan->tensors[i].count;
    }
  }
  return 0U;
}

/// Greatest difference of all chunks, over the greatest value
static double
compare(PinnaSession* const* const sessions, const PinnaPlan* const plan, const size_t model) {
  const size_t n_in = count_of(plan, models[model].input);
  const size_t n_out = count_of(plan, models[model].output);
  unsigned     seed = 17U;
  double       worst = n_in && n_out ? 0.0 : 1e9;
  double       top = 1e-30;
  for (int s = 0; s < 2; ++s) {
    float* const span = pinna_session_tensor(sessions[s], "span"); // Of a stream without ends
    if (span) {
      span[0] = -1e6F;
      span[1] = 1e6F;
    }
  }
  for (unsigned i = 0U; i < models[model].n_chunks; ++i) {
    const float* y[2];
    const float  level = i % 50U < 30U ? 0.3F : 0.001F;
    for (size_t k = 0U; k < n_in; ++k) {
      const float value = level * tap_noise(&seed);
      for (int s = 0; s < 2; ++s) {
        pinna_session_tensor(sessions[s], models[model].input)[k] = value;
      }
    }
    for (int s = 0; s < 2; ++s) {
      pinna_session_run(sessions[s]);
      y[s] = pinna_session_tensor(sessions[s], models[model].output);
    }
    for (size_t k = 0U; k < n_out; ++k) {
      const double d = fabs((double)y[1][k] - y[0][k]);
      worst = d <= worst ? worst : d;
      top = fabs(y[0][k]) > top ? fabs(y[0][k]) : top;
    }
  }
  return worst / top;
}

static void
try_model(const size_t model, const char* const device) {
  const char* const shared = getenv("PINNA_SHARED");
  const char* const devices[] = {"cpu", device};
  PinnaPlan* const  plan = pinna_plan_new();
  PinnaWeights*     weights = NULL;
  PinnaSession*     sessions[2] = {NULL, NULL};
  PinnaError        error = {""};
  char              path[1024];
  snprintf(path, sizeof(path), "%s/models/%s", shared ? shared : PINNA_SHARED_DIR,
           models[model].file);
  const char* const what = pinna_weights_open(&weights, path, NULL) ? "noise" : "its own";
  models[model].describe(plan, weights);
  pinna_weights_free(weights);
  tap_int(pinna_plan_finish(plan, &error), PINNA_STATUS_OK, "%s with weights: %s%s",
          models[model].name, what, error.text);
  for (int s = 0; s < 2; ++s) {
    const PinnaSessionConfig config = {.plan = plan, .device = devices[s], .timeout_ms = 100000U};
    tap_int(pinna_session_open(&sessions[s], &config, &error), PINNA_STATUS_OK, "%s on %s%s",
            models[model].name, devices[s], error.text);
  }
  if (sessions[0] && sessions[1]) {
    tap_at_most(compare(sessions, plan, model), TOLERANCE, "%s: %u chunks", models[model].name,
                models[model].n_chunks);
    tap_int((long long)pinna_session_counters(sessions[1]).n_device_runs, models[model].n_chunks,
            "all of them on the device");
  }
  pinna_session_close(sessions[0]);
  pinna_session_close(sessions[1]);
  pinna_plan_free(plan);
}

int
main(void) {
  PinnaVkDevice* const device = vk_trial_begin();
  char                 name[300];
  snprintf(name, sizeof(name), "vulkan:%s", pinna_vk_device_name(device));
  for (size_t i = 0U; i < sizeof(models) / sizeof(models[0]); ++i) {
    try_model(i, name);
  }
  vk_trial_end(device);
  return tap_done();
}
