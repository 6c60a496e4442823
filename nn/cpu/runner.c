// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner.h"

#include "nn/cpu/runner_impl.h"

#include <string.h>

// One chunk after the other

void
pinna_runner_run(PinnaRunner* const self) {
  for (uint32_t i = 0U; i < self->n_steps; ++i) {
    self->steps[i].run(&self->steps[i], self->kernels);
  }
}

void
pinna_runner_run_op(PinnaRunner* const self, const size_t i) {
  if (i < self->n_steps) {
    self->steps[i].run(&self->steps[i], self->kernels);
  }
}

void
pinna_runner_reset(PinnaRunner* const self) {
  memset(self->places[PINNA_PLACE_STATE], 0, self->n_state * sizeof(float));
}

size_t
pinna_runner_state_count(const PinnaRunner* const self) {
  return self->n_state;
}

void
pinna_runner_save(const PinnaRunner* const self, float* const state) {
  memcpy(state, self->places[PINNA_PLACE_STATE], self->n_state * sizeof(float));
}

void
pinna_runner_restore(PinnaRunner* const self, const float* const state) {
  memcpy(self->places[PINNA_PLACE_STATE], state, self->n_state * sizeof(float));
}
