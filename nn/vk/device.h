// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_DEVICE_H
#define PINNA_NN_VK_DEVICE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// One logical device of each name for the whole process, shared by all that ask: the broker
//
// With the environment variable PINNA_VULKAN_CHECK=1 new devices get the validation layer, whose
// messages go to stderr and are counted.

typedef struct PinnaVkDeviceImpl PinnaVkDevice;

/// Take part in a device. Any thread, not realtime.
/// @param name Part of its name in any case; "": the best that is not a processor
/// @return NOT_FOUND, with the names that there are; UNSUPPORTED; NO_MEM
PinnaStatus pinna_vk_device_acquire(PinnaVkDevice** device, const char* name, PinnaError* error);

/// The last one closes it. NULL is allowed.
void pinna_vk_device_release(PinnaVkDevice* device);

const char* pinna_vk_device_name(const PinnaVkDevice* device);

/// Never again to be used; others that ask get a new one. Any thread.
void pinna_vk_device_set_lost(PinnaVkDevice* device);
bool pinna_vk_device_is_lost(const PinnaVkDevice* device);

/// Lost, and never to be closed: it may still write to our memory
void pinna_vk_device_set_stuck(PinnaVkDevice* device);

/// What the validation layer said so far, in numbers; UINT32_MAX: it is not there
uint32_t pinna_vk_device_complaints(const PinnaVkDevice* device);

#endif // PINNA_NN_VK_DEVICE_H
