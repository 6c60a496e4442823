// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_MEMORY_H
#define PINNA_NN_VK_MEMORY_H

#include "base/status.h"
#include "nn/vk/device.h"
#include "nn/vk/table.h"

#include <stdbool.h>
#include <stddef.h>

// Buffers with memory of their own: few and big, made once

typedef struct {
  VkBuffer       buffer;
  VkDeviceMemory memory;
  size_t         n_bytes;
  void*          mapped; ///< Always of host memory; of the device's where it can be
} PinnaVkBuffer;

/// @param is_host Coherent memory of the host, rather cached; else the device's
/// @param n_bytes 0 counts as one float
PinnaStatus pinna_vk_buffer_make(PinnaVkBuffer* buffer, PinnaVkDevice* device, size_t n_bytes,
                                 bool is_host, PinnaError* error);
void        pinna_vk_buffer_free(PinnaVkBuffer* buffer, PinnaVkDevice* device);

/// Fill a buffer from the host, `from` NULL: with 0. Waits.
PinnaStatus pinna_vk_upload(PinnaVkDevice* device, const PinnaVkBuffer* to, const void* from,
                            PinnaError* error);

#endif // PINNA_NN_VK_MEMORY_H
