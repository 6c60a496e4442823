// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_DEVICE_IMPL_H
#define PINNA_NN_VK_DEVICE_IMPL_H

#include "base/status.h"
#include "nn/vk/device.h"
#include "nn/vk/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// A device with its functions: `vk` may be changed by a test that counts calls or forces a loss

#define PINNA_VK_MAX_RANGE (128U << 20U) ///< Bytes of a binding: what every device can do

struct PinnaVkDeviceImpl {
  PinnaVkTable                     vk;
  VkInstance                       instance;
  VkPhysicalDevice                 physical;
  VkDevice                         device;
  VkQueue                          queue;
  pthread_mutex_t                  mutex; ///< Of the queue and the pipeline cache
  uint32_t                         family;
  VkPhysicalDeviceProperties       properties;
  VkPhysicalDeviceMemoryProperties memory;
  VkDeviceSize                     max_allocation;
  uint32_t                         max_range;    ///< Bytes of a binding
  VkPipelineCache                  pipelines;    ///< Or none
  uint64_t                         cache_hash;   ///< Of what its file holds
  size_t                           cache_loaded; ///< Bytes it gave
  VkDebugUtilsMessengerEXT         messenger;
  atomic_uint                      n_complaints;
  bool                             is_checked; ///< There is a validation layer
  atomic_bool                      is_lost;
  atomic_bool                      is_stuck; ///< Still at work when it should have ended: stays
  unsigned                         n_users;  ///< Under the broker's mutex, as `next`
  PinnaVkDevice*                   next;
};

/// Choose a physical device and make the logical one. The broker's mutex is held.
PinnaStatus pinna_vk_device_open(PinnaVkDevice* device, const char* library, const char* name,
                                 PinnaError* error);
void        pinna_vk_device_close(PinnaVkDevice* device);

/// Whether `part` is in `name`, in any case
bool pinna_vk_name_has(const char* name, const char* part);

#endif // PINNA_NN_VK_DEVICE_IMPL_H
