// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_GRAPH_ORDER_H
#define PINNA_HOST_GRAPH_ORDER_H

#include "base/status.h"

#include <stdint.h>

// In which order nodes run, and how late each one hears

/// From node to node; ends at the graph's own inputs and outputs are left out by the caller
typedef struct {
  uint32_t from;
  uint32_t to;
} PinnaEdge;

/// Sort nodes so that each runs after all that it hears; equal ones stay in index order. Not
/// realtime.
/// @param order   Receives node indices [n_nodes]
/// @param cycle   On BAD_CONFIG receives the nodes of one cycle, in the direction of sound
///                [n_nodes]
/// @param n_cycle On BAD_CONFIG receives their number
/// @return BAD_CONFIG (a cycle), NO_MEM
PinnaStatus pinna_graph_order(uint32_t* order, uint32_t* cycle, uint32_t* n_cycle, uint32_t n_nodes,
                              const PinnaEdge* edges, uint32_t n_edges);

#endif // PINNA_HOST_GRAPH_ORDER_H
