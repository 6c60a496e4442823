// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_RUNNER_IMPL_H
#define PINNA_NN_VK_RUNNER_IMPL_H

#include "base/status.h"
#include "nn/plan_impl.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/memory.h"
#include "nn/vk/runner.h"
#include "nn/vk/steps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A plan's arenas, pipelines, descriptor sets and command buffers on one device

#define PINNA_VK_N_SLOTS 2U

/// An input or output: floats of the place of inputs and outputs
typedef struct {
  size_t first;
  size_t count;
  bool   is_input;
} PinnaVkTensor;

/// What one of the recorded command buffers works with, floats of the host's buffer
typedef struct {
  VkCommandBuffer commands;
  VkFence         fence;
  size_t          io;
  size_t          journal;
} PinnaVkSlot;

struct PinnaVkRunnerImpl {
  PinnaVkDevice*        device;
  uint64_t              timeout_ns;
  PinnaVkBuffer         places[PINNA_N_PLACES]; ///< The arenas
  PinnaVkBuffer         host; ///< New state, then inputs, outputs, journal of each slot
  size_t                n_state;
  PinnaVkTensor*        tensors;
  uint32_t              n_tensors;
  VkDescriptorSetLayout set_layout;
  VkPipelineLayout      layout;
  VkDescriptorPool      set_pool;
  VkDescriptorSet*      sets;
  uint32_t              n_sets;
  VkPipeline*           pipelines;
  uint32_t              n_pipelines;
  VkCommandPool         pool;
  VkCommandBuffer       set_state; ///< From the host's new state to the arena
  PinnaVkSlot           slots[PINNA_VK_N_SLOTS];
  uint32_t              slot; ///< The next one
  const float*          good; ///< State after the last good chunk
  bool                  is_new_state;
  bool                  is_in_flight; ///< The last submission was not seen to end
  uint32_t              n_dispatches;
};

/// Layouts, and a pipeline for each shader with its constants. Numbers them in the dispatches.
PinnaStatus pinna_vk_make_pipelines(PinnaVkRunner* self, PinnaVkMaker* maker, PinnaError* error);

/// A descriptor set for each combination of windows. Numbers them in the dispatches.
PinnaStatus pinna_vk_make_sets(PinnaVkRunner* self, PinnaVkMaker* maker, PinnaError* error);

/// All command buffers, and their fences
PinnaStatus pinna_vk_record(PinnaVkRunner* self, const PinnaVkMaker* maker, PinnaError* error);

#endif // PINNA_NN_VK_RUNNER_IMPL_H
