// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/change.h"

#include "host/graph_order.h"
#include "host/node_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Comparing the old graph with the new one by instances and wires

PinnaStatus
pinna_change_no_memory(const PinnaChange* const change) {
  return pinna_fail(change->error, PINNA_STATUS_NO_MEM, "No memory for the new graph");
}

PinnaStatus
pinna_graph_reserve(PinnaGraph* const graph, const uint32_t n_nodes, const uint32_t n_wires) {
  graph->nodes = (PinnaNode**)calloc(n_nodes + 1U, sizeof(PinnaNode*));
  graph->wires = (PinnaHostPlanWire*)calloc(n_wires + 1U, sizeof(PinnaHostPlanWire));
  graph->order = (uint32_t*)calloc(n_nodes + 1U, sizeof(uint32_t));
  return graph->nodes && graph->wires && graph->order ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

void
pinna_graph_free(PinnaGraph* const graph) {
  free(graph->nodes);
  free(graph->wires);
  free(graph->order);
}

/// Sort; on a cycle write "a -> b -> a" into `text`
PinnaStatus
pinna_graph_sort(PinnaGraph* const graph, char* const text, const size_t size) {
  PinnaEdge* const edges = (PinnaEdge*)calloc(graph->n_wires + 1U, sizeof(PinnaEdge));
  uint32_t* const  cycle = (uint32_t*)calloc(graph->n_nodes + 1U, sizeof(uint32_t));
  uint32_t         n_edges = 0U;
  uint32_t         n_cycle = 0U;
  PinnaStatus      status = edges && cycle ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t i = 0U; i < graph->n_wires && !status; ++i) {
    const PinnaHostPlanWire* const wire = graph->wires + i;
    if (wire->from != PINNA_GRAPH_IO && wire->to != PINNA_GRAPH_IO) {
      edges[n_edges++] = (PinnaEdge){wire->from, wire->to};
    }
  }
  if (!status) {
    status = pinna_graph_order(graph->order, cycle, &n_cycle, graph->n_nodes, edges, n_edges);
  }
  text[0] = '\0';
  for (uint32_t i = 0U; i <= n_cycle && n_cycle; ++i) {
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", i ? " -> " : "",
             graph->nodes[cycle[i % n_cycle]]->id);
  }

  free(edges);
  free(cycle);
  return status;
}

/// Sort the new graph by the words of its description
static PinnaStatus
check_cycles(PinnaChange* const change) {
  char cycle[512];
  for (uint32_t i = 0U; i < change->spec->n_wires; ++i) {
    const PinnaGraphWire* const wire = change->spec->wires + i;
    change->now.wires[i] = (PinnaHostPlanWire){NULL, wire->from, wire->to, PINNA_WIRE_STEADY};
  }

  change->now.n_wires = change->spec->n_wires;
  const PinnaStatus status = pinna_graph_sort(&change->now, cycle, sizeof(cycle));
  change->now.n_wires = 0U;
  if (status == PINNA_STATUS_BAD_CONFIG) {
    return pinna_fail(change->error, status,
                      "The wires go round in a circle: %s; remove one of them", cycle);
  }

  return status ? pinna_change_no_memory(change) : PINNA_STATUS_OK;
}

static const char*
end_name(const PinnaGraphSpec* const spec, const uint32_t node, const bool from) {
  return node == PINNA_GRAPH_IO ? (from ? "input" : "output") : spec->nodes[node].id;
}

