// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/session.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/device.h"

#include <stdio.h>
#include <stdlib.h>

// A processor's runner, and a device's in front of it when there is one

struct PinnaSessionImpl {
  void*                memory;
  PinnaRunner*         cpu;
  char                 cpu_name[32];
  PinnaSessionCounters counters;
};

static PinnaStatus
build_runner(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
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
  if (choice.kind == PINNA_DEVICE_VULKAN) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "this build knows no Vulkan device");
  }
  PinnaSession* const s = (PinnaSession*)calloc(1U, sizeof(PinnaSession));
  if (!s) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a network");
  }
  const PinnaRunnerConfig runner = {config->plan, pinna_cpu_isa()};
  snprintf(s->cpu_name, sizeof(s->cpu_name), "cpu %s", pinna_isa_name(runner.isa));
  status = pinna_arena_build(&s->memory, (void**)&s->cpu, build_runner, &runner);
  if (status) {
    pinna_session_close(s);
    return pinna_fail(error, status, "a network on the processor: %s", pinna_strerror(status));
  }
  *self = s;
  return PINNA_STATUS_OK;
}

void
pinna_session_close(PinnaSession* const self) {
  if (self) {
    pinna_arena_free(self->memory);
    free(self);
  }
}

float*
pinna_session_tensor(PinnaSession* const self, const char* const name) {
  return pinna_runner_tensor(self->cpu, name);
}

void
pinna_session_run(PinnaSession* const self) {
  ++self->counters.n_runs;
  pinna_runner_run(self->cpu);
}

void
pinna_session_reset(PinnaSession* const self) {
  pinna_runner_reset(self->cpu);
}

size_t
pinna_session_state_count(const PinnaSession* const self) {
  return pinna_runner_state_count(self->cpu);
}

void
pinna_session_save(const PinnaSession* const self, float* const state) {
  pinna_runner_save(self->cpu, state);
}

void
pinna_session_restore(PinnaSession* const self, const float* const state) {
  pinna_runner_restore(self->cpu, state);
}

bool
pinna_session_is_realtime(const PinnaSession* const self) {
  (void)self;
  return true;
}

const char*
pinna_session_backend(const PinnaSession* const self) {
  return self->cpu_name;
}

PinnaSessionCounters
pinna_session_counters(const PinnaSession* const self) {
  return self->counters;
}
