// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/backend.h"
#include "host/engine.h"
#include "tests/tap.h"

#include <malloc.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Ten minutes of running as fast as possible (a day with PINNA_LONG): nothing grows, drifts or
// breaks

#define RATE 48000.0
#define BLOCK 256U
#define PERIOD 4800U ///< Frames between the clicks that measure latency

typedef struct {
  PinnaEngine*          engine;
  float*                in[2];
  uint64_t              n_frames;
  atomic_uint_least64_t n_clicks;
  atomic_uint_least64_t n_wrong; ///< Clicks elsewhere than the latency says
  atomic_uint_least64_t n_bad;   ///< Samples that are no numbers
  uint32_t              latency;
} Soak;

static void
process(void* const handle, const float* const* const in, float* const* const out,
        const uint32_t n_frames) {
  Soak* const soak = handle;
  (void)in;
  for (uint32_t i = 0U; i < n_frames; ++i) {
    const uint64_t frame = soak->n_frames + i;
    soak->in[0][i] = frame % PERIOD == 0U ? 1.0F : 0.0F;
    soak->in[1][i] = 0.5F * (float)((int32_t)((uint32_t)frame * 2654435761U) / 2147483648.0);
  }
  pinna_engine_run(soak->engine, (const float* const*)soak->in, out, n_frames);
  for (uint32_t i = 0U; i < n_frames; ++i) {
    const uint64_t frame = soak->n_frames + i;
    const bool     due = frame >= soak->latency && (frame - soak->latency) % PERIOD == 0U;
    soak->n_bad += !isfinite(out[0][i]) || !isfinite(out[1][i]);
    soak->n_clicks += due && out[0][i] == 1.0F;
    soak->n_wrong += due != (out[0][i] != 0.0F);
  }
  soak->n_frames += n_frames;
}

static long
resident_pages(void) {
  long  size = 0;
  long  resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (file) {
    if (fscanf(file, "%ld %ld", &size, &resident) != 2) {
      resident = 0;
    }
    fclose(file);
  }
  return resident;
}

int
main(void) {
  const double              seconds = getenv("PINNA_LONG") ? 24.0 * 3600.0 : 600.0;
  const uint64_t            n_frames = (uint64_t)(seconds * RATE);
  PinnaWorld*               world = NULL;
  PinnaInstance*            delay = NULL;
  PinnaInstance*            eq = NULL;
  PinnaEngine*              engine = NULL;
  PinnaBackend*             backend = NULL;
  PinnaError                error = {""};
  float                     left[BLOCK];
  float                     right[BLOCK];
  const PinnaInstanceConfig plugin = {.sample_rate = RATE, .max_block = BLOCK};
  const PinnaEngineConfig   config = {RATE, BLOCK, 2U, 2U, false};
  const PinnaBackendConfig  null = {.kind = "null",
                                    .n_inputs = 2U,
                                    .n_outputs = 2U,
                                    .sample_rate = RATE,
                                    .block = BLOCK,
                                    .n_frames = n_frames};
  if (pinna_world_new(&world, &error) ||
      pinna_instance_new(&delay, world, "urn:pinna:test:delay", &plugin, &error) ||
      pinna_instance_new(&eq, world, "urn:pinna:eq:mono", &plugin, &error) ||
      pinna_engine_new(&engine, &config, &error) || pinna_backend_open(&backend, &null, &error)) {
    tap_ok(false, "%s", error.text);
    return tap_done();
  }

  pinna_instance_set_text(eq, "enabled_2", "on", &error);
  const PinnaGraphNode nodes[] = {{"delay", delay, false}, {"eq", eq, false}};
  const PinnaGraphWire wires[] = {{PINNA_GRAPH_IO, 0, 0, 0},
                                  {0, 0, PINNA_GRAPH_IO, 0},
                                  {PINNA_GRAPH_IO, 1, 1, 0},
                                  {1, 0, PINNA_GRAPH_IO, 1}};
  const PinnaGraphSpec spec = {nodes, 2U, wires, 4U};
  pinna_engine_apply(engine, &spec, &error);
  Soak soak = {.engine = engine, .in = {left, right}, .latency = pinna_engine_latency(engine)};
  const PinnaBackendClient client = {&soak, process, NULL};
  tap_at_least(soak.latency, 1.0, "the graph is late");
  pinna_backend_start(backend, &client, &error);

  size_t   heap = 0U;
  long     pages = 0;
  unsigned turn = 0U;
  while (pinna_backend_poll(backend, &error) != PINNA_BACKEND_FINISHED) {
    const struct timespec nap = {0, 20000000};
    char                  gain[16];
    nanosleep(&nap, NULL);
    snprintf(gain, sizeof(gain), "%d", (int)(turn % 25U) - 12);
    pinna_instance_set_text(eq, "gain_2", gain, &error);
    pinna_engine_bypass(engine, "eq", turn % 7U == 0U, &error);
    pinna_instance_idle(eq);
    if (++turn == 8U) { // Warm
      heap = mallinfo2().uordblks;
      pages = resident_pages();
    }
  }
  pinna_backend_stop(backend);
  tap_diag("%.0f s of sound, %u changes", seconds, turn);
  if (turn < 8U) {
    tap_skip("finished too soon", "memory");
  } else {
    tap_int((long long)mallinfo2().uordblks, (long long)heap, "not a byte more is allocated");
    tap_at_most((double)(resident_pages() - pages), 64.0, "pages more in memory");
  }
  tap_int((long long)atomic_load(&soak.n_bad), 0, "samples that are no numbers");
  tap_int((long long)atomic_load(&soak.n_wrong), 0, "clicks at the wrong time");
  tap_int((long long)atomic_load(&soak.n_clicks),
          (long long)((n_frames - soak.latency + PERIOD - 1U) / PERIOD), "clicks in time");
  tap_int((long long)pinna_engine_frames(engine), (long long)n_frames, "frames");
  tap_int(pinna_engine_latency(engine), soak.latency, "latency is what it was");
  pinna_backend_close(backend);
  pinna_engine_free(engine);
  pinna_instance_free(delay);
  pinna_instance_free(eq);
  pinna_world_free(world);
  return tap_done();
}
