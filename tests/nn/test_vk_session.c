// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/session.h"

#include "base/status.h"
#include "nn/plan.h"
#include "nn/session_impl.h"
#include "nn/vk/device.h"
#include "nn/vk/device_impl.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Sessions on a device: what they ask of it, and that nobody hears when it is lost or late

#define N_T 3U
#define N_C 6U
#define N_IN (N_T * N_C)
#define N_OUT (N_T * 12U)
#define MAX_CHUNKS 400U
#define TOLERANCE 1e-4

/// Calls since the last clearing, and what the next waits are to say
static struct {
  PinnaVkTable real;
  unsigned     n_submits;
  unsigned     n_made; ///< Buffers, memory, descriptors, pipelines, recordings
  unsigned     n_waits;
  unsigned     fail_at; ///< Number of the wait that fails, from 1
  VkResult     failure;
  bool         is_slow; ///< Fences look as if they were not ready
} hooks;

static VkResult VKAPI_CALL
hook_submit(const VkQueue queue, const uint32_t n, const VkSubmitInfo* const infos,
            const VkFence fence) {
  ++hooks.n_submits;
  return hooks.real.QueueSubmit(queue, n, infos, fence);
}

static VkResult VKAPI_CALL
hook_wait(const VkDevice device, const uint32_t n, const VkFence* const fences, const VkBool32 all,
          const uint64_t timeout) {
  const VkResult result = hooks.real.WaitForFences(device, n, fences, all, timeout);
  return ++hooks.n_waits == hooks.fail_at ? hooks.failure : result;
}

static VkResult VKAPI_CALL
hook_status(const VkDevice device, const VkFence fence) {
  return hooks.is_slow ? VK_NOT_READY : hooks.real.GetFenceStatus(device, fence);
}

static VkResult VKAPI_CALL
hook_memory(const VkDevice device, const VkMemoryAllocateInfo* const info,
            const VkAllocationCallbacks* const callbacks, VkDeviceMemory* const memory) {
  ++hooks.n_made;
  return hooks.real.AllocateMemory(device, info, callbacks, memory);
}

static VkResult VKAPI_CALL
hook_buffer(const VkDevice device, const VkBufferCreateInfo* const info,
            const VkAllocationCallbacks* const callbacks, VkBuffer* const buffer) {
  ++hooks.n_made;
  return hooks.real.CreateBuffer(device, info, callbacks, buffer);
}

static void VKAPI_CALL
hook_descriptors(const VkDevice device, const uint32_t n, const VkWriteDescriptorSet* const writes,
                 const uint32_t n_copies, const VkCopyDescriptorSet* const copies) {
  ++hooks.n_made;
  hooks.real.UpdateDescriptorSets(device, n, writes, n_copies, copies);
}

static VkResult VKAPI_CALL
hook_pipelines(const VkDevice device, const VkPipelineCache cache, const uint32_t n,
               const VkComputePipelineCreateInfo* const infos,
               const VkAllocationCallbacks* const callbacks, VkPipeline* const pipelines) {
  ++hooks.n_made;
  return hooks.real.CreateComputePipelines(device, cache, n, infos, callbacks, pipelines);
}

static VkResult VKAPI_CALL
hook_begin(const VkCommandBuffer commands, const VkCommandBufferBeginInfo* const info) {
  ++hooks.n_made;
  return hooks.real.BeginCommandBuffer(commands, info);
}

static void
install(PinnaVkDevice* const device) {
  memset(&hooks, 0, sizeof(hooks));
  hooks.real = device->vk;
  device->vk.QueueSubmit = hook_submit;
  device->vk.WaitForFences = hook_wait;
  device->vk.GetFenceStatus = hook_status;
  device->vk.AllocateMemory = hook_memory;
  device->vk.CreateBuffer = hook_buffer;
  device->vk.UpdateDescriptorSets = hook_descriptors;
  device->vk.CreateComputePipelines = hook_pipelines;
  device->vk.BeginCommandBuffer = hook_begin;
}

