// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/device.h"

#include "base/status.h"
#include "nn/vk/device_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// From a name to an instance, a physical and a logical device with one compute queue

#define MAX_DEVICES 32U
#define MAX_FAMILIES 32U
#define CHECK_LAYER "VK_LAYER_KHRONOS_validation"

bool
pinna_vk_name_has(const char* const name, const char* const part) {
  const size_t n = strlen(part);
  for (const char* c = name; *c; ++c) {
    if (!strncasecmp(c, part, n)) {
      return true;
    }
  }
  return !n;
}

static bool
wants_check(const PinnaVkDevice* const d) {
  static VkLayerProperties layers[64];
  const char* const        wish = getenv("PINNA_VULKAN_CHECK");
  uint32_t                 n = 64U;
  if (!wish || strcmp(wish, "1") != 0 || d->vk.EnumerateInstanceLayerProperties(&n, layers) < 0) {
    return false;
  }
  while (n && strcmp(layers[n - 1U].layerName, CHECK_LAYER) != 0) {
    --n;
  }
  return n > 0U;
}

static VkBool32 VKAPI_CALL
complain(const VkDebugUtilsMessageSeverityFlagBitsEXT      severity,
         const VkDebugUtilsMessageTypeFlagsEXT             types,
         const VkDebugUtilsMessengerCallbackDataEXT* const data, void* const handle) {
  PinnaVkDevice* const d = (PinnaVkDevice*)handle;
  (void)severity;
  (void)types;
  atomic_fetch_add(&d->n_complaints, 1U);
  fprintf(stderr, "# Vulkan: %s\n", data->pMessage);
  return VK_FALSE;
}

static void
add_messenger(PinnaVkDevice* const d) {
  const VkDebugUtilsMessengerCreateInfoEXT info = {
      .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
      .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                         VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
      .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT |
                     VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT,
      .pfnUserCallback = complain,
      .pUserData = d};
  const PFN_vkCreateDebugUtilsMessengerEXT create =
      (PFN_vkCreateDebugUtilsMessengerEXT)d->vk.GetInstanceProcAddr(
          d->instance, "vkCreateDebugUtilsMessengerEXT");
  d->is_checked = create && !create(d->instance, &info, NULL, &d->messenger);
}

static PinnaStatus
make_instance(PinnaVkDevice* const d, PinnaError* const error) {
  static const char* const   layer = CHECK_LAYER;
  static const char* const   extension = VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
  const uint32_t             n_checks = wants_check(d) ? 1U : 0U;
  const VkApplicationInfo    application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                            .pApplicationName = "pinna",
                                            .pEngineName = "pinna",
                                            .apiVersion = VK_API_VERSION_1_1};
  const VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                                     .pApplicationInfo = &application,
                                     .enabledLayerCount = n_checks,
                                     .ppEnabledLayerNames = &layer,
                                     .enabledExtensionCount = n_checks,
                                     .ppEnabledExtensionNames = &extension};
  if (d->vk.CreateInstance(&info, NULL, &d->instance)) {
    d->instance = VK_NULL_HANDLE;
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "no Vulkan driver is installed");
  }
  if (!pinna_vk_table_set_instance(&d->vk, d->instance)) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "the Vulkan loader is incomplete");
  }
  if (n_checks) {
    add_messenger(d);
  }
  return PINNA_STATUS_OK;
}

/// How welcome a device is, 0: not at all
static unsigned
rank_of(const VkPhysicalDeviceProperties* const p, const char* const name) {
  if (p->apiVersion < VK_API_VERSION_1_1 || !pinna_vk_name_has(p->deviceName, name)) {
    return 0U;
  }
  switch (p->deviceType) {
  case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
    return 5U;
  case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
    return 4U;
  case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
    return 3U;
  case VK_PHYSICAL_DEVICE_TYPE_CPU:
    return name[0] ? 1U : 0U; // Slower than our own loops: only who names it gets it
  default:
    return 2U;
  }
}

static void
get_properties(const PinnaVkDevice* const d, const VkPhysicalDevice physical,
               VkPhysicalDeviceProperties* const properties, VkDeviceSize* const max_allocation) {
  VkPhysicalDeviceMaintenance3Properties limits = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES};
  VkPhysicalDeviceProperties2 all = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                     .pNext = &limits};
  d->vk.GetPhysicalDeviceProperties2(physical, &all);
  *properties = all.properties;
  *max_allocation = limits.maxMemoryAllocationSize;
}

