// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/runner_impl.h"
#include "nn/vk/steps.h"

#include <stdlib.h>
#include <string.h>

// Descriptor sets, written once: which window of which arena each binding shows

/// A dispatch before number `n` that sees the same windows, or `n`
static uint32_t
find_same(const PinnaVkMaker* const m, const uint32_t n) {
  const PinnaVkDispatch* const d = m->dispatches;
  uint32_t                     i = 0U;
  while (i < n && memcmp(d[i].windows, d[n].windows, sizeof(d[n].windows)) != 0) {
    ++i;
  }
  return i;
}

static PinnaStatus
allocate(PinnaVkRunner* const r, PinnaError* const error) {
  const PinnaVkTable* const  vk = &r->device->vk;
  const VkDevice             device = r->device->device;
  const VkDescriptorPoolSize size = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, r->n_sets * PINNA_N_BINDS};
  const VkDescriptorPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                           .maxSets = r->n_sets,
                                           .poolSizeCount = 1U,
                                           .pPoolSizes = &size};
  VkDescriptorSetAllocateInfo      wish = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                           .descriptorSetCount = 1U,
                                           .pSetLayouts = &r->set_layout};
  VkResult result = vk->CreateDescriptorPool(device, &pool, NULL, &r->set_pool);
  wish.descriptorPool = r->set_pool;
  for (uint32_t i = 0U; !result && i < r->n_sets; ++i) {
    result = vk->AllocateDescriptorSets(device, &wish, &r->sets[i]);
  }
  return result ? pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: no descriptors",
                             pinna_vk_device_name(r->device))
                : PINNA_STATUS_OK;
}

static void
write(const PinnaVkRunner* const r, const PinnaVkMaker* const m, const PinnaVkDispatch* const d) {
  VkDescriptorBufferInfo buffers[PINNA_N_BINDS];
  VkWriteDescriptorSet   writes[PINNA_N_BINDS];
  for (uint32_t i = 0U; i < PINNA_N_BINDS; ++i) {
    const PinnaVkBuffer* const b = &r->places[d->windows[i].place];
    const size_t               first = d->windows[i].number * m->half * sizeof(float);
    const size_t               most = 2U * m->half * sizeof(float);
    const size_t               left = b->n_bytes - first;
    buffers[i] = (VkDescriptorBufferInfo){b->buffer, first, left < most ? left : most};
    writes[i] = (VkWriteDescriptorSet){.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                       .dstSet = r->sets[d->set],
                                       .dstBinding = i,
                                       .descriptorCount = 1U,
                                       .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                       .pBufferInfo = &buffers[i]};
  }
  r->device->vk.UpdateDescriptorSets(r->device->device, PINNA_N_BINDS, writes, 0U, NULL);
}

PinnaStatus
pinna_vk_make_sets(PinnaVkRunner* const r, PinnaVkMaker* const m, PinnaError* const error) {
  for (uint32_t i = 0U; i < m->n_dispatches; ++i) {
    const uint32_t same = find_same(m, i);
    m->dispatches[i].set = same < i ? m->dispatches[same].set : r->n_sets++;
  }
  r->sets = (VkDescriptorSet*)calloc(r->n_sets, sizeof(VkDescriptorSet));
  if (!r->sets) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for descriptors");
  }
  const PinnaStatus status = allocate(r, error);
  for (uint32_t i = 0U, next = 0U; !status && i < m->n_dispatches; ++i) {
    if (m->dispatches[i].set == next) {
      write(r, m, &m->dispatches[i]);
      ++next;
    }
  }
  return status;
}
