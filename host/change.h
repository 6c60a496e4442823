// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CHANGE_H
#define PINNA_HOST_CHANGE_H

#include "host/engine_impl.h"
#include "host/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A change of graph before it sounds: what stays, what comes, what goes

/// A graph made of persistent nodes and wires, with what the change does to each
typedef struct {
  PinnaNode**        nodes;
  uint32_t           n_nodes;
  PinnaHostPlanWire* wires;
  uint32_t           n_wires;
  uint32_t*          order;
} PinnaGraph;

/// Zero-initialise, then set the first three
typedef struct {
  PinnaEngine*          engine;
  const PinnaGraphSpec* spec;
  PinnaError*           error;
  PinnaGraph            now;
  PinnaGraph            both;
  bool*                 node_is_new; ///< [spec->n_nodes]
  bool*                 wire_is_new; ///< [spec->n_wires]
  uint32_t              latency;
} PinnaChange;

/// Check the new graph, keep the nodes and wires that it shares with the old one, make the others.
/// @return BAD_CONFIG (words for a person in the error), NO_MEM; then pinna_change_discard() is due
PinnaStatus pinna_change_prepare(PinnaChange* change);

/// Lay old and new graph over each other in `both`. @return NO_MEM
PinnaStatus pinna_change_join(PinnaChange* change);

/// The new graph is in force: forget what only the old one had.
/// @param wires Memory for the wires [spec->n_wires], becomes the engine's
void pinna_change_commit(PinnaChange* change, PinnaWire** wires, PinnaHostPlan* plan);

/// The new graph cannot be: forget what only it had
void pinna_change_discard(PinnaChange* change);

/// Free the change itself
void pinna_change_free(PinnaChange* change);

/// The error of a change that ran out of memory
PinnaStatus pinna_change_no_memory(const PinnaChange* change);

/// Room for a graph. @return NO_MEM
PinnaStatus pinna_graph_reserve(PinnaGraph* graph, uint32_t n_nodes, uint32_t n_wires);

void pinna_graph_free(PinnaGraph* graph);

/// Put a wire between nodes that are already there
void pinna_graph_add_wire(PinnaGraph* graph, PinnaWire* wire, PinnaWireRole role);

/// A wire's place in a graph, or NULL
PinnaHostPlanWire* pinna_graph_has_wire(const PinnaGraph* graph, const PinnaWire* wire);

/// Find the order of the nodes.
/// @param text Receives the names on a cycle, "a -> b -> a"
/// @return BAD_CONFIG (a cycle), NO_MEM
PinnaStatus pinna_graph_sort(PinnaGraph* graph, char* text, size_t size);

#endif // PINNA_HOST_CHANGE_H