/// The best of those that fit the name; `names` tells what there is
static PinnaStatus
pick_physical(PinnaVkDevice* const d, const char* const name, PinnaError* const error) {
  VkPhysicalDevice found[MAX_DEVICES];
  char             names[512] = "";
  uint32_t         n = MAX_DEVICES;
  unsigned         best = 0U;
  if (d->vk.EnumeratePhysicalDevices(d->instance, &n, found) < 0) {
    n = 0U;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    VkPhysicalDeviceProperties properties;
    VkDeviceSize               max_allocation = 0U;
    get_properties(d, found[i], &properties, &max_allocation);
    const unsigned rank = rank_of(&properties, name);
    const size_t   used = strlen(names);
    snprintf(names + used, sizeof(names) - used, "%s%s%s", i ? ", " : "", properties.deviceName,
             properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU
                 ? " (a processor: taken by name only)"
                 : "");
    if (rank > best) {
      best = rank;
      d->physical = found[i];
      d->properties = properties;
      d->max_allocation = max_allocation;
    }
  }
  return best
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_NOT_FOUND, "no Vulkan 1.1 device%s%s%s; there is: %s",
                          name[0] ? " named '" : "", name,
                          name[0] ? "'" : " that is a graphics processor", n ? names : "none");
}

/// The first family that computes; rather one that does not draw as well
static bool
pick_family(PinnaVkDevice* const d) {
  VkQueueFamilyProperties families[MAX_FAMILIES];
  uint32_t                n = MAX_FAMILIES;
  d->vk.GetPhysicalDeviceQueueFamilyProperties(d->physical, &n, families);
  uint32_t best = n;
  for (uint32_t i = n; i-- > 0U;) {
    const VkQueueFlags flags = families[i].queueFlags;
    if ((flags & VK_QUEUE_COMPUTE_BIT) && (best == n || !(flags & VK_QUEUE_GRAPHICS_BIT) ||
                                           (families[best].queueFlags & VK_QUEUE_GRAPHICS_BIT))) {
      best = i;
    }
  }
  d->family = best;
  return best < n;
}

static PinnaStatus
make_device(PinnaVkDevice* const d, PinnaError* const error) {
  const float                   priority = 1.0F;
  const VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                         .queueFamilyIndex = d->family,
                                         .queueCount = 1U,
                                         .pQueuePriorities = &priority};
  const VkDeviceCreateInfo      info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                        .queueCreateInfoCount = 1U,
                                        .pQueueCreateInfos = &queue};
  if (d->vk.CreateDevice(d->physical, &info, NULL, &d->device)) {
    d->device = VK_NULL_HANDLE;
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s does not open",
                      d->properties.deviceName);
  }
  if (!pinna_vk_table_set_device(&d->vk, d->device)) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "the driver of %s is incomplete",
                      d->properties.deviceName);
  }
  d->vk.GetDeviceQueue(d->device, d->family, 0U, &d->queue);
  d->vk.GetPhysicalDeviceMemoryProperties(d->physical, &d->memory);
  const uint32_t limit = d->properties.limits.maxStorageBufferRange;
  d->max_range = limit < PINNA_VK_MAX_RANGE ? limit : PINNA_VK_MAX_RANGE;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_vk_device_open(PinnaVkDevice* const d, const char* const library, const char* const name,
                     PinnaError* const error) {
  PinnaStatus status = pinna_vk_table_open(&d->vk, library, error);
  pthread_mutex_init(&d->mutex, NULL);
  if (!status) {
    status = make_instance(d, error);
  }
  if (!status) {
    status = pick_physical(d, name, error);
  }
  if (!status && !pick_family(d)) {
    status = pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s does not compute",
                        d->properties.deviceName);
  }
  if (!status) {
    status = make_device(d, error);
  }
  if (status) {
    pinna_vk_device_close(d);
  }
  return status;
}

void
pinna_vk_device_close(PinnaVkDevice* const d) {
  if (d->device && d->vk.DestroyDevice) {
    d->vk.DestroyDevice(d->device, NULL);
  }
  if (d->messenger) {
    const PFN_vkDestroyDebugUtilsMessengerEXT destroy =
        (PFN_vkDestroyDebugUtilsMessengerEXT)d->vk.GetInstanceProcAddr(
            d->instance, "vkDestroyDebugUtilsMessengerEXT");
    destroy(d->instance, d->messenger, NULL);
  }
  if (d->instance && d->vk.DestroyInstance) {
    d->vk.DestroyInstance(d->instance, NULL);
  }
  pthread_mutex_destroy(&d->mutex);
}
