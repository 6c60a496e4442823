// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/engine.h"

#include "host/change.h"
#include "host/node_impl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

// Changing the graph while it sounds: old and new run together until the new one has faded in

static PinnaStatus
make_plan(const PinnaChange* const change, PinnaHostPlan** const plan,
          const PinnaGraph* const graph, const bool in_transition, const uint32_t warm_up) {
  const PinnaEngine* const  engine = change->engine;
  const PinnaHostPlanConfig config = {graph->nodes,
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
  return pinna_host_plan_new(plan, &config) ? pinna_change_no_memory(change) : PINNA_STATUS_OK;
}

/// Mark nodes that hear a wire which is not in `other`, directly or through others
static void
mark_changed(const PinnaGraph* const graph, const PinnaGraph* const other, bool* const changed) {
  for (uint32_t k = 0U; k < graph->n_nodes; ++k) {
    const uint32_t n = graph->order[k];
    for (uint32_t i = 0U; i < graph->n_wires; ++i) {
      const PinnaHostPlanWire* const wire = graph->wires + i;
      const bool hears = wire->to == n && (!pinna_graph_has_wire(other, wire->wire) ||
                                           (wire->from != PINNA_GRAPH_IO && changed[wire->from]));
      changed[n] = changed[n] || hears;
    }
  }
}

/// Fade what reaches the graph's outputs, except what is the same in both graphs all the way
static PinnaStatus
set_output_roles(PinnaGraph* const old, PinnaGraph* const now) {
  bool* const old_changed = (bool*)calloc(old->n_nodes + 1U, sizeof(bool));
  bool* const now_changed = (bool*)calloc(now->n_nodes + 1U, sizeof(bool));
  if (old_changed && now_changed) {
    mark_changed(old, now, old_changed);
    mark_changed(now, old, now_changed);
    for (uint32_t i = 0U; i < old->n_wires; ++i) {
      PinnaHostPlanWire* const before = old->wires + i;
      PinnaHostPlanWire* const after = pinna_graph_has_wire(now, before->wire);
      const bool               same = after && (before->from == PINNA_GRAPH_IO ||
                                  (!old_changed[before->from] && !now_changed[after->from]));
      before->role = !same && before->to == PINNA_GRAPH_IO ? PINNA_WIRE_FADE_OUT : before->role;
    }
    for (uint32_t i = 0U; i < now->n_wires; ++i) {
      PinnaHostPlanWire* const       after = now->wires + i;
      const PinnaHostPlanWire* const before = pinna_graph_has_wire(old, after->wire);
      const bool                     same = before && before->role == PINNA_WIRE_STEADY;
      after->role = !same && after->to == PINNA_GRAPH_IO ? PINNA_WIRE_FADE_IN : after->role;
    }
  }

  const bool ok = old_changed && now_changed;
  free(old_changed);
  free(now_changed);
  return ok ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

/// Old and new cannot run together, since they make a cycle: fade out, then fade in
static PinnaStatus
make_separate_plans(PinnaChange* const change, PinnaHostPlan** const plans,
                    uint32_t* const n_plans) {
  const PinnaEngine* const engine = change->engine;
  PinnaGraph               old = {0};
  char                     cycle[256];
  PinnaStatus              status = pinna_graph_reserve(&old, engine->n_nodes, engine->n_wires);
  if (!status) {
    memcpy(old.nodes, engine->nodes, engine->n_nodes * sizeof(PinnaNode*));
    old.n_nodes = engine->n_nodes;
    for (uint32_t i = 0U; i < engine->n_wires; ++i) {
      pinna_graph_add_wire(&old, engine->wires[i], PINNA_WIRE_STEADY);
    }
    status = pinna_graph_sort(&old, cycle, sizeof(cycle));
  }
  if (!status) {
    status = set_output_roles(&old, &change->now);
  }
  if (!status) {
    status = make_plan(change, plans + (*n_plans)++, &old, true, 0U);
  }
  if (!status) {
    status = make_plan(change, plans + (*n_plans)++, &change->now, true, change->latency);
  }
  for (uint32_t i = 0U; i < change->now.n_wires; ++i) {
    change->now.wires[i].role = PINNA_WIRE_STEADY;
  }

  pinna_graph_free(&old);
  return status ? pinna_change_no_memory(change) : PINNA_STATUS_OK;
}

/// The plans that lead from the old graph to the new one; the last one stays
static PinnaStatus
make_plans(PinnaChange* const change, PinnaHostPlan** const plans, uint32_t* const n_plans) {
  char        cycle[256];
  PinnaStatus status = PINNA_STATUS_OK;
  if (change->engine->plan && pinna_engine_frames(change->engine)) {
    status = pinna_change_join(change);
    if (!status) {
      status = pinna_graph_sort(&change->both, cycle, sizeof(cycle));
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
wait_for(PinnaEngine* const engine, PinnaHostPlan* const plan, const bool settled) {
  uint64_t seen = pinna_engine_frames(engine);
  for (unsigned still = 0U; still < 250U; ++still) {
    if (atomic_load_explicit(&engine->current, memory_order_acquire) == plan &&
        (!settled || pinna_host_plan_settled(plan))) {
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
take_over(PinnaEngine* const engine, PinnaHostPlan* const plan) {
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
play(PinnaEngine* const engine, PinnaHostPlan* const* const plans, const uint32_t n_plans) {
  bool moving = pinna_engine_frames(engine) > 0U;
  for (uint32_t i = 0U; i < n_plans && moving; ++i) {
    atomic_store_explicit(&engine->next, plans[i], memory_order_release);
    moving = wait_for(engine, plans[i], i + 1U < n_plans);
  }
  if (!moving) {
    take_over(engine, plans[n_plans - 1U]);
  }
}

PinnaStatus
pinna_engine_apply(PinnaEngine* const engine, const PinnaGraphSpec* const spec,
                   PinnaError* const error) {
  PinnaChange    change = {.engine = engine, .spec = spec, .error = error};
  PinnaHostPlan* plans[3] = {NULL, NULL, NULL};
  uint32_t       n_plans = 0U;
  PinnaStatus    status = PINNA_STATUS_OK;

  change.node_is_new = (bool*)calloc(spec->n_nodes + 1U, sizeof(bool));
  change.wire_is_new = (bool*)calloc(spec->n_wires + 1U, sizeof(bool));
  PinnaWire** const wires = (PinnaWire**)calloc(spec->n_wires + 1U, sizeof(PinnaWire*));
  if (!change.node_is_new || !change.wire_is_new || !wires) {
    status = pinna_change_no_memory(&change);
  }
  if (!status) {
    status = pinna_change_prepare(&change);
  }
  if (!status) {
    status = make_plans(&change, plans, &n_plans);
  }

  if (status) {
    pinna_change_discard(&change);
    free(wires);
  } else {
    for (uint32_t i = 0U; i < spec->n_nodes; ++i) {
      pinna_node_bypass(change.now.nodes[i], spec->nodes[i].bypass);
    }
    play(engine, plans, n_plans);
    pinna_change_commit(&change, wires, plans[n_plans - 1U]);
  }
  for (uint32_t i = 0U; i < 3U && (status || i + 1U < n_plans); ++i) {
    pinna_host_plan_free(plans[i]);
  }

  pinna_change_free(&change);
  return status;
}
