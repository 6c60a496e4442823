// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/nn/vk_trial.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "nn/cpu/runner.h"
#include "nn/cpu/runner_impl.h"
#include "nn/plan_impl.h"
#include "nn/vk/runner.h"
#include "tests/tap.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A device for a test, and the comparison of two backends

#define TIMEOUT_NS 100000000000U // Machines under test are busy

static char cache_folder[64];

void
vk_trial_keep_drivers(void) {
  static const char* const names[] = {"libvulkan_intel.so",
                                      "libvulkan_intel_hasvk.so",
                                      "libvulkan_lvp.so",
                                      "libvulkan_radeon.so",
                                      "libVkLayer_MESA_device_select.so",
                                      "libVkLayer_khronos_validation.so"};
  for (size_t i = 0U; getenv("PINNA_SANITIZED") && i < sizeof(names) / sizeof(names[0]); ++i) {
    dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  }
}

static void
remove_cache(void) {
  char command[128];
  snprintf(command, sizeof(command), "rm -rf '%s'", cache_folder);
  if (system(command)) {
    tap_diag("%s stays", cache_folder);
  }
}

PinnaVkDevice*
vk_trial_begin(void) {
  PinnaVkDevice* device = NULL;
  PinnaError     error = {""};
  vk_trial_keep_drivers();
  snprintf(cache_folder, sizeof(cache_folder), "%s/pinna-vk-XXXXXX", P_tmpdir);
  if (mkdtemp(cache_folder)) {
    setenv("XDG_CACHE_HOME", cache_folder, 1);
    atexit(remove_cache);
  }
  setenv("PINNA_VULKAN_CHECK", "1", 1);
  if (pinna_vk_device_acquire(&device, "", NULL) &&
      pinna_vk_device_acquire(&device, "llvmpipe", &error)) {
    tap_skip_all("%s", error.text);
  }
  tap_diag("on %s", pinna_vk_device_name(device));
  return device;
}

void
vk_trial_end(PinnaVkDevice* const device) {
  const uint32_t n = pinna_vk_device_complaints(device);
  if (n == UINT32_MAX) {
    tap_skip("vulkan-validationlayers is not installed", "the validation layer is silent");
  } else {
    tap_int(n, 0, "the validation layer is silent");
  }
  pinna_vk_device_release(device);
}

PinnaRef
vk_noise(PinnaPlan* const plan, const size_t count, const float gain, unsigned* const seed) {
  float* const values = (float*)malloc(count * sizeof(float));
  for (size_t i = 0U; values && i < count; ++i) {
    values[i] = gain * tap_noise(seed);
  }
  const PinnaRef ref = pinna_plan_constant(plan, "w", values, count);
  free(values);
  return ref;
}

uint32_t
vk_number(const uint32_t least, const uint32_t most, unsigned* const seed) {
  const float    part = 0.5F * (tap_noise(seed) + 1.0F);
  const uint32_t n = least + (uint32_t)(part * (float)(most - least + 1U));
  return n < most ? n : most;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
fill_inputs(const PinnaPlan* const plan, float* const io, const VkTrial* const trial,
            unsigned* const seed) {
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    const PinnaPlanTensor* const t = &plan->tensors[i];
    for (size_t k = 0U; t->place == PINNA_PLACE_IO && t->is_input && k < t->count; ++k) {
      io[t->offset + k] = trial->whole ? (float)vk_number(0U, (uint32_t)trial->gain, seed)
                                       : trial->gain * tap_noise(seed);
    }
  }
}

/// Greatest difference and value of a place
static void
measure(const float* const a, const float* const b, const size_t n, double* const worst,
        double* const top) {
  for (size_t i = 0U; i < n; ++i) {
    const double d = fabs((double)a[i] - b[i]);
    *worst = d <= *worst ? *worst : d; // Keeps NaN
    *top = fabs(b[i]) > *top ? fabs(b[i]) : *top;
  }
}

static double
compare(PinnaVkRunner* const vk, PinnaRunner* const cpu, const PinnaPlan* const plan,
        const VkTrial* const trial, unsigned seed) {
  const size_t n_io = plan->n_floats[PINNA_PLACE_IO];
  const size_t n_state = plan->n_floats[PINNA_PLACE_STATE];
  float* const io = (float*)calloc(n_io, sizeof(float));
  double       worst = 0.0;
  double       top = 1e-30;
  for (uint32_t i = 0U; io && i < trial->n_runs; ++i) {
    fill_inputs(plan, io, trial, &seed);
    memcpy(cpu->places[PINNA_PLACE_IO], io, n_io * sizeof(float));
    if (pinna_vk_runner_run(vk, io)) {
      worst = 1e9;
    }
    pinna_runner_run(cpu);
    measure(io, cpu->places[PINNA_PLACE_IO], n_io, &worst, &top);
    measure(pinna_vk_runner_state(vk), cpu->places[PINNA_PLACE_STATE], n_state, &worst, &top);
  }
  free(io);
  return worst / top;
}

double
vk_compare(PinnaVkDevice* const device, PinnaPlan* const plan, const VkTrial* const trial,
           const unsigned seed) {
  const PinnaRunnerConfig   config = {.plan = plan, .isa = PINNA_ISA_C};
  const PinnaVkRunnerConfig vk_config = {plan, TIMEOUT_NS, trial->max_range};
  PinnaError                error = {""};
  PinnaVkRunner*            vk = NULL;
  PinnaRunner*              cpu = NULL;
  void*                     memory = NULL;
  double                    worst = 1e9;
  if (!pinna_plan_finish(plan, &error) &&
      !pinna_arena_build(&memory, (void**)&cpu, build, &config) &&
      !pinna_vk_runner_open(&vk, device, &vk_config, &error)) {
    worst = compare(vk, cpu, plan, trial, seed);
  }
  if (error.text[0]) {
    tap_diag("%s", error.text);
  }
  pinna_vk_runner_close(vk);
  pinna_arena_free(memory);
  pinna_plan_free(plan);
  return worst;
}
