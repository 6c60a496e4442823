// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/graph_order.h"

#include <stdbool.h>
#include <stdlib.h>

// Topological sort that can name the cycle it met

/// Walk backwards among nodes that could not be sorted: each has an unsorted source, so the walk
/// must meet itself
static void
find_cycle(uint32_t* const cycle, uint32_t* const n_cycle, const uint32_t n_nodes,
           const uint32_t* const missing, const PinnaEdge* const edges, const uint32_t n_edges,
           uint32_t* const step_of) {
  uint32_t node = 0U;
  while (!missing[node]) {
    ++node;
  }

  uint32_t n_steps = 0U;
  for (uint32_t i = 0U; i < n_nodes; ++i) {
    step_of[i] = UINT32_MAX;
  }
  while (step_of[node] == UINT32_MAX) {
    step_of[node] = n_steps;
    cycle[n_steps++] = node;
    uint32_t e = 0U;
    while (e < n_edges && !(edges[e].to == node && missing[edges[e].from])) {
      ++e;
    }
    node = edges[e].from;
  }

  // Keep the part after the meeting point, and turn it into the direction of sound
  const uint32_t first = step_of[node];
  *n_cycle = n_steps - first;
  for (uint32_t i = 0U; i < *n_cycle; ++i) {
    step_of[i] = cycle[n_steps - 1U - i];
  }
  for (uint32_t i = 0U; i < *n_cycle; ++i) {
    cycle[i] = step_of[i];
  }
}

PinnaStatus
pinna_graph_order(uint32_t* const order, uint32_t* const cycle, uint32_t* const n_cycle,
                  const uint32_t n_nodes, const PinnaEdge* const edges, const uint32_t n_edges) {
  // Number of unsorted sources plus one while a node is unsorted itself, then 0
  uint32_t* const missing = (uint32_t*)calloc((size_t)n_nodes * 2U + 1U, sizeof(uint32_t));
  if (!missing) {
    return PINNA_STATUS_NO_MEM;
  }

  for (uint32_t i = 0U; i < n_nodes; ++i) {
    missing[i] = 1U;
  }
  for (uint32_t e = 0U; e < n_edges; ++e) {
    ++missing[edges[e].to];
  }

  PinnaStatus status = PINNA_STATUS_OK;
  for (uint32_t n_sorted = 0U; n_sorted < n_nodes && !status; ++n_sorted) {
    uint32_t next = 0U;
    while (next < n_nodes && missing[next] != 1U) {
      ++next;
    }
    if (next == n_nodes) {
      find_cycle(cycle, n_cycle, n_nodes, missing, edges, n_edges, missing + n_nodes);
      status = PINNA_STATUS_BAD_CONFIG;
    } else {
      order[n_sorted] = next;
      missing[next] = 0U;
      for (uint32_t e = 0U; e < n_edges; ++e) {
        missing[edges[e].to] -= edges[e].from == next;
      }
    }
  }

  free(missing);
  return status;
}
