// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_CACHE_H
#define PINNA_NN_VK_CACHE_H

#include "nn/vk/device.h"

#include <stdbool.h>
#include <stddef.h>

// Compiled pipelines from one start to the next: $XDG_CACHE_HOME/pinna/vulkan-VENDOR-DEVICE.bin
//
// A file of another device, driver or build, or one that is damaged, counts as none and is
// replaced. It is replaced whole, so that several processes may share it. Nothing depends on it but
// time.

/// Make the device's cache, from its file if that is good
void pinna_vk_cache_open(PinnaVkDevice* device);

/// Write the file if there is something new. @return false: it could not be written
bool pinna_vk_cache_save(PinnaVkDevice* device);

void pinna_vk_cache_close(PinnaVkDevice* device);

/// Its path, empty if there is no such folder
void pinna_vk_cache_path(const PinnaVkDevice* device, char* path, size_t size);

/// Bytes that the file gave when the device was opened
size_t pinna_vk_cache_loaded(const PinnaVkDevice* device);

#endif // PINNA_NN_VK_CACHE_H