/// A convolution with a past, both recurrent layers, a residual: a long memory
static PinnaPlan*
make_plan(void) {
  unsigned             seed = 11U;
  PinnaPlan* const     plan = pinna_plan_new();
  const PinnaRef       x = pinna_plan_input(plan, "x", (PinnaShape){N_T, 1U, N_C});
  const PinnaRef       past = pinna_plan_history(plan, x, 4U, "past");
  PinnaConvConfig      conv = pinna_conv_config(12U);
  const PinnaRnnConfig gru = {12U, false, "gru"};
  const PinnaRnnConfig lstm = {12U, false, "lstm"};
  conv.kernel[0] = 3U;
  conv.dilation[0] = 2U;
  const PinnaRef a = pinna_plan_conv(plan, past, &conv, vk_noise(plan, 216U, 0.4F, &seed), 0U);
  const PinnaRef b = pinna_plan_gru(plan, a, &gru, vk_noise(plan, 432U, 0.4F, &seed),
                                    vk_noise(plan, 432U, 0.4F, &seed), 0U, 0U);
  const PinnaRef c = pinna_plan_lstm(plan, b, &lstm, vk_noise(plan, 576U, 0.4F, &seed),
                                     vk_noise(plan, 576U, 0.4F, &seed), 0U, 0U);
  pinna_plan_output(plan, "y", pinna_plan_add(plan, c, a));
  pinna_plan_finish(plan, NULL);
  return plan;
}

static void
run(PinnaSession* const session, unsigned* const seed, const unsigned n_chunks, float* out) {
  float* const       x = pinna_session_tensor(session, "x");
  const float* const y = pinna_session_tensor(session, "y");
  for (unsigned i = 0U; i < n_chunks; ++i, out += N_OUT) {
    for (size_t k = 0U; k < N_IN; ++k) {
      x[k] = tap_noise(seed);
    }
    pinna_session_run(session);
    memcpy(out, y, N_OUT * sizeof(float));
  }
}

static float expected[MAX_CHUNKS * N_OUT];
static float got[MAX_CHUNKS * N_OUT];
static char  device_choice[300];

static PinnaSession*
open_session(const PinnaPlan* const plan, const char* const device) {
  const PinnaSessionConfig config = {.plan = plan, .device = device, .timeout_ms = 100000U};
  PinnaSession*            session = NULL;
  PinnaError               error = {""};
  tap_int(pinna_session_open(&session, &config, &error), PINNA_STATUS_OK, "a session on %s%s",
          device, error.text);
  if (!session) {
    exit(tap_done());
  }
  return session;
}

static void
expect(const PinnaPlan* const plan, unsigned seed, const unsigned n_chunks) {
  PinnaSession* const session = open_session(plan, "cpu");
  tap_ok(pinna_session_is_realtime(session), "the processor never waits");
  run(session, &seed, n_chunks, expected);
  pinna_session_close(session);
}

static void
test_contract(const PinnaPlan* const plan) {
  PinnaSession* const s = open_session(plan, device_choice);
  const size_t        n_state = pinna_session_state_count(s);
  float* const        state = (float*)malloc(n_state * sizeof(float));
  unsigned            seed = 5U;
  tap_ok(!strncmp(pinna_session_backend(s), "vulkan ", 7U), "%s", pinna_session_backend(s));
  tap_ok(!pinna_session_is_realtime(s), "a device is waited for");
  expect(plan, 5U, 40U);
  install(s->device);
  run(s, &seed, 20U, got);
  pinna_session_save(s, state);
  run(s, &seed, 20U, got + (size_t)20U * N_OUT);
  tap_all_near(got, expected, (size_t)40U * N_OUT, TOLERANCE, "as on the processor");
  tap_int(hooks.n_submits, 40, "one submission a chunk");
  tap_int(hooks.n_made, 0, "nothing is allocated, written or recorded any more");

  seed = 5U;
  pinna_session_reset(s);
  run(s, &seed, 20U, got);
  tap_all_near(got, expected, (size_t)20U * N_OUT, TOLERANCE, "a reset starts again");
  const unsigned middle = seed;
  run(s, &seed, 7U, got);
  pinna_session_restore(s, state);
  seed = middle;
  run(s, &seed, 20U, got);
  tap_all_near(got, expected + (size_t)20U * N_OUT, (size_t)20U * N_OUT, TOLERANCE,
               "a restored state goes on");
  tap_int(hooks.n_submits, 87, "reset and restore submit nothing of their own");

  PinnaSession* const cpu = open_session(plan, "cpu");
  pinna_session_restore(cpu, state);
  seed = middle;
  run(cpu, &seed, 20U, got);
  tap_all_near(got, expected + (size_t)20U * N_OUT, (size_t)20U * N_OUT, TOLERANCE,
               "a device's state is good on the processor");
  pinna_session_close(cpu);
  s->device->vk = hooks.real;
  pinna_session_close(s);
  free(state);
}

