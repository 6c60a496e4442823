// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_RUNNER_H
#define PINNA_NN_CPU_RUNNER_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/plan.h"

#include <stddef.h>
#include <stdint.h>

// Runs a finished plan on the processor: all memory taken at init, nothing but arithmetic after
//
// Several runners of one plan are independent; the plan and the weights may be freed after init.
// Run under pinna_denormal_enter() where the state may decay to silence.

typedef struct PinnaRunnerImpl PinnaRunner;

typedef struct {
  const PinnaPlan* plan; ///< Finished
  PinnaIsa         isa;  ///< At most pinna_cpu_isa(), which is the one to use
} PinnaRunnerConfig;

/// Pack the weights, clear the state. Not realtime.
/// @return BAD_ARG (the plan is not finished, or another instruction set), NO_MEM
PINNA_API PinnaStatus pinna_runner_init(PinnaRunner** self, PinnaArena* arena,
                                        const PinnaRunnerConfig* config);

/// Where an input is written or an output read: [t x f x c]; NULL if there is none. Not realtime.
PINNA_API float* pinna_runner_tensor(PinnaRunner* self, const char* name);

/// Shape of an input or output; all 0 if there is none. Not realtime.
PINNA_API PinnaShape pinna_runner_shape(const PinnaRunner* self, const char* name);

/// One chunk: all operators in order. Realtime.
PINNA_API void pinna_runner_run(PinnaRunner* self) PINNA_RT;

/// Only operator i of those that a run does, for measurements: all of them, in order, are a run.
/// Realtime.
PINNA_API void pinna_runner_run_op(PinnaRunner* self, size_t i) PINNA_RT;

/// State as at the start: all 0. Realtime.
PINNA_API void pinna_runner_reset(PinnaRunner* self) PINNA_RT;

/// Floats of state. Realtime.
PINNA_API size_t pinna_runner_state_count(const PinnaRunner* self) PINNA_RT;

/// Copy the state out, and back: running goes on bit for bit as it did then. Realtime.
PINNA_API void pinna_runner_save(const PinnaRunner* self, float* state) PINNA_RT;
PINNA_API void pinna_runner_restore(PinnaRunner* self, const float* state) PINNA_RT;

#endif // PINNA_NN_CPU_RUNNER_H
