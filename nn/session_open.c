// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/clock.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/cpu/runner_impl.h"
#include "nn/device.h"
#include "nn/plan_impl.h"
#include "nn/session.h"
#include "nn/session_impl.h"
#include "nn/vk/device.h"
#include "nn/vk/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a session runs on: asked for by name, or by which is quicker

#define AUTO_MACS 4e6 ///< Below, no device answers before the processor is done
#define AUTO_RUNS 5U
#define FIRST_PATIENCE 64U

static PinnaStatus
build_runner(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

static PinnaStatus
open_cpu(PinnaSession* const s, const PinnaPlan* const plan, PinnaError* const error) {
  const PinnaRunnerConfig config = {.plan = plan, .isa = pinna_cpu_isa()};
  const PinnaStatus status = pinna_arena_build(&s->memory, (void**)&s->cpu, build_runner, &config);
  snprintf(s->cpu_name, sizeof(s->cpu_name), "cpu %s", pinna_isa_name(config.isa));
  if (status) {
    return pinna_fail(error, status, "a network on the processor: %s", pinna_strerror(status));
  }
  s->io = s->cpu->places[PINNA_PLACE_IO];
  return PINNA_STATUS_OK;
}

static void
close_device(PinnaSession* const s) {
  pinna_vk_runner_close(s->vk);
  pinna_vk_device_release(s->device);
  s->vk = NULL;
  s->device = NULL;
  atomic_store(&s->is_on_device, false);
}

static PinnaStatus
open_device(PinnaSession* const s, const PinnaSessionConfig* const config, const char* const name,
            PinnaError* const error) {
  const uint64_t            ms = config->timeout_ms ? config->timeout_ms : 1000U;
  const PinnaVkRunnerConfig runner = {.plan = config->plan, .timeout_ns = ms * 1000000U};
  PinnaStatus               status = pinna_vk_device_acquire(&s->device, name, error);
  status = status ? status : pinna_vk_runner_open(&s->vk, s->device, &runner, error);
  if (status) {
    close_device(s);
    return status;
  }
  snprintf(s->device_name, sizeof(s->device_name), "vulkan %s", pinna_vk_device_name(s->device));
  atomic_store(&s->is_on_device, true);
  return status;
}

/// Whether the device is quicker: the best of some chunks of silence each
static bool
is_quicker(PinnaSession* const s) {
  double best[2] = {1e9, 1e9};
  for (uint32_t i = 0U; i < 2U * AUTO_RUNS; ++i) {
    const double start = pinna_clock_s();
    if (i % 2U) {
      pinna_runner_run(s->cpu);
    } else if (pinna_vk_runner_run(s->vk, s->io)) {
      return false;
    }
    const double time = pinna_clock_s() - start;
    best[i % 2U] = time < best[i % 2U] ? time : best[i % 2U];
  }
  return best[0] < best[1];
}

/// As it was before anything ran
static void
forget(PinnaSession* const s, const PinnaPlan* const plan) {
  memset(s->io, 0, plan->n_floats[PINNA_PLACE_IO] * sizeof(float));
  pinna_runner_reset(s->cpu);
  if (s->vk) {
    pinna_vk_runner_set_state(s->vk, NULL);
  }
}

PinnaStatus
pinna_session_open(PinnaSession** const self, const PinnaSessionConfig* const config,
                   PinnaError* const error) {
  PinnaDeviceChoice choice;
  *self = NULL;
  PinnaStatus status = pinna_device_choose(&choice, config->device, error);
  if (status) {
    return status;
  }
  PinnaSession* const s = (PinnaSession*)calloc(1U, sizeof(PinnaSession));
  if (!s) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a network");
  }
  s->patience = FIRST_PATIENCE;
  status = open_cpu(s, config->plan, error);
  if (!status && choice.kind == PINNA_DEVICE_VULKAN) {
    status = open_device(s, config, choice.name, error);
  } else if (!status && choice.kind == PINNA_DEVICE_AUTO && config->plan->macs >= AUTO_MACS &&
             !open_device(s, config, "", NULL)) {
    if (!is_quicker(s)) {
      close_device(s);
    }
    forget(s, config->plan);
  }
  if (status) {
    pinna_session_close(s);
    return status;
  }
  *self = s;
  return PINNA_STATUS_OK;
}

void
pinna_session_close(PinnaSession* const self) {
  if (self) {
    close_device(self);
    pinna_arena_free(self->memory);
    free(self);
  }
}
