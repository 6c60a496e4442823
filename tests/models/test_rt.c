// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/caption.h"
#include "base/cpu.h"
#include "models/asr.h"
#include "models/asr_model.h"
#include "models/dtln.h"
#include "models/embedded.h"
#include "models/gtcrn.h"
#include "models/mask.h"
#include "models/silero.h"
#include "models/vocoder.h"
#include "models/vocoder_mel.h"
#include "models/vocoder_small.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Running a model asks nothing of the C library's heap and locks, nor of the kernel

static float samples[4096];
static float out[4096];

typedef struct {
  PinnaPlan* plans[2];
} Plans;

static void
describe_silero(const Plans* const plans, const PinnaWeights* const weights) {
  pinna_silero_describe(plans->plans[0], weights);
}

static void
describe_gtcrn(const Plans* const plans, const PinnaWeights* const weights) {
  pinna_gtcrn_describe(plans->plans[0], weights);
}

static void
describe_mask(const Plans* const plans, const PinnaWeights* const weights) {
  pinna_mask_describe(plans->plans[0], weights);
}

static void
describe_dtln(const Plans* const plans, const PinnaWeights* const weights) {
  pinna_dtln_describe(plans->plans[0], plans->plans[1], weights);
}

static PinnaRunnerConfig
config_of(const void* const config) {
  return (PinnaRunnerConfig){((const Plans*)config)->plans[0], pinna_cpu_isa()};
}

static PinnaStatus
build_silero(void** const object, PinnaArena* const arena, const void* const config) {
  const PinnaRunnerConfig runner = config_of(config);
  return pinna_silero_init((PinnaSilero**)object, arena, &runner);
}

static PinnaStatus
build_gtcrn(void** const object, PinnaArena* const arena, const void* const config) {
  const PinnaRunnerConfig runner = config_of(config);
  return pinna_gtcrn_init((PinnaGtcrn**)object, arena, &runner);
}

static PinnaStatus
build_mask(void** const object, PinnaArena* const arena, const void* const config) {
  const PinnaRunnerConfig runner = config_of(config);
  return pinna_mask_init((PinnaMask**)object, arena, &runner);
}

static PinnaStatus
build_dtln(void** const object, PinnaArena* const arena, const void* const config) {
  const Plans* const    plans = (const Plans*)config;
  const PinnaDtlnConfig dtln = {plans->plans[0], plans->plans[1], pinna_cpu_isa()};
  return pinna_dtln_init((PinnaDtln**)object, arena, &dtln);
}

static void
run_silero(void* const model) {
  out[0] = pinna_silero_run((PinnaSilero*)model, samples);
  pinna_silero_reset((PinnaSilero*)model);
}

static const uint32_t lengths[] = {0U, 1U, 31U, 64U, 127U, 1024U, 2049U};
#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static void
run_gtcrn(void* const model) {
  for (size_t i = 0U; i < N_LENGTHS; ++i) {
    pinna_gtcrn_run((PinnaGtcrn*)model, samples, out, lengths[i]);
  }
  pinna_gtcrn_reset((PinnaGtcrn*)model);
}

static void
run_mask(void* const model) {
  for (size_t i = 0U; i < N_LENGTHS; ++i) {
    pinna_mask_run((PinnaMask*)model, samples, out, lengths[i]);
  }
  pinna_mask_reset((PinnaMask*)model);
}

static void
run_dtln(void* const model) {
  for (size_t i = 0U; i < N_LENGTHS; ++i) {
    pinna_dtln_run((PinnaDtln*)model, samples, out, lengths[i]);
  }
  pinna_dtln_reset((PinnaDtln*)model);
}

static const struct {
  const char* file; ///< In ../shared/models, or built in
  void (*describe)(const Plans* plans, const PinnaWeights* weights);
  uint32_t       n_plans;
  PinnaBuildFunc build;
  void (*run)(void* model);
} models[] = {
    {"silero_vad_16k.safetensors", describe_silero, 1U, build_silero, run_silero},
    {"gtcrn_vctk.pt", describe_gtcrn, 1U, build_gtcrn, run_gtcrn},
    {"dtln_norm_500h.safetensors", describe_dtln, 2U, build_dtln, run_dtln},
    {"denoise_mask", describe_mask, 1U, build_mask, run_mask},
};

static void
ignore(void* const handle, const PinnaCaption* const caption) {
  (void)handle;
  (void)caption;
}

static void
run_asr(void* const model) {
  const PinnaAsrSink sink = {NULL, ignore};
  PinnaAsr* const    asr = pinna_asr_model_asr((PinnaAsrModel*)model);
  for (uint32_t i = 0U; i < 30U; ++i) {
    pinna_asr_push(asr, samples, i * 131U, &sink);
  }
  pinna_asr_skip(asr, 1000U, &sink);
  pinna_asr_finish(asr, &sink);
  pinna_asr_reset(asr);
}

