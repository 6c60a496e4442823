// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/bench.h"
#include "tests/host/engine_fixture.h"

#include <stdio.h>

// What the engine itself costs: ns per block and per frame of a chain of stand-ins, less the
// stand-ins

#define N_NODES 8U

static double
bare(PinnaInstance* const* const instances, const uint32_t block, const uint32_t n_blocks) {
  static float       a[8192];
  static float       b[8192];
  const float* const in[] = {a};
  float* const       out[] = {b};
  const double       start = bench_ns();
  for (uint32_t i = 0U; i < n_blocks; ++i) {
    for (uint32_t k = 0U; k < N_NODES; ++k) {
      pinna_instance_run(instances[k], in, out, block);
    }
  }
  return (bench_ns() - start) / n_blocks;
}

static double
whole(PinnaEngine* const engine, const uint32_t block, const uint32_t n_blocks) {
  static float       x[2][8192];
  static float       y[2][8192];
  const float* const in[] = {x[0], x[1]};
  float* const       out[] = {y[0], y[1]};
  const double       start = bench_ns();
  for (uint32_t i = 0U; i < n_blocks; ++i) {
    pinna_engine_run(engine, in, out, block);
  }
  return (bench_ns() - start) / n_blocks;
}

int
main(void) {
  static const uint32_t   blocks[] = {1U, 16U, 64U, 256U, 1024U, 8192U};
  PinnaInstance*          instances[N_NODES];
  PinnaGraphNode          nodes[N_NODES];
  PinnaGraphWire          wires[N_NODES + 1U];
  char                    ids[N_NODES][8];
  PinnaEngine*            engine = NULL;
  const PinnaEngineConfig config = {RATE, 8192U, 2U, 2U, false};
  for (uint32_t k = 0U; k < N_NODES; ++k) {
    snprintf(ids[k], sizeof(ids[k]), "n%u", k);
    instances[k] = fake(1.0F, 0U);
    nodes[k] = (PinnaGraphNode){ids[k], instances[k], false};
    wires[k] = (PinnaGraphWire){k ? k - 1U : IO, 0U, k, 0U};
  }
  wires[N_NODES] = (PinnaGraphWire){N_NODES - 1U, 0U, IO, 0U};
  pinna_engine_new(&engine, &config, NULL);
  apply(engine, nodes, N_NODES, wires, N_NODES + 1U, NULL);

  printf("block   engine ns/block   per node and block   per node and frame\n");
  for (size_t i = 0U; i < COUNT(blocks); ++i) {
    const uint32_t n = blocks[i];
    double         best = 1e30;
    double         base = 1e30;
    for (int round = 0; round < 9; ++round) {
      base = bench_min(base, bare(instances, n, 65536U / n / 4U + 8U));
      best = bench_min(best, whole(engine, n, 65536U / n / 4U + 8U));
    }
    const double own = best - base;
    printf("%5u %17.0f %20.1f %20.2f\n", n, own, own / N_NODES, own / N_NODES / n);
  }
  pinna_engine_free(engine);
  for (uint32_t k = 0U; k < N_NODES; ++k) {
    free(instances[k]);
  }
  return 0;
}
