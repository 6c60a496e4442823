// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/gtcrn.h"
#include "models/silero.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/session_impl.h"
#include "nn/vk/runner.h"
#include "nn/weights.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Networks chunk by chunk on the processor and on a Vulkan device: time to open, time of a chunk,
// and what one submission costs the thread that makes it

#define N_CHUNKS 200U

static PinnaRef
noise(PinnaPlan* const plan, const size_t count, const float gain) {
  static unsigned seed = 5U;
  float* const    values = (float*)malloc(count * sizeof(float));
  for (size_t i = 0U; values && i < count; ++i) {
    values[i] = gain * tap_noise(&seed);
  }
  const PinnaRef ref = pinna_plan_constant(plan, "w", values, count);
  free(values);
  return ref;
}

/// What a streaming transformer asks for: eight layers of 512 channels, 8 frames a chunk
static void
describe_wide(PinnaPlan* const plan, const PinnaWeights* const weights) {
  const uint32_t  n = 512U;
  PinnaConvConfig out = pinna_conv_config(n);
  PinnaConvConfig up = pinna_conv_config(4U * n);
  PinnaRef        x = pinna_plan_input(plan, "x", (PinnaShape){8U, 1U, n});
  (void)weights;
  up.act = PINNA_ACT_GELU;
  for (int i = 0; i < 8; ++i) {
    const PinnaRef             past = pinna_plan_history(plan, x, 30U, "past");
    const PinnaAttentionConfig heads = {8U, 0.0F, 0U, 0U, NULL};
    PinnaRef                   y = pinna_plan_attention(
                          plan, pinna_plan_conv(plan, x, &out, noise(plan, (size_t)n * n, 0.05F), 0U),
                          pinna_plan_conv(plan, past, &out, noise(plan, (size_t)n * n, 0.05F), 0U),
                          pinna_plan_conv(plan, past, &out, noise(plan, (size_t)n * n, 0.05F), 0U), 0U, &heads);
    x = pinna_plan_norm(plan, pinna_plan_add(plan, x, y), PINNA_NORM_CHANNELS, 1U, 1e-5F, 0U, 0U);
    y = pinna_plan_conv(plan, x, &up, noise(plan, (size_t)4U * n * n, 0.05F), 0U);
    y = pinna_plan_conv(plan, y, &out, noise(plan, (size_t)4U * n * n, 0.03F), 0U);
    x = pinna_plan_norm(plan, pinna_plan_add(plan, x, y), PINNA_NORM_CHANNELS, 1U, 1e-5F, 0U, 0U);
  }
  pinna_plan_output(plan, "y", x);
}

static const struct {
  const char* name;
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  unsigned n_chunks;
} nets[] = {{"Silero VAD", pinna_silero_describe, N_CHUNKS},
            {"GTCRN", pinna_gtcrn_describe, N_CHUNKS},
            {"8 layers of 512", describe_wide, 4U}};

static double
wall_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int
by_size(const void* const a, const void* const b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static void
measure(const PinnaPlan* const plan, const char* const device, const unsigned n_chunks) {
  const PinnaSessionConfig config = {.plan = plan, .device = device, .timeout_ms = 60000U};
  PinnaSession*            session = NULL;
  PinnaError               error = {""};
  double                   wall[N_CHUNKS];
  double                   own[N_CHUNKS];
  const double             start = wall_us();
  if (pinna_session_open(&session, &config, &error)) {
    printf("  %s\n", error.text);
    return;
  }
  const double open_ms = (wall_us() - start) * 1e-3;
  for (unsigned i = 0U; i < n_chunks; ++i) {
    const double wall_start = wall_us();
    const double own_start = bench_ns();
    pinna_session_run(session);
    own[i] = (bench_ns() - own_start) * 1e-3;
    wall[i] = wall_us() - wall_start;
  }
  qsort(wall, n_chunks, sizeof(double), by_size);
  qsort(own, n_chunks, sizeof(double), by_size);
  printf("  %-48s open %6.0f ms, chunk p50 %8.0f p99 %8.0f us, of which this thread %7.1f us",
         pinna_session_backend(session), open_ms, wall[n_chunks / 2U], wall[n_chunks * 99U / 100U],
         own[n_chunks / 2U]);
  if (session->vk) {
    printf(", %u dispatches", pinna_vk_runner_n_dispatches(session->vk));
  }
  printf("\n");
  pinna_session_close(session);
}

int
main(void) {
  const char* const wish = getenv("PINNA_DEVICE");
  const char* const device = wish ? wish : "vulkan:llvmpipe";
  for (size_t i = 0U; i < sizeof(nets) / sizeof(nets[0]); ++i) {
    PinnaPlan* const plan = pinna_plan_new();
    PinnaError       error = {""};
    nets[i].describe(plan, NULL);
    if (pinna_plan_finish(plan, &error)) {
      printf("%s: %s\n", nets[i].name, error.text);
      return 1;
    }
    printf("%s: %.2f million multiplications a chunk\n", nets[i].name,
           pinna_plan_facts(plan).macs * 1e-6);
    measure(plan, "cpu", nets[i].n_chunks);
    measure(plan, device, nets[i].n_chunks);
    measure(plan, device, nets[i].n_chunks); // Pipelines come from the cache now
    pinna_plan_free(plan);
  }
  return 0;
}
