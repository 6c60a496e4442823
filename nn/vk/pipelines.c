// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/runner_impl.h"
#include "nn/vk/shaders.h"
#include "nn/vk/steps.h"

#include <stdlib.h>
#include <string.h>

// One layout for all, and pipelines specialised by their constants, each made once

static PinnaStatus
make_layouts(PinnaVkRunner* const r, PinnaError* const error) {
  const PinnaVkTable* const    vk = &r->device->vk;
  VkDescriptorSetLayoutBinding binds[PINNA_N_BINDS];
  for (uint32_t i = 0U; i < PINNA_N_BINDS; ++i) {
    binds[i] = (VkDescriptorSetLayoutBinding){.binding = i,
                                              .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                              .descriptorCount = 1U,
                                              .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT};
  }
  const VkDescriptorSetLayoutCreateInfo set = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
      .bindingCount = PINNA_N_BINDS,
      .pBindings = binds};
  const VkPushConstantRange  push = {.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
                                     .size = PINNA_VK_MAX_PUSH * sizeof(uint32_t)};
  VkPipelineLayoutCreateInfo layout = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                       .setLayoutCount = 1U,
                                       .pSetLayouts = &r->set_layout,
                                       .pushConstantRangeCount = 1U,
                                       .pPushConstantRanges = &push};
  const VkDevice             device = r->device->device;
  return vk->CreateDescriptorSetLayout(device, &set, NULL, &r->set_layout) ||
                 vk->CreatePipelineLayout(device, &layout, NULL, &r->layout)
             ? pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: no layout",
                          pinna_vk_device_name(r->device))
             : PINNA_STATUS_OK;
}

static VkResult
make_pipeline(PinnaVkRunner* const r, const PinnaVkDispatch* const d, VkPipeline* const pipeline) {
  const PinnaVkTable* const      vk = &r->device->vk;
  const PinnaVkShaderCode* const code = &pinna_vk_shaders[d->shader];
  const VkShaderModuleCreateInfo module = {.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
                                           .codeSize = code->n_bytes,
                                           .pCode = code->words};
  VkSpecializationMapEntry       entries[PINNA_N_SPECS];
  for (uint32_t i = 0U; i < PINNA_N_SPECS; ++i) {
    entries[i] = (VkSpecializationMapEntry){i, i * (uint32_t)sizeof(uint32_t), sizeof(uint32_t)};
  }
  const VkSpecializationInfo  spec = {PINNA_N_SPECS, entries, sizeof(d->spec), d->spec};
  VkComputePipelineCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
      .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                .pName = "main",
                .pSpecializationInfo = &spec},
      .layout = r->layout};
  VkResult result = vk->CreateShaderModule(r->device->device, &module, NULL, &info.stage.module);
  if (!result) {
    pthread_mutex_lock(&r->device->mutex); // Of the cache
    result = vk->CreateComputePipelines(r->device->device, r->device->pipelines, 1U, &info, NULL,
                                        pipeline);
    pthread_mutex_unlock(&r->device->mutex);
    vk->DestroyShaderModule(r->device->device, info.stage.module, NULL);
  }
  return result;
}

/// A dispatch before number `n` with the same pipeline, or `n`
static uint32_t
find_same(const PinnaVkMaker* const m, const uint32_t n) {
  const PinnaVkDispatch* const d = m->dispatches;
  uint32_t                     i = 0U;
  while (i < n &&
         (d[i].shader != d[n].shader || memcmp(d[i].spec, d[n].spec, sizeof(d[n].spec)) != 0)) {
    ++i;
  }
  return i;
}

PinnaStatus
pinna_vk_make_pipelines(PinnaVkRunner* const r, PinnaVkMaker* const m, PinnaError* const error) {
  const PinnaStatus status = make_layouts(r, error);
  if (status) {
    return status;
  }
  r->pipelines = (VkPipeline*)calloc(m->n_dispatches + 1U, sizeof(VkPipeline));
  if (!r->pipelines) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for pipelines");
  }
  for (uint32_t i = 0U; i < m->n_dispatches; ++i) {
    const uint32_t same = find_same(m, i);
    m->dispatches[i].pipeline = same < i ? m->dispatches[same].pipeline : r->n_pipelines;
    if (same < i) {
      continue;
    }
    if (make_pipeline(r, &m->dispatches[i], &r->pipelines[r->n_pipelines])) {
      return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s does not compile %s",
                        pinna_vk_device_name(r->device),
                        pinna_vk_shaders[m->dispatches[i].shader].name);
    }
    ++r->n_pipelines;
  }
  return PINNA_STATUS_OK;
}