/// Network, decoder, endpoint rules and captions together
static void
check_asr(void) {
  const PinnaAsrModelConfig config = {.name = NULL};
  PinnaAsrModel*            model = NULL;
  if (pinna_asr_model_open(&model, &config, NULL)) {
    tap_skip("not built in", "%s", PINNA_ASR_MODEL_DEFAULT);
    return;
  }
  rt_trap_enter();
  run_asr(model);
  rt_trap_leave();
  rt_trap_check("the recogniser runs without the heap");
  rt_trap_check_seccomp(run_asr, model, "the recogniser runs without the kernel");
  pinna_asr_model_close(model);
}

static PinnaStatus
open_weights(PinnaWeights** const weights, const char* const file) {
  const char* const shared = getenv("PINNA_SHARED");
  char              path[1024];
  if (pinna_embedded_find(file)) {
    return pinna_embedded_open(weights, file, NULL);
  }
  snprintf(path, sizeof(path), "%s/models/%s", shared ? shared : PINNA_SHARED_DIR, file);
  return pinna_weights_open(weights, path, NULL);
}

typedef struct {
  PinnaVocoderMel* mel;
  PinnaVocoder     vocoder;
} Resynthesis;

static PinnaStatus
build_mel(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_vocoder_mel_init((PinnaVocoderMel**)object, arena,
                                (const PinnaVocoderFeatures*)config);
}

static void
run_resynthesis(void* const handle) {
  const Resynthesis* const r = (const Resynthesis*)handle;
  float                    mel[PINNA_VOCODER_SMALL_MELS];
  for (uint32_t i = 0U; i < 8U; ++i) {
    pinna_vocoder_mel_run(r->mel, samples + 160U * i, mel);
    r->vocoder.run(r->vocoder.handle, mel, 1U, out);
  }
  pinna_vocoder_mel_reset(r->mel);
  r->vocoder.reset(r->vocoder.handle);
}

static void
test_vocoder(void) {
  const PinnaVocoderFeatures features = pinna_vocoder_small_features();
  PinnaVocoderSmall*         small = NULL;
  void*                      memory = NULL;
  Resynthesis                r = {0};
  PinnaError                 error = {""};
  tap_int(pinna_vocoder_small_open(&small, NULL, "cpu", &error), PINNA_STATUS_OK, "vocoder %s",
          error.text);
  tap_int(pinna_arena_build(&memory, (void**)&r.mel, build_mel, &features), PINNA_STATUS_OK,
          "its frames");
  r.vocoder = pinna_vocoder_small_vocoder(small);
  rt_trap_enter();
  run_resynthesis(&r);
  rt_trap_leave();
  rt_trap_check("the vocoder runs without the heap");
  rt_trap_check_seccomp(run_resynthesis, &r, "the vocoder runs without the kernel");
  pinna_arena_free(memory);
  pinna_vocoder_small_close(small);
}

int
main(void) {
  unsigned seed = 5U;
  for (size_t i = 0U; i < sizeof(samples) / sizeof(samples[0]); ++i) {
    samples[i] = tap_noise(&seed);
  }
  for (size_t i = 0U; i < sizeof(models) / sizeof(models[0]); ++i) {
    PinnaWeights* weights = NULL;
    if (open_weights(&weights, models[i].file)) {
      tap_skip("no weights on this machine", "%s", models[i].file);
      continue;
    }
    const Plans plans = {{pinna_plan_new(), pinna_plan_new()}};
    void*       memory = NULL;
    void*       model = NULL;
    PinnaError  error = {""};
    models[i].describe(&plans, weights);
    for (uint32_t k = 0U; k < models[i].n_plans; ++k) {
      tap_int(pinna_plan_finish(plans.plans[k], &error), PINNA_STATUS_OK, "%s %s", models[i].file,
              error.text);
    }
    tap_int(pinna_arena_build(&memory, &model, models[i].build, &plans), PINNA_STATUS_OK, "built");
    pinna_plan_free(plans.plans[0]);
    pinna_plan_free(plans.plans[1]);
    pinna_weights_free(weights);

    rt_trap_enter();
    models[i].run(model);
    rt_trap_leave();
    rt_trap_check("%s runs without the heap", models[i].file);
    rt_trap_check_seccomp(models[i].run, model, "%s runs without the kernel", models[i].file);
    pinna_arena_free(memory);
  }
  check_asr();
  test_vocoder();
  return tap_done();
}