/// Lost while a chunk was on the device, which had done it: the processor does it again
static void
test_loss(const PinnaPlan* const plan, const unsigned at, const char* const what) {
  PinnaSession* const s = open_session(plan, device_choice);
  const float* const  y = pinna_session_tensor(s, "y");
  unsigned            seed = 7U;
  expect(plan, 7U, 60U);
  install(s->device);
  hooks.fail_at = at + 1U;
  hooks.failure = VK_ERROR_DEVICE_LOST;
  run(s, &seed, 60U, got);
  const PinnaSessionCounters counters = pinna_session_counters(s);
  tap_all_near(got, expected, (size_t)60U * N_OUT, TOLERANCE, "lost at %s: no chunk is missing",
               what);
  tap_int(counters.n_lost, 1, "the loss is counted");
  tap_int((long long)counters.n_device_runs, at, "chunks before it ran on the device");
  tap_int((long long)counters.n_runs, 60, "all chunks are counted");
  tap_ok(!strncmp(pinna_session_backend(s), "cpu ", 4U), "now on %s", pinna_session_backend(s));
  tap_ok(y == pinna_session_tensor(s, "y"), "tensors stay where they were");
  tap_int(hooks.n_submits, at + 1U, "a lost device is left alone");

  PinnaSession* const next = open_session(plan, device_choice);
  tap_ok(next->device != s->device, "who comes later gets a new device");
  seed = 7U;
  run(next, &seed, 10U, got);
  tap_all_near(got, expected, (size_t)10U * N_OUT, TOLERANCE, "which works");
  pinna_session_close(next);
  s->device->vk = hooks.real;
  pinna_session_close(s);
}

static void
test_late(const PinnaPlan* const plan) {
  PinnaSession* const s = open_session(plan, device_choice);
  unsigned            seed = 9U;
  expect(plan, 9U, MAX_CHUNKS);
  install(s->device);
  hooks.fail_at = 31U;
  hooks.failure = VK_TIMEOUT;
  hooks.is_slow = true;
  run(s, &seed, 200U, got);
  tap_int(pinna_session_counters(s).n_late, 1, "lateness is counted");
  tap_int((long long)pinna_session_counters(s).n_device_runs, 30, "then the processor runs");
  tap_ok(!strncmp(pinna_session_backend(s), "cpu ", 4U), "on %s", pinna_session_backend(s));
  hooks.is_slow = false;
  run(s, &seed, 200U, got + (size_t)200U * N_OUT);
  tap_int((long long)pinna_session_counters(s).n_device_runs, 230, "until the device is ready");
  tap_ok(!strncmp(pinna_session_backend(s), "vulkan ", 7U), "on %s", pinna_session_backend(s));
  tap_all_near(got, expected, (size_t)MAX_CHUNKS * N_OUT, TOLERANCE, "late: no chunk is missing");
  tap_int(pinna_session_counters(s).n_lost, 0, "nothing was lost");
  s->device->vk = hooks.real;
  pinna_session_close(s);
}

/// A device that is late for ever: what it may still write to is not freed, others get a new one
static void
test_stuck(const PinnaPlan* const plan) {
  PinnaSession* const s = open_session(plan, device_choice);
  unsigned            seed = 9U;
  install(s->device);
  PinnaVkDevice* const device = s->device;
  for (unsigned i = 0U; i < 2U; ++i) { // The chunk's wait, then the one of closing
    hooks.n_waits = 0U;
    hooks.fail_at = 1U;
    hooks.failure = VK_TIMEOUT;
    if (!i) {
      run(s, &seed, 1U, got);
    }
  }
  pinna_session_close(s);
  PinnaSession* const next = open_session(plan, device_choice);
  tap_ok(next->device != device, "a stuck device is left");
  pinna_session_close(next);
}

/// Mesa's llvmpipe is no graphics processor: who does not name it does not get it
static void
test_names(const PinnaPlan* const plan, const PinnaVkDevice* const device) {
  const PinnaSessionConfig config = {.plan = plan, .device = "vulkan"};
  PinnaSession*            session = NULL;
  PinnaError               error = {""};
  if (device->properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU) {
    tap_skip("there is a graphics processor", "a processor is taken by name only");
    return;
  }
  tap_int(pinna_session_open(&session, &config, &error), PINNA_STATUS_NOT_FOUND,
          "a processor is taken by name only");
  tap_ok(strstr(error.text, pinna_vk_device_name(device)) && strstr(error.text, "by name"),
         "which is said: %s", error.text);
}

