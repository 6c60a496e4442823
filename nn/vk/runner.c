// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/runner.h"

#include "base/status.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/runner_impl.h"

#include <string.h>

// A chunk: inputs to the host's side, one submission, a wait, outputs back

static float*
host_of(const PinnaVkRunner* const r, const size_t first) {
  return (float*)r->host.mapped + first;
}

static void
copy_tensors(const PinnaVkRunner* const r, const bool is_input, float* const to,
             const float* const from) {
  for (uint32_t i = 0U; i < r->n_tensors; ++i) {
    const PinnaVkTensor* const t = &r->tensors[i];
    if (t->is_input == is_input) {
      memcpy(to + t->first, from + t->first, t->count * sizeof(float));
    }
  }
}

static PinnaStatus
lose(PinnaVkRunner* const r) {
  pinna_vk_device_set_lost(r->device);
  return PINNA_STATUS_LOST;
}

static VkResult
submit(PinnaVkRunner* const r, const PinnaVkSlot* const slot) {
  const VkCommandBuffer commands[] = {r->set_state, slot->commands};
  const uint32_t        first = r->is_new_state ? 0U : 1U;
  const VkSubmitInfo    info = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                                .commandBufferCount = 2U - first,
                                .pCommandBuffers = commands + first};
  pthread_mutex_lock(&r->device->mutex);
  const VkResult result = r->device->vk.QueueSubmit(r->device->queue, 1U, &info, slot->fence);
  pthread_mutex_unlock(&r->device->mutex);
  return result;
}

PinnaStatus
pinna_vk_runner_run(PinnaVkRunner* const r, float* const io) {
  const PinnaVkTable* const vk = &r->device->vk;
  const PinnaVkSlot* const  slot = &r->slots[r->slot];
  if (pinna_vk_device_is_lost(r->device)) {
    return PINNA_STATUS_LOST;
  }
  if (!pinna_vk_runner_is_ready(r)) {
    return PINNA_STATUS_BUSY;
  }
  copy_tensors(r, true, host_of(r, slot->io), io);
  if (vk->ResetFences(r->device->device, 1U, &slot->fence) || submit(r, slot)) {
    return lose(r);
  }
  r->is_in_flight = true;
  r->slot = (r->slot + 1U) % PINNA_VK_N_SLOTS;
  const VkResult result =
      vk->WaitForFences(r->device->device, 1U, &slot->fence, VK_TRUE, r->timeout_ns);
  if (result == VK_TIMEOUT) {
    return PINNA_STATUS_BUSY;
  }
  if (result) {
    return lose(r);
  }
  r->is_in_flight = false;
  r->is_new_state = false;
  r->good = host_of(r, slot->journal);
  copy_tensors(r, false, io, host_of(r, slot->io));
  return PINNA_STATUS_OK;
}

bool
pinna_vk_runner_is_ready(PinnaVkRunner* const r) {
  const PinnaVkSlot* const last = &r->slots[(r->slot + PINNA_VK_N_SLOTS - 1U) % PINNA_VK_N_SLOTS];
  if (r->is_in_flight) {
    const VkResult result = r->device->vk.GetFenceStatus(r->device->device, last->fence);
    r->is_in_flight = result == VK_NOT_READY;
    if (result < 0) {
      lose(r);
    }
  }
  return !r->is_in_flight && !pinna_vk_device_is_lost(r->device);
}

const float*
pinna_vk_runner_state(const PinnaVkRunner* const r) {
  return r->good;
}

void
pinna_vk_runner_set_state(PinnaVkRunner* const r, const float* const state) {
  if (state) {
    memmove(host_of(r, 0U), state, r->n_state * sizeof(float));
  } else {
    memset(host_of(r, 0U), 0, r->n_state * sizeof(float));
  }
  r->good = host_of(r, 0U);
  r->is_new_state = true;
}

uint32_t
pinna_vk_runner_n_dispatches(const PinnaVkRunner* const r) {
  return r->n_dispatches;
}
