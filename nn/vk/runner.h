// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_RUNNER_H
#define PINNA_NN_VK_RUNNER_H

#include "base/status.h"
#include "nn/plan.h"
#include "nn/vk/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Runs a finished plan on a Vulkan device: everything is made and recorded when it opens, a chunk
// is one submission
//
// After a chunk the device copies its state to the host; two such journals take turns, so that the
// state after the last good chunk is there whatever happens to the next one. One thread at a time.

typedef struct PinnaVkRunnerImpl PinnaVkRunner;

typedef struct {
  const PinnaPlan* plan;       ///< Finished; may be freed after opening
  uint64_t         timeout_ns; ///< Longest wait for a chunk
  size_t           max_range;  ///< Bytes of a binding, 0: what the device can do
} PinnaVkRunnerConfig;

/// Takes part in the device until it is closed.
/// @return UNSUPPORTED: the plan does not fit the device; NO_MEM, LOST
PinnaStatus pinna_vk_runner_open(PinnaVkRunner** self, PinnaVkDevice* device,
                                 const PinnaVkRunnerConfig* config, PinnaError* error);

/// Waits for a chunk that is late, not forever. NULL is allowed.
void pinna_vk_runner_close(PinnaVkRunner* self);

/// One chunk. @param io The plan's place of inputs and outputs: the former are read, the latter
/// written. @return LOST; BUSY: not done in time, or still not: the state is the one before
PinnaStatus pinna_vk_runner_run(PinnaVkRunner* self, float* io);

/// Whether a chunk can be run: not while a late one is on the device
bool pinna_vk_runner_is_ready(PinnaVkRunner* self);

/// The state after the last good chunk, the plan's place of states; good until the next run
const float* pinna_vk_runner_state(const PinnaVkRunner* self);

/// The state for the next chunk, NULL: all 0
void pinna_vk_runner_set_state(PinnaVkRunner* self, const float* state);

/// Dispatches of a chunk, for reports
uint32_t pinna_vk_runner_n_dispatches(const PinnaVkRunner* self);

#endif // PINNA_NN_VK_RUNNER_H
