// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "nn/plan_impl.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/runner_impl.h"
#include "nn/vk/steps.h"

#include <stdlib.h>
#include <string.h>

// Command buffers, recorded once: inputs in, dispatches with barriers where they depend on each
// other, outputs and journal out

#define COMPUTE VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT
#define TRANSFER VK_PIPELINE_STAGE_TRANSFER_BIT
#define ANY_WRITE (VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT)
#define ANY_ACCESS (ANY_WRITE | VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT)

/// What the recording of one command buffer needs to know
typedef struct {
  const PinnaVkTable* vk;
  VkCommandBuffer     commands;
  const PinnaVkSpan** spans; ///< Touched since the last barrier
  uint32_t            n_spans;
} Recorder;

static void
wait_for_all(const Recorder* const c, const VkPipelineStageFlags to_stage,
             const VkAccessFlags to_access) {
  const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                   .srcAccessMask = ANY_WRITE,
                                   .dstAccessMask = to_access};
  c->vk->CmdPipelineBarrier(c->commands, COMPUTE | TRANSFER, to_stage, 0U, 1U, &barrier, 0U, NULL,
                            0U, NULL);
}

/// Whether a dispatch must not start before those since the last barrier are done
static bool
depends(const Recorder* const c, const PinnaVkDispatch* const d) {
  for (uint32_t i = 0U; i < d->n_spans; ++i) {
    for (uint32_t k = 0U; k < c->n_spans; ++k) {
      const PinnaVkSpan* const a = &d->spans[i];
      const PinnaVkSpan* const b = c->spans[k];
      if ((a->is_written || b->is_written) && a->place == b->place && a->first < b->end &&
          b->first < a->end) {
        return true;
      }
    }
  }
  return false;
}

static void
record_dispatches(const PinnaVkRunner* const r, const PinnaVkMaker* const m, Recorder* const c) {
  uint32_t pipeline = UINT32_MAX;
  uint32_t set = UINT32_MAX;
  for (uint32_t i = 0U; i < m->n_dispatches; ++i) {
    const PinnaVkDispatch* const d = &m->dispatches[i];
    if (depends(c, d)) {
      wait_for_all(c, COMPUTE,
                   ANY_ACCESS & ~(VkAccessFlags)VK_ACCESS_TRANSFER_READ_BIT &
                       ~(VkAccessFlags)VK_ACCESS_TRANSFER_WRITE_BIT);
      c->n_spans = 0U;
    }
    for (uint32_t k = 0U; k < d->n_spans; ++k) {
      c->spans[c->n_spans++] = &d->spans[k];
    }
    if (d->pipeline != pipeline) {
      pipeline = d->pipeline;
      c->vk->CmdBindPipeline(c->commands, VK_PIPELINE_BIND_POINT_COMPUTE, r->pipelines[pipeline]);
    }
    if (d->set != set) {
      set = d->set;
      c->vk->CmdBindDescriptorSets(c->commands, VK_PIPELINE_BIND_POINT_COMPUTE, r->layout, 0U, 1U,
                                   &r->sets[set], 0U, NULL);
    }
    c->vk->CmdPushConstants(c->commands, r->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0U, d->n_push,
                            d->push);
    c->vk->CmdDispatch(c->commands, d->groups[0], d->groups[1], d->groups[2]);
  }
}

/// Inputs or outputs between a slot and the arena
static void
copy_tensors(const PinnaVkRunner* const r, const Recorder* const c, const PinnaVkSlot* const slot,
             const bool is_input) {
  const VkBuffer arena = r->places[PINNA_PLACE_IO].buffer;
  for (uint32_t i = 0U; i < r->n_tensors; ++i) {
    const PinnaVkTensor* const t = &r->tensors[i];
    if (t->is_input == is_input) {
      const VkDeviceSize host = (slot->io + t->first) * sizeof(float);
      const VkDeviceSize device = t->first * sizeof(float);
      const VkBufferCopy copy = {is_input ? host : device, is_input ? device : host,
                                 t->count * sizeof(float)};
      c->vk->CmdCopyBuffer(c->commands, is_input ? r->host.buffer : arena,
                           is_input ? arena : r->host.buffer, 1U, &copy);
    }
  }
}

