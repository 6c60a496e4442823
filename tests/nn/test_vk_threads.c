// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"
#include "nn/session.h"
#include "nn/session_impl.h"
#include "nn/vk/device.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// Sessions of several threads on the one device of the process: opened, run and closed at once

#define N_THREADS 4U
#define N_ROUNDS 2U
#define N_CHUNKS 20U
#define N 12U

typedef struct {
  const PinnaPlan*     plan;
  const char*          device_name;
  const PinnaVkDevice* device;
  unsigned             seed;
  bool                 is_shared; ///< All sessions were on `device`
  double               worst;
} Work;

static PinnaPlan*
make_plan(void) {
  unsigned             seed = 21U;
  PinnaPlan* const     plan = pinna_plan_new();
  const PinnaRnnConfig config = {N, false, "h"};
  const PinnaRef       x = pinna_plan_input(plan, "x", (PinnaShape){2U, 1U, N});
  pinna_plan_output(plan, "y",
                    pinna_plan_gru(plan, x, &config, vk_noise(plan, 3U * N * N, 0.4F, &seed),
                                   vk_noise(plan, 3U * N * N, 0.4F, &seed), 0U, 0U));
  pinna_plan_finish(plan, NULL);
  return plan;
}

static void
run_round(Work* const w) {
  const PinnaSessionConfig configs[] = {
      {.plan = w->plan, .device = "cpu"},
      {.plan = w->plan, .device = w->device_name, .timeout_ms = 100000U}};
  PinnaSession* sessions[2] = {NULL, NULL};
  for (int s = 0; s < 2; ++s) {
    if (pinna_session_open(&sessions[s], &configs[s], NULL)) {
      w->worst = 1e9;
    }
  }
  for (unsigned i = 0U; sessions[0] && sessions[1] && i < N_CHUNKS; ++i) {
    for (unsigned k = 0U; k < 2U * N; ++k) {
      const float value = tap_noise(&w->seed);
      pinna_session_tensor(sessions[0], "x")[k] = value;
      pinna_session_tensor(sessions[1], "x")[k] = value;
    }
    pinna_session_run(sessions[0]);
    pinna_session_run(sessions[1]);
    for (unsigned k = 0U; k < 2U * N; ++k) {
      const double d = fabs((double)pinna_session_tensor(sessions[0], "y")[k] -
                            pinna_session_tensor(sessions[1], "y")[k]);
      w->worst = d <= w->worst ? w->worst : d;
    }
  }
  w->is_shared = w->is_shared && sessions[1] && sessions[1]->device == w->device;
  pinna_session_close(sessions[0]);
  pinna_session_close(sessions[1]);
}

static void*
work(void* const handle) {
  for (unsigned round = 0U; round < N_ROUNDS; ++round) {
    run_round((Work*)handle);
  }
  return NULL;
}

int
main(void) {
  PinnaVkDevice* const device = vk_trial_begin();
  PinnaPlan* const     plan = make_plan();
  char                 name[300];
  Work                 works[N_THREADS];
  pthread_t            threads[N_THREADS];
  snprintf(name, sizeof(name), "vulkan:%s", pinna_vk_device_name(device));
  for (unsigned i = 0U; i < N_THREADS; ++i) {
    works[i] = (Work){plan, name, device, 7U + i, true, 0.0};
    if (pthread_create(&threads[i], NULL, work, &works[i])) {
      return 1;
    }
  }
  for (unsigned i = 0U; i < N_THREADS; ++i) {
    pthread_join(threads[i], NULL);
    tap_at_most(works[i].worst, 1e-4, "thread %u: as on the processor", i);
    tap_ok(works[i].is_shared, "on the device of all");
  }
  pinna_plan_free(plan);
  vk_trial_end(device);
  return tap_done();
}
