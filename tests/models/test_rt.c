// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/caption.h"
#include "base/cpu.h"
#include "models/asr.h"
#include "models/asr_model.h"
#include "models/gtcrn.h"
#include "models/silero.h"
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

static PinnaStatus
build_silero(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_silero_init((PinnaSilero**)object, arena, (const PinnaRunnerConfig*)config);
}

static PinnaStatus
build_gtcrn(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_gtcrn_init((PinnaGtcrn**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
run_silero(void* const model) {
  out[0] = pinna_silero_run((PinnaSilero*)model, samples);
  pinna_silero_reset((PinnaSilero*)model);
}

static void
run_gtcrn(void* const model) {
  static const uint32_t lengths[] = {0U, 1U, 31U, 64U, 127U, 1024U, 2049U};
  for (size_t i = 0U; i < sizeof(lengths) / sizeof(lengths[0]); ++i) {
    pinna_gtcrn_run((PinnaGtcrn*)model, samples, out, lengths[i]);
  }
  pinna_gtcrn_reset((PinnaGtcrn*)model);
}

static const struct {
  const char* file;
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  PinnaBuildFunc build;
  void (*run)(void* model);
} models[] = {
    {"silero_vad_16k.safetensors", pinna_silero_describe, build_silero, run_silero},
    {"gtcrn_vctk.pt", pinna_gtcrn_describe, build_gtcrn, run_gtcrn},
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
  const PinnaAsrModelConfig config = {NULL, NULL, 0U, 0U};
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

int
main(void) {
  const char* const shared = getenv("PINNA_SHARED");
  unsigned          seed = 5U;
  for (size_t i = 0U; i < sizeof(samples) / sizeof(samples[0]); ++i) {
    samples[i] = tap_noise(&seed);
  }
  for (size_t i = 0U; i < sizeof(models) / sizeof(models[0]); ++i) {
    PinnaWeights* weights = NULL;
    char          path[1024];
    snprintf(path, sizeof(path), "%s/models/%s", shared ? shared : PINNA_SHARED_DIR,
             models[i].file);
    if (pinna_weights_open(&weights, path, NULL)) {
      tap_skip("no weights on this machine", "%s", models[i].file);
      continue;
    }
    PinnaPlan* const        plan = pinna_plan_new();
    const PinnaRunnerConfig config = {plan, pinna_cpu_isa()};
    void*                   memory = NULL;
    void*                   model = NULL;
    PinnaError              error = {""};
    models[i].describe(plan, weights);
    tap_int(pinna_plan_finish(plan, &error), PINNA_STATUS_OK, "%s %s", models[i].file, error.text);
    tap_int(pinna_arena_build(&memory, &model, models[i].build, &config), PINNA_STATUS_OK, "built");
    pinna_plan_free(plan);
    pinna_weights_free(weights);

    rt_trap_enter();
    models[i].run(model);
    rt_trap_leave();
    rt_trap_check("%s runs without the heap", models[i].file);
    rt_trap_check_seccomp(models[i].run, model, "%s runs without the kernel", models[i].file);
    pinna_arena_free(memory);
  }
  check_asr();
  return tap_done();
}
