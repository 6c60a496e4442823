// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_TABLE_H
#define PINNA_NN_VK_TABLE_H

#include "base/status.h"

#include <stdbool.h>

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan_core.h>

// Vulkan's functions, found when a device is first asked for: nothing links to the loader

#define PINNA_VK_GLOBAL_FUNCTIONS(X)                                                               \
  X(CreateInstance)                                                                                \
  X(EnumerateInstanceLayerProperties)                                                              \
  X(EnumerateInstanceVersion)

#define PINNA_VK_INSTANCE_FUNCTIONS(X)                                                             \
  X(DestroyInstance)                                                                               \
  X(EnumeratePhysicalDevices)                                                                      \
  X(GetPhysicalDeviceProperties2)                                                                  \
  X(GetPhysicalDeviceQueueFamilyProperties)                                                        \
  X(GetPhysicalDeviceMemoryProperties)                                                             \
  X(CreateDevice)                                                                                  \
  X(GetDeviceProcAddr)

#define PINNA_VK_DEVICE_FUNCTIONS(X)                                                               \
  X(DestroyDevice)                                                                                 \
  X(GetDeviceQueue)                                                                                \
  X(CreateBuffer)                                                                                  \
  X(DestroyBuffer)                                                                                 \
  X(GetBufferMemoryRequirements)                                                                   \
  X(AllocateMemory)                                                                                \
  X(FreeMemory)                                                                                    \
  X(BindBufferMemory)                                                                              \
  X(MapMemory)                                                                                     \
  X(CreateShaderModule)                                                                            \
  X(DestroyShaderModule)                                                                           \
  X(CreateDescriptorSetLayout)                                                                     \
  X(DestroyDescriptorSetLayout)                                                                    \
  X(CreateDescriptorPool)                                                                          \
  X(DestroyDescriptorPool)                                                                         \
  X(AllocateDescriptorSets)                                                                        \
  X(UpdateDescriptorSets)                                                                          \
  X(CreatePipelineLayout)                                                                          \
  X(DestroyPipelineLayout)                                                                         \
  X(CreatePipelineCache)                                                                           \
  X(DestroyPipelineCache)                                                                          \
  X(GetPipelineCacheData)                                                                          \
  X(CreateComputePipelines)                                                                        \
  X(DestroyPipeline)                                                                               \
  X(CreateCommandPool)                                                                             \
  X(DestroyCommandPool)                                                                            \
  X(AllocateCommandBuffers)                                                                        \
  X(BeginCommandBuffer)                                                                            \
  X(EndCommandBuffer)                                                                              \
  X(CmdBindPipeline)                                                                               \
  X(CmdBindDescriptorSets)                                                                         \
  X(CmdPushConstants)                                                                              \
  X(CmdDispatch)                                                                                   \
  X(CmdPipelineBarrier)                                                                            \
  X(CmdCopyBuffer)                                                                                 \
  X(CreateFence)                                                                                   \
  X(DestroyFence)                                                                                  \
  X(ResetFences)                                                                                   \
  X(WaitForFences)                                                                                 \
  X(GetFenceStatus)                                                                                \
  X(QueueSubmit)

typedef struct {
  void*                     library; ///< Stays open: drivers do not like to be unloaded
  PFN_vkGetInstanceProcAddr GetInstanceProcAddr;
#define PINNA_VK_MEMBER(name) PFN_vk##name name;
  PINNA_VK_GLOBAL_FUNCTIONS(PINNA_VK_MEMBER)
  PINNA_VK_INSTANCE_FUNCTIONS(PINNA_VK_MEMBER)
  PINNA_VK_DEVICE_FUNCTIONS(PINNA_VK_MEMBER)
#undef PINNA_VK_MEMBER
} PinnaVkTable;

#define PINNA_VK_LIBRARY "libvulkan.so.1"

/// Open the loader and find what needs no instance.
/// @return NOT_FOUND: it is not installed; UNSUPPORTED: it is older than 1.1
PinnaStatus pinna_vk_table_open(PinnaVkTable* table, const char* library, PinnaError* error);

/// @return false: a function is missing
bool pinna_vk_table_set_instance(PinnaVkTable* table, VkInstance instance);
bool pinna_vk_table_set_device(PinnaVkTable* table, VkDevice device);

#endif // PINNA_NN_VK_TABLE_H
