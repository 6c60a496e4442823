// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/attributes.h"
#include "base/status.h"
#include "nn/vk/cache.h"
#include "nn/vk/device.h"
#include "nn/vk/device_impl.h"

#include <pthread.h>
#include <stdlib.h>

// Who shares which device

typedef struct {
  pthread_mutex_t mutex;
  PinnaVkDevice*  first;
  PinnaVkDevice*  stuck; ///< Never closed
} Home;

// Unique in the process although many modules define it, as in base/pool_setup.c; the number
// changes with the layout of Home or the device
__asm__(".pushsection .bss.pinna_vk_home_1, \"aw\", %nobits\n"
        ".balign 64\n"
        ".globl pinna_vk_home_1\n"
        ".type pinna_vk_home_1, %gnu_unique_object\n"
        ".size pinna_vk_home_1, 128\n"
        "pinna_vk_home_1: .zero 128\n"
        ".popsection\n");
PINNA_API extern Home pinna_vk_home_1;
_Static_assert(sizeof(Home) <= 128U, "home fits in its section");

/// One that is open and good
static PinnaVkDevice*
find(const char* const name) {
  PinnaVkDevice* d = pinna_vk_home_1.first;
  while (d && (atomic_load(&d->is_lost) ||
               !(name[0] ? pinna_vk_name_has(d->properties.deviceName, name)
                         : d->properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU))) {
    d = d->next;
  }
  return d;
}

static PinnaStatus
add(PinnaVkDevice** const device, const char* const name, PinnaError* const error) {
  PinnaVkDevice* const d = (PinnaVkDevice*)calloc(1U, sizeof(PinnaVkDevice));
  if (!d) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a Vulkan device");
  }
  const PinnaStatus status = pinna_vk_device_open(d, PINNA_VK_LIBRARY, name, error);
  if (status) {
    free(d);
    return status;
  }
  pinna_vk_cache_open(d);
  d->next = pinna_vk_home_1.first;
  pinna_vk_home_1.first = d;
  *device = d;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_vk_device_acquire(PinnaVkDevice** const device, const char* const name,
                        PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  pthread_mutex_lock(&pinna_vk_home_1.mutex);
  *device = find(name);
  if (!*device) {
    status = add(device, name, error);
  }
  if (*device) {
    ++(*device)->n_users;
  }
  pthread_mutex_unlock(&pinna_vk_home_1.mutex);
  return status;
}

void
pinna_vk_device_release(PinnaVkDevice* const device) {
  if (!device) {
    return;
  }
  pthread_mutex_lock(&pinna_vk_home_1.mutex);
  if (!--device->n_users) {
    PinnaVkDevice** link = &pinna_vk_home_1.first;
    while (*link != device) {
      link = &(*link)->next;
    }
    *link = device->next;
    if (atomic_load(&device->is_stuck)) {
      device->next = pinna_vk_home_1.stuck;
      pinna_vk_home_1.stuck = device;
    } else {
      pinna_vk_cache_close(device);
      pinna_vk_device_close(device);
      free(device);
    }
  }
  pthread_mutex_unlock(&pinna_vk_home_1.mutex);
}

const char*
pinna_vk_device_name(const PinnaVkDevice* const device) {
  return device->properties.deviceName;
}

void
pinna_vk_device_set_lost(PinnaVkDevice* const device) {
  atomic_store(&device->is_lost, true);
}

void
pinna_vk_device_set_stuck(PinnaVkDevice* const device) {
  atomic_store(&device->is_lost, true);
  atomic_store(&device->is_stuck, true);
}

bool
pinna_vk_device_is_lost(const PinnaVkDevice* const device) {
  return atomic_load(&device->is_lost);
}

uint32_t
pinna_vk_device_complaints(const PinnaVkDevice* const device) {
  return device->is_checked ? atomic_load(&device->n_complaints) : UINT32_MAX;
}
