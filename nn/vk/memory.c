// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/memory.h"

#include "base/status.h"
#include "nn/vk/device_impl.h"

#include <stdint.h>
#include <string.h>

// Memory types by preference, and filling what the host cannot see

#define STAGING_BYTES (8U << 20U)
#define UPLOAD_NS 10000000000U

/// The first type with all of `flags` among those allowed, or UINT32_MAX
static uint32_t
find_type(const PinnaVkDevice* const d, const uint32_t allowed, const VkMemoryPropertyFlags flags) {
  for (uint32_t i = 0U; i < d->memory.memoryTypeCount; ++i) {
    if ((allowed >> i & 1U) && (d->memory.memoryTypes[i].propertyFlags & flags) == flags) {
      return i;
    }
  }
  return UINT32_MAX;
}

static uint32_t
choose_type(const PinnaVkDevice* const d, const uint32_t allowed, const bool is_host) {
  const VkMemoryPropertyFlags seen =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const VkMemoryPropertyFlags best =
      is_host ? seen | VK_MEMORY_PROPERTY_HOST_CACHED_BIT : VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
  const uint32_t type = find_type(d, allowed, best);
  return type != UINT32_MAX ? type : find_type(d, allowed, is_host ? seen : 0U);
}

PinnaStatus
pinna_vk_buffer_make(PinnaVkBuffer* const b, PinnaVkDevice* const d, const size_t n_bytes,
                     const bool is_host, PinnaError* const error) {
  const VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                   .size = n_bytes ? n_bytes : sizeof(float),
                                   .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                            VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                            VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                                   .sharingMode = VK_SHARING_MODE_EXCLUSIVE};
  VkMemoryRequirements     needs;
  *b = (PinnaVkBuffer){.n_bytes = info.size};
  if (d->vk.CreateBuffer(d->device, &info, NULL, &b->buffer)) {
    b->buffer = VK_NULL_HANDLE;
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s makes no buffer of %zu bytes",
                      d->properties.deviceName, b->n_bytes);
  }
  d->vk.GetBufferMemoryRequirements(d->device, b->buffer, &needs);
  const VkMemoryAllocateInfo wish = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                     .allocationSize = needs.size,
                                     .memoryTypeIndex =
                                         choose_type(d, needs.memoryTypeBits, is_host)};
  if (wish.memoryTypeIndex == UINT32_MAX || needs.size > d->max_allocation ||
      d->vk.AllocateMemory(d->device, &wish, NULL, &b->memory) ||
      d->vk.BindBufferMemory(d->device, b->buffer, b->memory, 0U)) {
    pinna_vk_buffer_free(b, d);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s has no memory for %zu bytes",
                      d->properties.deviceName, (size_t)info.size);
  }
  const VkMemoryPropertyFlags flags = d->memory.memoryTypes[wish.memoryTypeIndex].propertyFlags;
  if ((flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) &&
      (flags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT) &&
      d->vk.MapMemory(d->device, b->memory, 0U, VK_WHOLE_SIZE, 0U, &b->mapped)) {
    b->mapped = NULL;
  }
  if (is_host && !b->mapped) {
    pinna_vk_buffer_free(b, d);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s maps no memory", d->properties.deviceName);
  }
  return PINNA_STATUS_OK;
}

void
pinna_vk_buffer_free(PinnaVkBuffer* const b, PinnaVkDevice* const d) {
  d->vk.DestroyBuffer(d->device, b->buffer, NULL);
  d->vk.FreeMemory(d->device, b->memory, NULL); // And unmaps it
  *b = (PinnaVkBuffer){0};
}

/// What an upload needs for the while
typedef struct {
  PinnaVkBuffer   staging;
  VkCommandPool   pool;
  VkCommandBuffer commands;
  VkFence         fence;
} Upload;

static VkResult
make_upload(Upload* const u, PinnaVkDevice* const d) {
  const VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                        .queueFamilyIndex = d->family};
  VkCommandBufferAllocateInfo   wish = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                        .commandBufferCount = 1U};
  const VkFenceCreateInfo       fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
  VkResult                      result = d->vk.CreateCommandPool(d->device, &pool, NULL, &u->pool);
  wish.commandPool = u->pool;
  result = result ? result : d->vk.AllocateCommandBuffers(d->device, &wish, &u->commands);
  return result ? result : d->vk.CreateFence(d->device, &fence, NULL, &u->fence);
}

static VkResult
copy_part(Upload* const u, PinnaVkDevice* const d, const VkBuffer to,
          const VkBufferCopy* const copy) {
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                          .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
  const VkSubmitInfo             submit = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                                           .commandBufferCount = 1U,
                                           .pCommandBuffers = &u->commands};
  VkResult                       result = d->vk.BeginCommandBuffer(u->commands, &begin);
  if (!result) {
    d->vk.CmdCopyBuffer(u->commands, u->staging.buffer, to, 1U, copy);
    result = d->vk.EndCommandBuffer(u->commands);
  }
  if (!result) {
    pthread_mutex_lock(&d->mutex);
    result = d->vk.QueueSubmit(d->queue, 1U, &submit, u->fence);
    pthread_mutex_unlock(&d->mutex);
  }
  result = result ? result : d->vk.WaitForFences(d->device, 1U, &u->fence, VK_TRUE, UPLOAD_NS);
  return result ? result : d->vk.ResetFences(d->device, 1U, &u->fence);
}

static void
fill(void* const to, const void* const from, const size_t first, const size_t n) {
  if (from) {
    memcpy(to, (const char*)from + first, n);
  } else {
    memset(to, 0, n);
  }
}

PinnaStatus
pinna_vk_upload(PinnaVkDevice* const d, const PinnaVkBuffer* const to, const void* const from,
                PinnaError* const error) {
  Upload       u = {.pool = VK_NULL_HANDLE};
  const size_t most = to->n_bytes < STAGING_BYTES ? to->n_bytes : STAGING_BYTES;
  if (to->mapped) {
    fill(to->mapped, from, 0U, to->n_bytes);
    return PINNA_STATUS_OK;
  }
  const PinnaStatus status = pinna_vk_buffer_make(&u.staging, d, most, true, error);
  if (status) {
    return status;
  }
  VkResult result = make_upload(&u, d);
  for (size_t first = 0U; !result && first < to->n_bytes; first += most) {
    const size_t       left = to->n_bytes - first;
    const VkBufferCopy copy = {.dstOffset = first, .size = left < most ? left : most};
    fill(u.staging.mapped, from, first, copy.size);
    result = copy_part(&u, d, to->buffer, &copy);
  }
  if (result == VK_TIMEOUT) {
    pinna_vk_device_set_stuck(d); // What it may still read cannot be freed
    return pinna_fail(error, PINNA_STATUS_LOST, "%s does not answer", d->properties.deviceName);
  }
  d->vk.DestroyFence(d->device, u.fence, NULL);
  d->vk.DestroyCommandPool(d->device, u.pool, NULL);
  pinna_vk_buffer_free(&u.staging, d);
  return result ? pinna_fail(error, PINNA_STATUS_LOST, "%s takes no data", d->properties.deviceName)
                : PINNA_STATUS_OK;
}