static VkResult VKAPI_CALL
stub_submit(const VkQueue queue, const uint32_t n, const VkSubmitInfo* const infos,
            const VkFence fence) {
  (void)queue;
  (void)n;
  (void)infos;
  (void)fence;
  return VK_SUCCESS;
}

static VkResult VKAPI_CALL
stub_wait(const VkDevice device, const uint32_t n, const VkFence* const fences, const VkBool32 all,
          const uint64_t timeout) {
  (void)device;
  (void)n;
  (void)fences;
  (void)all;
  (void)timeout;
  return VK_SUCCESS;
}

/// "auto" with a device that poses as a graphics processor: taken if it is quicker, as it is while
/// it does nothing. What was run for the trial is forgotten.
static void
test_auto(PinnaVkDevice* const device) {
  const VkPhysicalDeviceType type = device->properties.deviceType;
  const uint32_t             n = 2200U;
  unsigned                   seed = 13U;
  PinnaPlan* const           plan = pinna_plan_new();
  const PinnaConvConfig      conv = pinna_conv_config(n);
  const PinnaRef             x = pinna_plan_input(plan, "x", (PinnaShape){N_T, 1U, N_C});
  const PinnaRef             past = pinna_plan_history(plan, x, 5U, "past");
  const PinnaRef             y =
      pinna_plan_conv(plan, pinna_plan_reshape(plan, past, (PinnaShape){1U, 1U, 8U * N_C}), &conv,
                      vk_noise(plan, (size_t)8U * N_C * n, 0.1F, &seed), 0U);
  const PinnaConvConfig narrow = pinna_conv_config(N_OUT);
  const PinnaRef        z =
      pinna_plan_conv(plan, y, &conv, vk_noise(plan, (size_t)n * n, 0.02F, &seed), 0U);
  pinna_plan_output(
      plan, "y",
      pinna_plan_conv(plan, z, &narrow, vk_noise(plan, (size_t)n * N_OUT, 0.02F, &seed), 0U));
  pinna_plan_finish(plan, NULL);
  expect(plan, 3U, 6U);

  device->properties.deviceType = VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;
  PinnaSession* s = open_session(plan, "auto");
  if (type == VK_PHYSICAL_DEVICE_TYPE_CPU) {
    tap_ok(pinna_session_is_realtime(s), "a slow device is not taken: %s",
           pinna_session_backend(s));
  }
  pinna_session_close(s);
  const PinnaVkTable real = device->vk;
  device->vk.QueueSubmit = stub_submit;
  device->vk.WaitForFences = stub_wait;
  s = open_session(plan, "auto");
  device->vk = real;
  tap_ok(!pinna_session_is_realtime(s), "a quick one is: %s", pinna_session_backend(s));
  seed = 3U;
  run(s, &seed, 6U, got);
  tap_all_near(got, expected, (size_t)6U * N_OUT, TOLERANCE, "the trial leaves nothing behind");
  pinna_session_close(s);
  device->properties.deviceType = type;
  pinna_plan_free(plan);
}

/// The check of the checks
static void
test_complaints(PinnaVkDevice* const device) {
  const VkBufferCreateInfo empty = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
  VkBuffer                 buffer = VK_NULL_HANDLE;
  if (pinna_vk_device_complaints(device) == UINT32_MAX) {
    tap_skip("vulkan-validationlayers is not installed", "the validation layer complains");
    return;
  }
  if (!device->vk.CreateBuffer(device->device, &empty, NULL, &buffer)) {
    device->vk.DestroyBuffer(device->device, buffer, NULL);
  }
  tap_at_least(pinna_vk_device_complaints(device), 1.0, "the validation layer complains");
}

int
main(void) {
  PinnaVkDevice* const device = vk_trial_begin();
  PinnaPlan* const     plan = make_plan();
  snprintf(device_choice, sizeof(device_choice), "vulkan:%s", pinna_vk_device_name(device));
  test_names(plan, device);
  test_contract(plan);
  test_loss(plan, 23U, "a chunk");
  pinna_vk_device_release(device); // Lost with the others
  PinnaSession* const keeper = open_session(plan, device_choice);
  test_late(plan);
  tap_ok(pinna_vk_device_complaints(keeper->device) == 0U ||
             pinna_vk_device_complaints(keeper->device) == UINT32_MAX,
         "the validation layer is silent");
  test_auto(keeper->device);
  test_complaints(keeper->device);
  pinna_session_close(keeper);
  test_loss(plan, 0U, "the first chunk");
  test_stuck(plan);
  pinna_plan_free(plan);
  return tap_done();
}
