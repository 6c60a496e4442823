// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/session.h"

#include "base/status.h"
#include "nn/cpu/runner.h"
#include "nn/cpu/runner_impl.h"
#include "nn/plan_impl.h"
#include "nn/session_impl.h"
#include "nn/vk/runner.h"

#include <string.h>
#include <time.h>

// Chunk by chunk: on the device, or on the processor from where the device stopped

#define MAX_PATIENCE 16384U

static float
micros_since(const struct timespec* const start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (float)((double)(now.tv_sec - start->tv_sec) * 1e6 +
                 (double)(now.tv_nsec - start->tv_nsec) * 1e-3);
}

/// The processor goes on from the last good chunk; a device that is only late may come back
static void
leave_device(PinnaSession* const s, const PinnaStatus status) {
  pinna_runner_restore(s->cpu, pinna_vk_runner_state(s->vk));
  atomic_store(&s->is_on_device, false);
  if (status == PINNA_STATUS_BUSY) {
    ++s->counters.n_late;
    s->n_wait = s->patience;
    s->patience = s->patience < MAX_PATIENCE ? 2U * s->patience : MAX_PATIENCE;
  } else {
    ++s->counters.n_lost;
  }
}

/// Whether the device is to run this chunk
static bool
use_device(PinnaSession* const s) {
  if (!s->vk || atomic_load(&s->is_on_device)) {
    return s->vk;
  }
  if (s->counters.n_lost || (s->n_wait && --s->n_wait) || !pinna_vk_runner_is_ready(s->vk)) {
    return false;
  }
  pinna_vk_runner_set_state(s->vk, s->cpu->places[PINNA_PLACE_STATE]);
  atomic_store(&s->is_on_device, true);
  return true;
}

void
pinna_session_run(PinnaSession* const self) {
  ++self->counters.n_runs;
  if (use_device(self)) {
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    const PinnaStatus status = pinna_vk_runner_run(self->vk, self->io);
    const float       wait_us = micros_since(&start);
    self->counters.wait_us = wait_us > self->counters.wait_us ? wait_us : self->counters.wait_us;
    if (!status) {
      ++self->counters.n_device_runs;
      return;
    }
    leave_device(self, status);
  }
  pinna_runner_run(self->cpu);
}

void
pinna_session_reset(PinnaSession* const self) {
  if (atomic_load(&self->is_on_device)) {
    pinna_vk_runner_set_state(self->vk, NULL);
  } else {
    pinna_runner_reset(self->cpu);
  }
}

size_t
pinna_session_state_count(const PinnaSession* const self) {
  return pinna_runner_state_count(self->cpu);
}

void
pinna_session_save(const PinnaSession* const self, float* const state) {
  if (atomic_load(&self->is_on_device)) {
    memcpy(state, pinna_vk_runner_state(self->vk),
           pinna_runner_state_count(self->cpu) * sizeof(float));
  } else {
    pinna_runner_save(self->cpu, state);
  }
}

void
pinna_session_restore(PinnaSession* const self, const float* const state) {
  if (atomic_load(&self->is_on_device)) {
    pinna_vk_runner_set_state(self->vk, state);
  } else {
    pinna_runner_restore(self->cpu, state);
  }
}

float*
pinna_session_tensor(PinnaSession* const self, const char* const name) {
  return pinna_runner_tensor(self->cpu, name);
}

bool
pinna_session_is_realtime(const PinnaSession* const self) {
  return !self->vk;
}

const char*
pinna_session_backend(const PinnaSession* const self) {
  return atomic_load(&self->is_on_device) ? self->device_name : self->cpu_name;
}

PinnaSessionCounters
pinna_session_counters(const PinnaSession* const self) {
  return self->counters;
}