static PinnaStatus
check_spec(const PinnaChange* const change) {
  const PinnaGraphSpec* const spec = change->spec;
  for (uint32_t i = 0U; i < spec->n_nodes; ++i) {
    for (uint32_t k = 0U; k < i; ++k) {
      if (!strcmp(spec->nodes[i].id, spec->nodes[k].id) ||
          spec->nodes[i].instance == spec->nodes[k].instance) {
        return pinna_fail(change->error, PINNA_STATUS_BAD_CONFIG,
                          "Node '%s' is there twice: each needs its own id and instance",
                          spec->nodes[i].id);
      }
    }
  }

  for (uint32_t i = 0U; i < spec->n_wires; ++i) {
    const PinnaGraphWire* const wire = spec->wires + i;
    if ((wire->from != PINNA_GRAPH_IO && wire->from >= spec->n_nodes) ||
        (wire->to != PINNA_GRAPH_IO && wire->to >= spec->n_nodes)) {
      return pinna_fail(change->error, PINNA_STATUS_BAD_CONFIG, "Wire %u names no node", i + 1U);
    }

    const uint32_t n_from = wire->from == PINNA_GRAPH_IO
                                ? change->engine->config.n_inputs
                                : pinna_instance_n_audio_out(spec->nodes[wire->from].instance);
    const uint32_t n_to = wire->to == PINNA_GRAPH_IO
                              ? change->engine->config.n_outputs
                              : pinna_instance_n_audio_in(spec->nodes[wire->to].instance);
    if (wire->from_ch >= n_from || wire->to_ch >= n_to) {
      return pinna_fail(change->error, PINNA_STATUS_BAD_CONFIG,
                        "Wire from %s channel %u (it has %u) to %s channel %u (it has %u)",
                        end_name(spec, wire->from, true), wire->from_ch + 1U, n_from,
                        end_name(spec, wire->to, false), wire->to_ch + 1U, n_to);
    }
    for (uint32_t k = 0U; k < i; ++k) {
      if (!memcmp(wire, spec->wires + k, sizeof(*wire))) {
        return pinna_fail(change->error, PINNA_STATUS_BAD_CONFIG,
                          "The wire from %s channel %u to %s channel %u is there twice",
                          end_name(spec, wire->from, true), wire->from_ch + 1U,
                          end_name(spec, wire->to, false), wire->to_ch + 1U);
      }
    }
  }

  return PINNA_STATUS_OK;
}

static PinnaNode*
find_node(const PinnaEngine* const engine, const PinnaInstance* const instance) {
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    if (engine->nodes[i]->instance == instance) {
      return engine->nodes[i];
    }
  }

  return NULL;
}

/// Keep the nodes of known instances, make the others
static PinnaStatus
make_nodes(PinnaChange* const change) {
  PinnaEngine* const engine = change->engine;
  for (uint32_t i = 0U; i < change->spec->n_nodes; ++i) {
    const PinnaGraphNode* const wanted = change->spec->nodes + i;
    const PinnaNodeConfig       config = {
              wanted->id,    wanted->instance, engine->config.sample_rate, engine->config.max_block,
              &engine->ramp, wanted->bypass};
    PinnaNode*  node = find_node(engine, wanted->instance);
    PinnaStatus status = PINNA_STATUS_OK;
    if (!node) {
      status = pinna_node_new(&node, &config);
      change->node_is_new[i] = !status;
    } else if (pinna_instance_latency(node->instance) != node->dry->latency) {
      status =
          pinna_dry_new(&node->dry_next, node->instance, pinna_instance_latency(node->instance));
    }
    if (status) {
      return pinna_change_no_memory(change);
    }
    change->now.nodes[change->now.n_nodes++] = node;
  }

  return PINNA_STATUS_OK;
}

static uint32_t
node_latency(const PinnaNode* const node) {
  return (node->dry_next ? node->dry_next : node->dry)->latency;
}

static PinnaWire*
find_wire(const PinnaEngine* const engine, const PinnaWire* const wanted) {
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    const PinnaWire* const wire = engine->wires[i];
    if (wire->from == wanted->from && wire->from_ch == wanted->from_ch && wire->to == wanted->to &&
        wire->to_ch == wanted->to_ch && wire->delay == wanted->delay) {
      return engine->wires[i];
    }
  }

  return NULL;
}