static VkResult
record_chunk(const PinnaVkRunner* const r, const PinnaVkMaker* const m, Recorder* const c,
             const PinnaVkSlot* const slot) {
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  c->commands = slot->commands;
  c->n_spans = 0U;
  const VkResult result = c->vk->BeginCommandBuffer(c->commands, &begin);
  if (result) {
    return result;
  }
  wait_for_all(c, COMPUTE | TRANSFER, ANY_ACCESS); // For the chunk before
  copy_tensors(r, c, slot, true);
  wait_for_all(c, COMPUTE, VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT);
  record_dispatches(r, m, c);
  wait_for_all(c, TRANSFER, VK_ACCESS_TRANSFER_READ_BIT);
  copy_tensors(r, c, slot, false);
  if (r->n_state) {
    const VkBufferCopy journal = {0U, slot->journal * sizeof(float), r->n_state * sizeof(float)};
    c->vk->CmdCopyBuffer(c->commands, r->places[PINNA_PLACE_STATE].buffer, r->host.buffer, 1U,
                         &journal);
  }
  wait_for_all(c, VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
  return c->vk->EndCommandBuffer(c->commands);
}

/// The host's new state into the arena
static VkResult
record_state(const PinnaVkRunner* const r, Recorder* const c) {
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  c->commands = r->set_state;
  const VkResult result = c->vk->BeginCommandBuffer(c->commands, &begin);
  if (result) {
    return result;
  }
  wait_for_all(c, TRANSFER, VK_ACCESS_TRANSFER_WRITE_BIT);
  if (r->n_state) {
    const VkBufferCopy copy = {0U, 0U, r->n_state * sizeof(float)};
    c->vk->CmdCopyBuffer(c->commands, r->host.buffer, r->places[PINNA_PLACE_STATE].buffer, 1U,
                         &copy);
  }
  return c->vk->EndCommandBuffer(c->commands);
}

static VkResult
allocate(PinnaVkRunner* const r) {
  const PinnaVkTable* const     vk = &r->device->vk;
  const VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                        .queueFamilyIndex = r->device->family};
  VkCommandBufferAllocateInfo   wish = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                        .commandBufferCount = 1U};
  const VkFenceCreateInfo       fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
  VkResult result = vk->CreateCommandPool(r->device->device, &pool, NULL, &r->pool);
  wish.commandPool = r->pool;
  result = result ? result : vk->AllocateCommandBuffers(r->device->device, &wish, &r->set_state);
  for (uint32_t i = 0U; !result && i < PINNA_VK_N_SLOTS; ++i) {
    result = vk->AllocateCommandBuffers(r->device->device, &wish, &r->slots[i].commands);
    result = result ? result : vk->CreateFence(r->device->device, &fence, NULL, &r->slots[i].fence);
  }
  return result;
}

PinnaStatus
pinna_vk_record(PinnaVkRunner* const r, const PinnaVkMaker* const m, PinnaError* const error) {
  const size_t n_spans = (size_t)m->n_dispatches * PINNA_VK_MAX_SPANS;
  Recorder     c = {.vk = &r->device->vk,
                    .spans = (const PinnaVkSpan**)malloc(n_spans * sizeof(PinnaVkSpan*))};
  VkResult     result = c.spans ? allocate(r) : VK_ERROR_OUT_OF_HOST_MEMORY;
  result = result ? result : record_state(r, &c);
  for (uint32_t i = 0U; !result && i < PINNA_VK_N_SLOTS; ++i) {
    result = record_chunk(r, m, &c, &r->slots[i]);
  }
  free(c.spans);
  return result ? pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: no command buffer",
                             pinna_vk_device_name(r->device))
                : PINNA_STATUS_OK;
}
