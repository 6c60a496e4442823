// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/engine.h"

#include "host/engine_impl.h"
#include "host/graph_order.h"
#include "host/node_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Changing the graph while it sounds: old and new run together until the new one has faded in

/// A graph made of persistent nodes and wires, with what the change does to each
typedef struct {
  PinnaNode**    nodes;
  uint32_t       n_nodes;
  PinnaPlanWire* wires;
  uint32_t       n_wires;
  uint32_t*      order;
} Graph;

typedef struct {
  PinnaEngine*          engine;
  const PinnaGraphSpec* spec;
  PinnaError*           error;
  Graph                 now;
  Graph                 both;
  bool*                 node_is_new; ///< [spec->n_nodes]
  bool*                 wire_is_new; ///< [spec->n_wires]
  uint32_t              latency;
} Change;

static PinnaStatus
no_memory(const Change* const change) {
  return pinna_fail(change->error, PINNA_STATUS_NO_MEM, "No memory for the new graph");
}

static PinnaStatus
make_graph(Graph* const graph, const uint32_t n_nodes, const uint32_t n_wires) {
  graph->nodes = (PinnaNode**)calloc(n_nodes + 1U, sizeof(PinnaNode*));
  graph->wires = (PinnaPlanWire*)calloc(n_wires + 1U, sizeof(PinnaPlanWire));
  graph->order = (uint32_t*)calloc(n_nodes + 1U, sizeof(uint32_t));
  return graph->nodes && graph->wires && graph->order ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

static void
free_graph(Graph* const graph) {
  free(graph->nodes);
  free(graph->wires);
  free(graph->order);
}

/// Sort; on a cycle write "a -> b -> a" into `text`
static PinnaStatus
sort_graph(Graph* const graph, char* const text, const size_t size) {
  PinnaEdge* const edges = (PinnaEdge*)calloc(graph->n_wires + 1U, sizeof(PinnaEdge));
  uint32_t* const  cycle = (uint32_t*)calloc(graph->n_nodes + 1U, sizeof(uint32_t));
  uint32_t         n_edges = 0U;
  uint32_t         n_cycle = 0U;
  PinnaStatus      status = edges && cycle ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t i = 0U; i < graph->n_wires && !status; ++i) {
    const PinnaPlanWire* const wire = graph->wires + i;
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
check_cycles(Change* const change) {
  char cycle[512];
  for (uint32_t i = 0U; i < change->spec->n_wires; ++i) {
    const PinnaGraphWire* const wire = change->spec->wires + i;
    change->now.wires[i] = (PinnaPlanWire){NULL, wire->from, wire->to, PINNA_WIRE_STEADY};
  }

  change->now.n_wires = change->spec->n_wires;
  const PinnaStatus status = sort_graph(&change->now, cycle, sizeof(cycle));
  change->now.n_wires = 0U;
  if (status == PINNA_STATUS_BAD_CONFIG) {
    return pinna_fail(change->error, status,
                      "The wires go round in a circle: %s; remove one of them", cycle);
  }

  return status ? no_memory(change) : PINNA_STATUS_OK;
}

static const char*
end_name(const PinnaGraphSpec* const spec, const uint32_t node, const bool from) {
  return node == PINNA_GRAPH_IO ? (from ? "input" : "output") : spec->nodes[node].id;
}

static PinnaStatus
check_spec(const Change* const change) {
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
make_nodes(Change* const change) {
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
      return no_memory(change);
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
find_arrivals(const Change* const change, uint32_t* const arrival) {
  const Graph* const    now = &change->now;
  const uint32_t        n_nodes = now->n_nodes;
  const PinnaGraphWire* wires = change->spec->wires;
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
make_wires(Change* const change) {
  const PinnaGraphSpec* const spec = change->spec;
  Graph* const                now = &change->now;
  uint32_t* const             arrival = (uint32_t*)calloc(spec->n_nodes + 1U, sizeof(uint32_t));
  if (!arrival) {
    return no_memory(change);
  }

  PinnaStatus status = PINNA_STATUS_OK;
  find_arrivals(change, arrival);
  change->latency = arrival[spec->n_nodes];
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
        status = no_memory(change);
        break;
      }
      *wire = wanted;
      change->wire_is_new[i] = true;
    }
    now->wires[now->n_wires++] = (PinnaPlanWire){wire, w->from, w->to, PINNA_WIRE_STEADY};
  }

  free(arrival);
  return status;
}

static bool
has_node(const Graph* const graph, const PinnaNode* const node) {
  for (uint32_t i = 0U; i < graph->n_nodes; ++i) {
    if (graph->nodes[i] == node) {
      return true;
    }
  }

  return false;
}

static bool
has_wire(const Graph* const graph, const PinnaWire* const wire) {
  for (uint32_t i = 0U; i < graph->n_wires; ++i) {
    if (graph->wires[i].wire == wire) {
      return true;
    }
  }

  return false;
}

static uint32_t
index_of(const Graph* const graph, const PinnaNode* const node) {
  uint32_t i = 0U;
  while (node && graph->nodes[i] != node) {
    ++i;
  }

  return node ? i : PINNA_GRAPH_IO;
}

static void
add_wire(Graph* const graph, PinnaWire* const wire, const PinnaWireRole role) {
  graph->wires[graph->n_wires++] =
      (PinnaPlanWire){wire, index_of(graph, wire->from), index_of(graph, wire->to), role};
}

/// Old and new at once. Only wires into something that sounds before and after need a ramp: what
/// feeds a new node runs from the start, what feeds a leaving one until the end.
static PinnaStatus
join_graphs(Change* const change) {
  const PinnaEngine* const engine = change->engine;
  const Graph* const       now = &change->now;
  Graph* const             both = &change->both;
  if (make_graph(both, now->n_nodes + engine->n_nodes, now->n_wires + engine->n_wires)) {
    return no_memory(change);
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
    add_wire(both, now->wires[i].wire, ramps ? PINNA_WIRE_FADE_IN : PINNA_WIRE_STEADY);
  }
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    PinnaWire* const wire = engine->wires[i];
    if (!has_wire(now, wire)) {
      const bool ramps = !wire->to || has_node(now, wire->to);
      add_wire(both, wire, ramps ? PINNA_WIRE_FADE_OUT : PINNA_WIRE_STEADY);
    }
  }

  return PINNA_STATUS_OK;
}

static PinnaStatus
make_plan(const Change* const change, PinnaPlan** const plan, const Graph* const graph,
          const bool in_transition, const uint32_t warm_up) {
  const PinnaEngine* const engine = change->engine;
  const PinnaPlanConfig    config = {graph->nodes,
                                     graph->order,
                                     graph->n_nodes,
                                     graph->wires,
                                     graph->n_wires,
                                     engine->config.n_inputs,
                                     engine->config.n_outputs,
                                     engine->config.max_block,
                                     in_transition,
                                     warm_up,
                                     &engine->ramp};
  return pinna_plan_new(plan, &config) ? no_memory(change) : PINNA_STATUS_OK;
}

static void
set_output_roles(Graph* const graph, const PinnaWireRole role) {
  for (uint32_t i = 0U; i < graph->n_wires; ++i) {
    graph->wires[i].role = graph->wires[i].to == PINNA_GRAPH_IO ? role : PINNA_WIRE_STEADY;
  }
}

/// Old and new cannot run together, since they make a cycle: fade out, then fade in
static PinnaStatus
make_separate_plans(Change* const change, PinnaPlan** const plans, uint32_t* const n_plans) {
  const PinnaEngine* const engine = change->engine;
  Graph                    old = {0};
  char                     cycle[256];
  PinnaStatus              status = make_graph(&old, engine->n_nodes, engine->n_wires);
  if (!status) {
    memcpy(old.nodes, engine->nodes, engine->n_nodes * sizeof(PinnaNode*));
    old.n_nodes = engine->n_nodes;
    for (uint32_t i = 0U; i < engine->n_wires; ++i) {
      add_wire(&old, engine->wires[i], PINNA_WIRE_STEADY);
    }
    set_output_roles(&old, PINNA_WIRE_FADE_OUT);
    status = sort_graph(&old, cycle, sizeof(cycle));
  }
  if (!status) {
    status = make_plan(change, plans + (*n_plans)++, &old, true, 0U);
  }
  if (!status) {
    set_output_roles(&change->now, PINNA_WIRE_FADE_IN);
    status = make_plan(change, plans + (*n_plans)++, &change->now, true, change->latency);
    set_output_roles(&change->now, PINNA_WIRE_STEADY);
  }

  free_graph(&old);
  return status ? no_memory(change) : PINNA_STATUS_OK;
}

/// The plans that lead from the old graph to the new one; the last one stays
static PinnaStatus
make_plans(Change* const change, PinnaPlan** const plans, uint32_t* const n_plans) {
  char        cycle[256];
  PinnaStatus status = PINNA_STATUS_OK;
  if (change->engine->plan && pinna_engine_frames(change->engine)) {
    status = join_graphs(change);
    if (!status) {
      status = sort_graph(&change->both, cycle, sizeof(cycle));
      if (!status) {
        status = make_plan(change, plans + (*n_plans)++, &change->both, true, change->latency);
      } else if (status == PINNA_STATUS_BAD_CONFIG) {
        status = make_separate_plans(change, plans, n_plans);
      }
    }
  }

  return status ? status : make_plan(change, plans + (*n_plans)++, &change->now, false, 0U);
}

static void
nap(void) {
  const struct timespec time = {0, 1000000};
  nanosleep(&time, NULL);
}

/// Wait until the audio thread runs `plan` and, if asked, its ramps have ended.
/// @return false if audio stood still for 250 ms
static bool
wait_for(PinnaEngine* const engine, PinnaPlan* const plan, const bool settled) {
  uint64_t seen = pinna_engine_frames(engine);
  for (unsigned still = 0U; still < 250U; ++still) {
    if (atomic_load_explicit(&engine->current, memory_order_acquire) == plan &&
        (!settled || pinna_plan_settled(plan))) {
      return true;
    }

    nap();
    const uint64_t frames = pinna_engine_frames(engine);
    still = frames != seen ? 0U : still;
    seen = frames;
  }

  return false;
}

/// Install the last plan from this thread while no audio thread is inside the engine
static void
take_over(PinnaEngine* const engine, PinnaPlan* const plan) {
  unsigned nobody = PINNA_OWNER_NONE;
  while (!atomic_compare_exchange_weak(&engine->owner, &nobody, PINNA_OWNER_CONTROL)) {
    nobody = PINNA_OWNER_NONE;
    nap();
  }

  atomic_store(&engine->next, plan);
  atomic_store(&engine->current, plan);
  atomic_store(&engine->owner, PINNA_OWNER_NONE);
}

static void
play(PinnaEngine* const engine, PinnaPlan* const* const plans, const uint32_t n_plans) {
  bool moving = pinna_engine_frames(engine) > 0U;
  for (uint32_t i = 0U; i < n_plans && moving; ++i) {
    atomic_store_explicit(&engine->next, plans[i], memory_order_release);
    moving = wait_for(engine, plans[i], i + 1U < n_plans);
  }
  if (!moving) {
    take_over(engine, plans[n_plans - 1U]);
  }
}

static void
free_wire(PinnaWire* const wire) {
  pinna_delay_free(wire->line);
  free(wire);
}

/// The new graph is in force: forget what only the old one had
static void
commit(Change* const change, PinnaWire** const wires, PinnaPlan* const plan) {
  PinnaEngine* const engine = change->engine;
  Graph* const       now = &change->now;
  for (uint32_t i = 0U; i < engine->n_wires; ++i) {
    if (!has_wire(now, engine->wires[i])) {
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
  pinna_plan_free(engine->plan);
  engine->nodes = now->nodes;
  engine->n_nodes = now->n_nodes;
  engine->wires = wires;
  engine->n_wires = now->n_wires;
  engine->plan = plan;
  now->nodes = NULL;
  atomic_store(&engine->latency, change->latency);
}

/// The new graph cannot be: forget what only it had
static void
discard(Change* const change) {
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

static PinnaStatus
prepare(Change* const change) {
  PinnaStatus status = check_spec(change);
  if (!status && make_graph(&change->now, change->spec->n_nodes, change->spec->n_wires)) {
    status = no_memory(change);
  }
  if (!status) {
    status = make_nodes(change);
  }
  if (!status) {
    status = check_cycles(change);
  }
  return status ? status : make_wires(change);
}

PinnaStatus
pinna_engine_apply(PinnaEngine* const engine, const PinnaGraphSpec* const spec,
                   PinnaError* const error) {
  Change      change = {.engine = engine, .spec = spec, .error = error};
  PinnaPlan*  plans[3] = {NULL, NULL, NULL};
  uint32_t    n_plans = 0U;
  PinnaStatus status = PINNA_STATUS_OK;

  change.node_is_new = (bool*)calloc(spec->n_nodes + 1U, sizeof(bool));
  change.wire_is_new = (bool*)calloc(spec->n_wires + 1U, sizeof(bool));
  PinnaWire** const wires = (PinnaWire**)calloc(spec->n_wires + 1U, sizeof(PinnaWire*));
  if (!change.node_is_new || !change.wire_is_new || !wires) {
    status = no_memory(&change);
  }
  if (!status) {
    status = prepare(&change);
  }
  if (!status) {
    status = make_plans(&change, plans, &n_plans);
  }

  if (status) {
    discard(&change);
    free(wires);
  } else {
    for (uint32_t i = 0U; i < spec->n_nodes; ++i) {
      pinna_node_bypass(change.now.nodes[i], spec->nodes[i].bypass);
    }
    play(engine, plans, n_plans);
    commit(&change, wires, plans[n_plans - 1U]);
  }
  for (uint32_t i = 0U; i < 3U && (status || i + 1U < n_plans); ++i) {
    pinna_plan_free(plans[i]);
  }

  free_graph(&change.now);
  free_graph(&change.both);
  free(change.node_is_new);
  free(change.wire_is_new);
  return status;
}