/// Frames by which sound is late at each node's inputs, and at the graph's outputs (last entry)
static void
find_arrivals(const PinnaChange* const change, uint32_t* const arrival) {
  const PinnaGraph* const now = &change->now;
  const uint32_t          n_nodes = now->n_nodes;
  const PinnaGraphWire*   wires = change->spec->wires;
  for (uint32_t k = 0U; k < n_nodes; ++k) {
    const uint32_t n = now->order[k];
    for (uint32_t i = 0U; i < change->spec->n_wires; ++i) {
      if (wires[i].from == n) {
        const uint32_t to = wires[i].to == PINNA_GRAPH_IO ? n_nodes : wires[i].to;
        const uint32_t at = arrival[n] + node_latency(now->nodes[n]);
        arrival[to] = at > arrival[to] ? at : arrival[to];
      }
    }
  }
}

/// Keep wires that are the same including their delay, make the others
static PinnaStatus
make_wires(PinnaChange* const change) {
  const PinnaGraphSpec* const spec = change->spec;
  PinnaGraph* const           now = &change->now;
  uint32_t* const             arrival = (uint32_t*)calloc(spec->n_nodes + 1U, sizeof(uint32_t));
  if (!arrival) {
    return pinna_change_no_memory(change);
  }

  PinnaStatus status = PINNA_STATUS_OK;
  find_arrivals(change, arrival);
  change->latency = arrival[spec->n_nodes];
  for (uint32_t i = 0U; i < now->n_nodes; ++i) {
    now->nodes[i]->arrival = arrival[i];
  }
  for (uint32_t i = 0U; i < spec->n_wires && !status; ++i) {
    const PinnaGraphWire* const w = spec->wires + i;
    const uint32_t              leaves =
        w->from == PINNA_GRAPH_IO ? 0U : arrival[w->from] + node_latency(now->nodes[w->from]);
    PinnaWire wanted = {w->from == PINNA_GRAPH_IO ? NULL : now->nodes[w->from],
                        w->from_ch,
                        w->to == PINNA_GRAPH_IO ? NULL : now->nodes[w->to],
                        w->to_ch,
                        arrival[w->to == PINNA_GRAPH_IO ? spec->n_nodes : w->to] - leaves,
                        NULL};
    PinnaWire* wire = find_wire(change->engine, &wanted);
    if (!wire) {
      wire = (PinnaWire*)calloc(1U, sizeof(PinnaWire));
      if (!wire || pinna_delay_new(&wanted.line, wanted.delay)) {
        free(wire);
        status = pinna_change_no_memory(change);
        break;
      }
      *wire = wanted;
      change->wire_is_new[i] = true;
    }
    now->wires[now->n_wires++] = (PinnaHostPlanWire){wire, w->from, w->to, PINNA_WIRE_STEADY};
  }

  free(arrival);
  return status;
}

static bool
has_node(const PinnaGraph* const graph, const PinnaNode* const node) {
  for (uint32_t i = 0U; i < graph->n_nodes; ++i) {
    if (graph->nodes[i] == node) {
      return true;
    }
  }

  return false;
}

PinnaHostPlanWire*
pinna_graph_has_wire(const PinnaGraph* const graph, const PinnaWire* const wire) {
  for (uint32_t i = 0U; i < graph->n_wires; ++i) {
    if (graph->wires[i].wire == wire) {
      return graph->wires + i;
    }
  }

  return NULL;
}

static uint32_t
index_of(const PinnaGraph* const graph, const PinnaNode* const node) {
  uint32_t i = 0U;
  while (node && graph->nodes[i] != node) {
    ++i;
  }

  return node ? i : PINNA_GRAPH_IO;
}

void
pinna_graph_add_wire(PinnaGraph* const graph, PinnaWire* const wire, const PinnaWireRole role) {
  graph->wires[graph->n_wires++] =
      (PinnaHostPlanWire){wire, index_of(graph, wire->from), index_of(graph, wire->to), role};
}

