// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/denoise.h"
#include "models/neural_mask.h"
#include "models/neural_mask_impl.h"
#include "nn/session.h"
#include "nn/session_impl.h"
#include "nn/vk/device.h"
#include "nn/vk/device_impl.h"
#include "tests/models/neural_denoiser.h"
#include "tests/nn/vk_trial.h"
#include "tests/residual.h"
#include "tests/tap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The denoiser's mask on a device that is lost in the middle of a chunk: nothing is heard of it

enum { RATE = 48000, BLOCK = 256, N_BLOCKS = 560, N = N_BLOCKS * BLOCK, LOST_AT = 60 };

static struct {
  PinnaVkTable real;
  unsigned     n_waits;
  unsigned     fail_at; ///< Number of the wait that fails, from 1
} hooks;

static VkResult VKAPI_CALL
hook_wait(const VkDevice device, const uint32_t n, const VkFence* const fences, const VkBool32 all,
          const uint64_t timeout) {
  const VkResult result = hooks.real.WaitForFences(device, n, fences, all, timeout);
  return ++hooks.n_waits == hooks.fail_at ? VK_ERROR_DEVICE_LOST : result;
}

/// Block by block, live or freewheeling; `lost_at`: the chunk during which the device goes, 0: none
static void
play(PinnaNeuralMask* const net, const bool is_live, const unsigned lost_at, const float* const in,
     float* const out) {
  NeuralDenoiser     denoiser;
  PinnaDenoiseParams params = pinna_denoise_defaults();
  params.mask = 1.0;
  pinna_neural_mask_set_offline(net, !is_live);
  neural_denoiser_make(&denoiser, net, RATE, false, &params);
  PinnaVkDevice* const device = net->net.sessions[0] ? net->net.sessions[0]->device : NULL;
  if (device) {
    hooks.real = device->vk;
    hooks.n_waits = 0U;
    hooks.fail_at = lost_at;
    device->vk.WaitForFences = hook_wait;
  }
  for (uint32_t b = 0U; b < N_BLOCKS; ++b) {
    const size_t at = (size_t)b * BLOCK;
    pinna_denoise_run(denoiser.denoise, (const float*[]){in + at}, (float*[]){out + at}, BLOCK);
    if (is_live) {
      usleep(BLOCK * 1000000 / RATE);
    }
  }
  if (device) {
    pinna_neural_mask_set_offline(net, true); // Waits for a chunk that runs
    device->vk = hooks.real;
  }
  pinna_arena_free(denoiser.memory);
}

static PinnaNeuralMask*
open_mask(const char* const path, const char* const device) {
  const PinnaNeuralMaskConfig config = {.rate = RATE, .n_channels = 1U, .path = path};
  PinnaNeuralMask*            net = NULL;
  PinnaError                  error = {""};
  setenv("PINNA_DEVICE", device, 1);
  tap_int(pinna_neural_mask_open(&net, &config, &error), PINNA_STATUS_OK, "a mask on %s%s", device,
          error.text);
  if (!net) {
    exit(tap_done());
  }
  return net;
}

static double
residual_db(const float* const x, const float* const in) {
  return 20.0 * log10(residual_above(x, RATE / 2, N, RATE) / residual_peak(in, RATE / 2, N));
}

static void
test_lost(const char* const what, const char* const path, const char* const device,
          const float* const in) {
  float* const           expected = (float*)calloc(N, sizeof(float));
  float* const           got = (float*)calloc(N, sizeof(float));
  PinnaNeuralMask* const cpu = open_mask(path, "cpu");
  tap_ok(!cpu->net.sessions[0], "%s: the processor needs no session", what);
  play(cpu, false, 0U, in, expected);
  pinna_neural_mask_close(cpu);

  PinnaNeuralMask* net = open_mask(path, device);
  PinnaSession*    session = net->net.sessions[0];
  tap_ok(session && !pinna_session_is_realtime(session), "%s: on %s", what,
         session ? pinna_session_backend(session) : "the processor");
  tap_int(pinna_neural_mask_health(net).mode, PINNA_NN_ENGINE_ASYNC, "by a worker");
  play(net, false, 0U, in, got);
  tap_all_near(got, expected, N, 1e-4, "%s: the device's sound is the processor's", what);
  tap_int(pinna_session_counters(session).n_lost, 0, "nothing was lost");
  play(net, false, LOST_AT, in, got);
  tap_all_near(got, expected, N, 1e-4, "%s: lost in mid-chunk, the processor goes on", what);
  tap_int(pinna_session_counters(session).n_lost, 1, "which is counted");
  tap_ok(!strncmp(pinna_session_backend(session), "cpu ", 4U), "now on %s",
         pinna_session_backend(session));
  pinna_neural_mask_close(net);

  net = open_mask(path, device);
  session = net->net.sessions[0];
  play(net, true, LOST_AT, in, got);
  const PinnaNnEngineHealth health = pinna_neural_mask_health(net);
  tap_int(pinna_session_counters(session).n_lost, 1, "%s: lost while playing live", what);
  tap_int((long long)pinna_session_counters(session).n_runs, health.n_done,
          "each mask that was made is counted");
  tap_ok(health.n_done > LOST_AT, "and masks went on: %u", health.n_done);
  const double calm = residual_db(expected, in); // Its own gains move, too
  tap_at_most(residual_db(got, in), fmax(-95.0, calm + 1.0),
              "no click: dBc above 3 kHz (%.1f without a device)", calm);
  pinna_neural_mask_close(net);
  free(expected);
  free(got);
}

int
main(void) {
  const char* const    named = getenv("PINNA_SHARED");
  PinnaVkDevice* const device = vk_trial_begin();
  float* const         in = (float*)malloc(N * sizeof(float));
  char                 choice[300];
  char                 gtcrn[1024];
  snprintf(choice, sizeof(choice), "vulkan:%s", pinna_vk_device_name(device));
  snprintf(gtcrn, sizeof(gtcrn), "%s/models/gtcrn_dns3.pt", named ? named : PINNA_SHARED_DIR);
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = (float)(0.1 * sin(2.0 * M_PI * fmod(220.0 * i / RATE, 1.0)));
  }
  test_lost("our own", NULL, choice, in);
  if (access(gtcrn, R_OK)) {
    tap_skip("no weights on this machine", "GTCRN on a device");
  } else {
    test_lost("GTCRN", gtcrn, choice, in);
  }
  free(in);
  vk_trial_end(device);
  return tap_done();
}
