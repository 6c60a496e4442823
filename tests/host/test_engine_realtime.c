// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend.h"
#include "host/engine.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// The laws of realtime under the null backend, while controls, presets, bypass and graph change

#define BLOCK 128U

typedef struct {
  PinnaEngine* engine;
  float*       in[2];
  float*       out[2];
  unsigned     seed;
  atomic_uint  n_runs;
  atomic_bool  plant; ///< Break the law once
} Audio;

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) {
  Audio* const audio = handle;
  (void)in;
  for (uint32_t i = 0U; i < n_frames; ++i) {
    audio->in[0][i] = tap_noise(&audio->seed);
    audio->in[1][i] = tap_noise(&audio->seed);
  }
  rt_trap_enter();
  pinna_engine_run(audio->engine, (const float* const*)audio->in, out, n_frames);
  if (atomic_exchange(&audio->plant, false)) {
    void* volatile leak = malloc(32U);
    free(leak);
  }
  rt_trap_leave();
  atomic_fetch_add(&audio->n_runs, 1U);
}

/// For the kernel's filter: many blocks in a child process
static void
run_blocks(void* const handle) {
  Audio* const audio = handle;
  for (int i = 0; i < 200; ++i) {
    pinna_engine_run(audio->engine, (const float* const*)audio->in, audio->out, BLOCK);
  }
}

static void
nap(const long ms) {
  const struct timespec time = {0, ms * 1000000L};
  nanosleep(&time, NULL);
}

/// Everything that a control thread does to a sounding engine
static unsigned
disturb(PinnaEngine* const engine, PinnaInstance* const eq, PinnaInstance* const delay,
        PinnaError* const error) {
  const PinnaGraphNode both[] = {{"eq", eq, false}, {"delay", delay, false}};
  const PinnaGraphWire chain[] = {{PINNA_GRAPH_IO, 0, 0, 0},
                                  {PINNA_GRAPH_IO, 1, 0, 1},
                                  {0, 0, 1, 0},
                                  {1, 0, PINNA_GRAPH_IO, 0},
                                  {0, 1, PINNA_GRAPH_IO, 1}};
  const PinnaGraphWire single[] = {{PINNA_GRAPH_IO, 0, 0, 0},
                                   {PINNA_GRAPH_IO, 1, 0, 1},
                                   {0, 0, PINNA_GRAPH_IO, 0},
                                   {0, 1, PINNA_GRAPH_IO, 1}};
  const PinnaGraphSpec specs[] = {{both, 1U, single, 4U}, {both, 2U, chain, 5U}};
  char** const         presets = pinna_instance_preset_labels(eq);
  unsigned             n_failed = 0U;
  unsigned             n_presets = 0U;
  while (presets && presets[n_presets]) {
    ++n_presets;
  }
  for (unsigned turn = 0U; turn < 12U; ++turn) {
    char gain[16];
    n_failed += pinna_engine_apply(engine, &specs[turn % 2U], error) != 0;
    snprintf(gain, sizeof(gain), "%d", (int)turn - 6);
    n_failed += pinna_instance_set_text(eq, "gain_3", gain, error) != 0;
    n_failed += n_presets && pinna_instance_preset(eq, presets[turn % n_presets], error);
    n_failed += pinna_engine_bypass(engine, "eq", turn % 3U == 1U, error) != 0;
    pinna_instance_idle(eq);
    pinna_engine_reset_stats(engine);
    nap(20);
  }
  pinna_instance_free_labels(presets);
  return n_failed;
}

int
main(void) {
  static float              buffers[4][BLOCK];
  const PinnaInstanceConfig plugin = {.sample_rate = 48000.0, .max_block = BLOCK};
  const PinnaEngineConfig   config = {48000.0, BLOCK, 2U, 2U, true};
  const PinnaBackendConfig  null = {.kind = "null",
                                    .n_inputs = 2U,
                                    .n_outputs = 2U,
                                    .block = BLOCK,
                                    .sample_rate = 48000.0,
                                    .clocked = true};
  PinnaWorld*               world = NULL;
  PinnaInstance*            eq = NULL;
  PinnaInstance*            delay = NULL;
  PinnaEngine*              engine = NULL;
  PinnaBackend*             backend = NULL;
  PinnaError                error = {""};
  if (pinna_world_new(&world, &error) ||
      pinna_instance_new(&eq, world, "urn:pinna:eq:stereo", &plugin, &error) ||
      pinna_instance_new(&delay, world, "urn:pinna:test:delay", &plugin, &error) ||
      pinna_engine_new(&engine, &config, &error) || pinna_backend_open(&backend, &null, &error)) {
    tap_ok(false, "%s", error.text);
    return tap_done();
  }

  Audio                    audio = {.engine = engine,
                                    .in = {buffers[0], buffers[1]},
                                    .out = {buffers[2], buffers[3]},
                                    .seed = 5U};
  const PinnaBackendClient client = {&audio, process, NULL};
  rt_trap_reset();
  tap_int(pinna_backend_start(backend, &client, &error), 0, "audio runs");
  tap_int(disturb(engine, eq, delay, &error), 0, "every change went through %s", error.text);
  rt_trap_check("nothing forbidden in %u blocks", atomic_load(&audio.n_runs));
  if (rt_trap_engine() && rt_trap_engine()[0] == 'i') {
    atomic_store(&audio.plant, true);
    nap(50);
    tap_at_least(rt_trap_count(), 1.0, "a planted malloc in the callback is caught: %s",
                 rt_trap_offender());
    rt_trap_reset();
  }
  pinna_backend_close(backend);
  rt_trap_check_seccomp(run_blocks, &audio, "200 blocks without a system call");

  pinna_engine_free(engine);
  pinna_instance_free(eq);
  pinna_instance_free(delay);
  pinna_world_free(world);
  return tap_done();
}
