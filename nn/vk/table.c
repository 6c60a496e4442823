// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/table.h"

#include "base/status.h"

#include <dlfcn.h>
#include <string.h>

// Function pointers from the loader, then from the instance, then from the device's own driver

#define GET_GLOBAL(name)                                                                           \
  t->name = (PFN_vk##name)t->GetInstanceProcAddr(NULL, "vk" #name);                                \
  is_good = is_good && t->name;
#define GET_INSTANCE(name)                                                                         \
  t->name = (PFN_vk##name)t->GetInstanceProcAddr(instance, "vk" #name);                            \
  is_good = is_good && t->name;
#define GET_DEVICE(name)                                                                           \
  t->name = (PFN_vk##name)t->GetDeviceProcAddr(device, "vk" #name);                                \
  is_good = is_good && t->name;

PinnaStatus
pinna_vk_table_open(PinnaVkTable* const t, const char* const library, PinnaError* const error) {
  bool     is_good = true;
  uint32_t version = 0U;
  memset(t, 0, sizeof(*t));
  t->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!t->library) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "no Vulkan here: %s", dlerror());
  }
  *(void**)&t->GetInstanceProcAddr = dlsym(t->library, "vkGetInstanceProcAddr");
  if (!t->GetInstanceProcAddr) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s is no Vulkan loader", library);
  }
  PINNA_VK_GLOBAL_FUNCTIONS(GET_GLOBAL)
  if (!is_good || t->EnumerateInstanceVersion(&version) || version < VK_API_VERSION_1_1) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s is older than Vulkan 1.1", library);
  }
  return PINNA_STATUS_OK;
}

bool
pinna_vk_table_set_instance(PinnaVkTable* const t, const VkInstance instance) {
  bool is_good = true;
  PINNA_VK_INSTANCE_FUNCTIONS(GET_INSTANCE)
  return is_good;
}

bool
pinna_vk_table_set_device(PinnaVkTable* const t, const VkDevice device) {
  bool is_good = true;
  PINNA_VK_DEVICE_FUNCTIONS(GET_DEVICE)
  return is_good;
}
