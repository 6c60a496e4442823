// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "nn/plan_impl.h"
#include "nn/vk/cache.h"
#include "nn/vk/device_impl.h"
#include "nn/vk/memory.h"
#include "nn/vk/runner.h"
#include "nn/vk/runner_impl.h"
#include "nn/vk/steps.h"

#include <stdlib.h>

// Everything a runner will ever need of its device

#define CLOSE_NS 2000000000U    ///< Longest wait for a late chunk
#define WARM_UP_NS 60000000000U ///< Drivers may compile now

static PinnaStatus
find_tensors(PinnaVkRunner* const r, const PinnaPlan* const plan, PinnaError* const error) {
  r->tensors = (PinnaVkTensor*)calloc(plan->n_tensors, sizeof(PinnaVkTensor));
  if (!r->tensors) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a network");
  }
  for (PinnaRef i = 1U; i < plan->n_tensors; ++i) {
    const PinnaPlanTensor* const t = &plan->tensors[i];
    if (t->place == PINNA_PLACE_IO && t->root == i) {
      r->tensors[r->n_tensors++] = (PinnaVkTensor){t->offset, t->count, t->is_input};
    }
  }
  return PINNA_STATUS_OK;
}

/// The four arenas and the host's side
static PinnaStatus
make_memory(PinnaVkRunner* const r, const PinnaVkMaker* const m, PinnaError* const error) {
  const size_t n_io = m->plan->n_floats[PINNA_PLACE_IO];
  size_t       n_floats[PINNA_N_PLACES];
  size_t       n_host = r->n_state;
  PinnaStatus  status = PINNA_STATUS_OK;
  for (int p = 0; p < PINNA_N_PLACES; ++p) {
    n_floats[p] = m->plan->n_floats[p];
  }
  n_floats[PINNA_PLACE_WEIGHTS] = m->n_weights;
  n_floats[PINNA_PLACE_SCRATCH] += m->n_work;
  for (int p = 0; !status && p < PINNA_N_PLACES; ++p) {
    status =
        pinna_vk_buffer_make(&r->places[p], r->device, n_floats[p] * sizeof(float), false, error);
  }
  for (uint32_t i = 0U; i < PINNA_VK_N_SLOTS; ++i) {
    r->slots[i].io = n_host;
    r->slots[i].journal = n_host + n_io;
    n_host += n_io + r->n_state;
  }
  status = status ? status
                  : pinna_vk_buffer_make(&r->host, r->device, n_host * sizeof(float), true, error);
  for (int p = 0; !status && p < PINNA_N_PLACES; ++p) {
    status = pinna_vk_upload(r->device, &r->places[p],
                             p == PINNA_PLACE_WEIGHTS && m->n_weights ? m->weights : NULL, error);
  }
  return status;
}

static PinnaStatus
make_all(PinnaVkRunner* const r, PinnaVkMaker* const m, PinnaError* const error) {
  PinnaStatus status = find_tensors(r, m->plan, error);
  status = status ? status : pinna_vk_steps_make(m);
  status = status ? status : make_memory(r, m, error);
  status = status ? status : pinna_vk_make_pipelines(r, m, error);
  status = status ? status : pinna_vk_make_sets(r, m, error);
  status = status ? status : pinna_vk_record(r, m, error);
  r->n_dispatches = m->n_dispatches;
  return status;
}

/// A chunk of silence, so that the first real one is as quick as the others
static PinnaStatus
warm_up(PinnaVkRunner* const r, const size_t n_io, PinnaError* const error) {
  const uint64_t timeout_ns = r->timeout_ns;
  float* const   io = (float*)calloc(n_io ? n_io : 1U, sizeof(float));
  if (!io) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a network");
  }
  r->timeout_ns = WARM_UP_NS;
  const PinnaStatus status = pinna_vk_runner_run(r, io);
  r->timeout_ns = timeout_ns;
  pinna_vk_runner_set_state(r, NULL);
  free(io);
  return status ? pinna_fail(error, PINNA_STATUS_LOST, "%s does not answer",
                             pinna_vk_device_name(r->device))
                : status;
}

PinnaStatus
pinna_vk_runner_open(PinnaVkRunner** const self, PinnaVkDevice* const device,
                     const PinnaVkRunnerConfig* const config, PinnaError* const error) {
  const PinnaPlan* const              plan = config->plan;
  const VkPhysicalDeviceLimits* const limits = &device->properties.limits;
  const size_t range = config->max_range && config->max_range < device->max_range
                           ? config->max_range
                           : device->max_range;
  *self = NULL;
  if (!plan || !plan->is_finished) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "a plan that is not finished");
  }
  PinnaVkRunner* const r = (PinnaVkRunner*)calloc(1U, sizeof(PinnaVkRunner));
  if (!r) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a network");
  }
  PinnaVkMaker m = {.plan = plan,
                    .half = range / (2U * 256U) * 256U / sizeof(float),
                    .max_threads = limits->maxComputeWorkGroupInvocations,
                    .max_shared = limits->maxComputeSharedMemorySize / sizeof(float),
                    .error = error};
  r->device = device;
  r->timeout_ns = config->timeout_ns;
  r->n_state = plan->n_floats[PINNA_PLACE_STATE];
  PinnaStatus status = make_all(r, &m, error);
  pinna_vk_steps_free(&m);
  if (!status) {
    pinna_vk_runner_set_state(r, NULL);
    status = warm_up(r, plan->n_floats[PINNA_PLACE_IO], error);
  }
  if (status) {
    pinna_vk_runner_close(r);
    return status;
  }
  pinna_vk_cache_save(device);
  *self = r;
  return PINNA_STATUS_OK;
}

/// Whether nothing of ours is on the device any more
static bool
is_idle(PinnaVkRunner* const r) {
  const VkFence fence = r->slots[(r->slot + PINNA_VK_N_SLOTS - 1U) % PINNA_VK_N_SLOTS].fence;
  return !r->is_in_flight || pinna_vk_device_is_lost(r->device) ||
         r->device->vk.WaitForFences(r->device->device, 1U, &fence, VK_TRUE, CLOSE_NS) !=
             VK_TIMEOUT;
}

void
pinna_vk_runner_close(PinnaVkRunner* const r) {
  if (!r) {
    return;
  }
  const PinnaVkTable* const vk = &r->device->vk;
  const VkDevice            device = r->device->device;
  if (is_idle(r)) { // Else the device may still write: what it sees stays
    for (uint32_t i = 0U; i < PINNA_VK_N_SLOTS; ++i) {
      vk->DestroyFence(device, r->slots[i].fence, NULL);
    }
    for (uint32_t i = 0U; i < r->n_pipelines; ++i) {
      vk->DestroyPipeline(device, r->pipelines[i], NULL);
    }
    vk->DestroyCommandPool(device, r->pool, NULL);
    vk->DestroyDescriptorPool(device, r->set_pool, NULL);
    vk->DestroyPipelineLayout(device, r->layout, NULL);
    vk->DestroyDescriptorSetLayout(device, r->set_layout, NULL);
    for (int p = 0; p < PINNA_N_PLACES; ++p) {
      pinna_vk_buffer_free(&r->places[p], r->device);
    }
    pinna_vk_buffer_free(&r->host, r->device);
  } else {
    pinna_vk_device_set_stuck(r->device);
  }
  free(r->tensors);
  free(r->sets);
  free(r->pipelines);
  free(r);
}
