// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_ENGINE_FIXTURE_H
#define PINNA_TESTS_HOST_ENGINE_FIXTURE_H

#include "host/engine.h"
#include "tests/host/fake_instance.h"
#include "tests/tap.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

// What the engine's tests share: stereo engines over stand-in plugins, noise and tones

#define RATE 48000.0
#define N_CHANNELS 2U
#define MAX_BLOCK 256U

static inline PinnaInstance*
fake(const float gain, const uint32_t delay) {
  PinnaInstance* const instance = calloc(1, sizeof(*instance));
  instance->n_channels = 1U;
  instance->gain = gain;
  instance->delay = delay;
  atomic_store(&instance->latency, delay);
  return instance;
}

static inline PinnaEngine*
make_engine(void) {
  const PinnaEngineConfig config = {RATE, MAX_BLOCK, N_CHANNELS, N_CHANNELS, false};
  PinnaEngine*            engine = NULL;
  PinnaError              error = {""};
  if (pinna_engine_new(&engine, &config, &error)) {
    tap_ok(false, "engine: %s", error.text);
    exit(tap_done());
  }
  return engine;
}

static inline PinnaStatus
apply(PinnaEngine* const engine, const PinnaGraphNode* const nodes, const uint32_t n_nodes,
      const PinnaGraphWire* const wires, const uint32_t n_wires, PinnaError* const error) {
  const PinnaGraphSpec spec = {nodes, n_nodes, wires, n_wires};
  return pinna_engine_apply(engine, &spec, error);
}

#define IO PINNA_GRAPH_IO
#define COUNT(x) (uint32_t)(sizeof(x) / sizeof((x)[0]))
#define APPLY(engine, nodes, wires, error)                                                         \
  apply((engine), (nodes), COUNT(nodes), (wires), COUNT(wires), (error))

/// Run whole signals in blocks of sizes from a seed; 0: always 64
static inline void
run(PinnaEngine* const engine, const float* const left, const float* const right,
    float* const out_left, float* const out_right, const uint32_t n_frames, unsigned seed) {
  for (uint32_t at = 0U; at < n_frames;) {
    uint32_t n = 64U;
    if (seed) {
      n = (uint32_t)((tap_noise(&seed) + 1.0F) * 400.0F);
    }
    n = n < n_frames - at ? n : n_frames - at;
    const float* const in[] = {left + at, right + at};
    float* const       out[] = {out_left + at, out_right + at};
    pinna_engine_run(engine, in, out, n);
    at += n;
  }
}

static inline float*
noise(const uint32_t n, unsigned seed) {
  float* const x = malloc(n * sizeof(float));
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
  }
  return x;
}

static inline float
tone(const float amplitude, const uint64_t frame) {
  return amplitude * (float)sin(2.0 * M_PI * 200.0 * (double)frame / RATE);
}

#endif // PINNA_TESTS_HOST_ENGINE_FIXTURE_H
