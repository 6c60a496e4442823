// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/graph_order.h"
#include "tests/tap.h"

#include <stdbool.h>

// Order of nodes: random graphs without cycles, and cycles that must be named truly

#define N_NODES 40U
#define N_EDGES 120U

static uint32_t
pick(unsigned* const seed, const uint32_t n) {
  const uint32_t k = (uint32_t)((tap_noise(seed) + 1.0F) * 0.5F * (float)n);
  return k < n ? k : n - 1U;
}

static bool
has_edge(const PinnaEdge* const edges, const uint32_t n, const uint32_t from, const uint32_t to) {
  for (uint32_t i = 0U; i < n; ++i) {
    if (edges[i].from == from && edges[i].to == to) {
      return true;
    }
  }
  return false;
}

int
main(void) {
  PinnaEdge edges[N_EDGES + 1U];
  uint32_t  order[N_NODES];
  uint32_t  cycle[N_NODES];
  uint32_t  rank[N_NODES];
  uint32_t  n_cycle = 0U;
  unsigned  seed = 23U;
  unsigned  n_bad = 0U;
  unsigned  n_false = 0U;
  for (int round = 0; round < 200; ++round) {
    // Edges go up a random ranking, so that there is no cycle
    for (uint32_t i = 0U; i < N_NODES; ++i) {
      const uint32_t k = pick(&seed, i + 1U);
      rank[i] = i;
      rank[i] = rank[k];
      rank[k] = i;
    }
    for (uint32_t i = 0U; i < N_EDGES;) {
      const PinnaEdge edge = {pick(&seed, N_NODES), pick(&seed, N_NODES)};
      if (rank[edge.from] < rank[edge.to]) {
        edges[i++] = edge;
      }
    }

    uint32_t at[N_NODES];
    n_bad += pinna_graph_order(order, cycle, &n_cycle, N_NODES, edges, N_EDGES) != PINNA_STATUS_OK;
    for (uint32_t i = 0U; i < N_NODES; ++i) {
      at[order[i]] = i;
    }
    for (uint32_t i = 0U; i < N_EDGES; ++i) {
      n_bad += at[edges[i].from] >= at[edges[i].to];
    }

    // Turn one edge round into a second one: now there is a cycle, and each of its steps is an edge
    edges[N_EDGES] = (PinnaEdge){edges[round % (int)N_EDGES].to, edges[round % (int)N_EDGES].from};
    n_false += pinna_graph_order(order, cycle, &n_cycle, N_NODES, edges, N_EDGES + 1U) !=
               PINNA_STATUS_BAD_CONFIG;
    n_false += n_cycle < 2U;
    for (uint32_t i = 0U; i < n_cycle; ++i) {
      n_false += !has_edge(edges, N_EDGES + 1U, cycle[i], cycle[(i + 1U) % n_cycle]);
    }
  }
  tap_int(n_bad, 0, "orders of 200 random graphs");
  tap_int(n_false, 0, "cycles of 200 random graphs");

  const PinnaEdge self = {0U, 0U};
  tap_int(pinna_graph_order(order, cycle, &n_cycle, 1U, &self, 1U), PINNA_STATUS_BAD_CONFIG,
          "a node that hears itself");
  tap_int(n_cycle, 1, "is a cycle of one");
  tap_int(pinna_graph_order(order, cycle, &n_cycle, 0U, NULL, 0U), PINNA_STATUS_OK,
          "nothing is in order");
  tap_int(pinna_graph_order(order, cycle, &n_cycle, 3U, NULL, 0U), PINNA_STATUS_OK, "free nodes");
  tap_ok(order[0] == 0U && order[1] == 1U && order[2] == 2U, "keep their order");
  return tap_done();
}