/// Old and new at once. Only wires into something that sounds before and after need a ramp: what
/// feeds a new node runs from the start, what feeds a leaving one until the end.
PinnaStatus
pinna_change_join(PinnaChange* const change) {
  const PinnaEngine* const engine = change->engine;
  const PinnaGraph* const  now = &change->now;
  PinnaGraph* const        both = &change->both;
  if (pinna_graph_reserve(both, now->n_nodes + engine->n_nodes, now->n_wires + engine->n_wires)) {
    return pinna_change_no_memory(change);
  }

  for (uint32_t i = 0U; i < now->n_nodes; ++i) {
    both->nodes[both->n_nodes++] = now->nodes[i];
  }
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    if (!has_node(now, engine->nodes[i])) {
      both->nodes[both->n_nodes++] = engine->nodes[i];
    }
  }

  for (uint32_t i = 0U; i < now->n_wires; ++i) {
    const uint32_t to = now->wires[i].to;
    const bool ramps = change->wire_is_new[i] && (to == PINNA_GRAPH_IO || !change->node_is_new[to]);
    pinna_graph_add_wire(both, now->wires[i].wire, ramps ? PINNA_WIRE_FADE_IN : PINNA_WIRE_STEADY);
  }
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    PinnaWire* const wire = engine->wires[i];
    if (!pinna_graph_has_wire(now, wire)) {
      const bool ramps = !wire->to || has_node(now, wire->to);
      pinna_graph_add_wire(both, wire, ramps ? PINNA_WIRE_FADE_OUT : PINNA_WIRE_STEADY);
    }
  }

  return PINNA_STATUS_OK;
}

static void
free_wire(PinnaWire* const wire) {
  pinna_delay_free(wire->line);
  free(wire);
}

/// The new graph is in force: forget what only the old one had
void
pinna_change_commit(PinnaChange* const change, PinnaWire** const wires, PinnaHostPlan* const plan) {
  PinnaEngine* const engine = change->engine;
  PinnaGraph* const  now = &change->now;
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    if (!pinna_graph_has_wire(now, engine->wires[i])) {
      free_wire(engine->wires[i]);
    }
  }
  for (uint32_t i = 0U; i < engine->n_nodes; ++i) {
    if (!has_node(now, engine->nodes[i])) {
      pinna_node_free(engine->nodes[i]);
    }
  }
  for (uint32_t i = 0U; i < now->n_nodes; ++i) {
    pinna_node_settle(now->nodes[i], change->spec->nodes[i].id);
  }
  for (uint32_t i = 0U; i < now->n_wires; ++i) {
    wires[i] = now->wires[i].wire;
  }

  free(engine->nodes);
  free(engine->wires);
  pinna_host_plan_free(engine->plan);
  engine->nodes = now->nodes;
  engine->n_nodes = now->n_nodes;
  engine->wires = wires;
  engine->n_wires = now->n_wires;
  engine->plan = plan;
  now->nodes = NULL;
  atomic_store(&engine->latency, change->latency);
}

/// The new graph cannot be: forget what only it had
void
pinna_change_discard(PinnaChange* const change) {
  for (uint32_t i = 0U; i < change->now.n_nodes; ++i) {
    if (change->node_is_new[i]) {
      pinna_node_free(change->now.nodes[i]);
    } else {
      pinna_dry_free(change->now.nodes[i]->dry_next);
      change->now.nodes[i]->dry_next = NULL;
    }
  }
  for (uint32_t i = 0U; i < change->now.n_wires; ++i) {
    if (change->wire_is_new[i]) {
      free_wire(change->now.wires[i].wire);
    }
  }
}

PinnaStatus
pinna_change_prepare(PinnaChange* const change) {
  PinnaStatus status = check_spec(change);
  if (!status && pinna_graph_reserve(&change->now, change->spec->n_nodes, change->spec->n_wires)) {
    status = pinna_change_no_memory(change);
  }
  if (!status) {
    status = make_nodes(change);
  }
  if (!status) {
    status = check_cycles(change);
  }
  return status ? status : make_wires(change);
}

void
pinna_change_free(PinnaChange* const change) {
  pinna_graph_free(&change->now);
  pinna_graph_free(&change->both);
  free(change->node_is_new);
  free(change->wire_is_new);
}
