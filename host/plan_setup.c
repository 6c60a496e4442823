// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/plan.h"

#include "base/arena.h"
#include "host/engine.h"
#include "host/node_impl.h"
#include "host/plan_impl.h"

#include <stdlib.h>
#include <string.h>

// Laying out a plan: feeds sorted by inlet, buffers given back after their last reader

/// What the allocation of buffers needs to know of a signal
typedef struct {
  uint32_t last_step; ///< Last reader; UINT32_MAX: the graph's outputs
  uint32_t buffer;
} Signal;

typedef struct {
  const PinnaHostPlanConfig* config;
  PinnaHostPlan*             plan;
  uint32_t*                  step_of;      ///< [n_nodes]
  uint32_t*                  first_signal; ///< [n_nodes], before buffers are shared
  Signal*                    signals;
  uint32_t*                  free_buffers;
  uint32_t                   n_free;
  uint32_t                   n_buffers;
  uint32_t                   n_feeds;
} Layout;

static uint32_t
count_signals(const PinnaHostPlanConfig* const config) {
  uint32_t n = 0U;
  for (uint32_t i = 0U; i < config->n_nodes; ++i) {
    n += config->nodes[i]->n_in + config->nodes[i]->n_out;
  }

  return n;
}

/// Copy the wires that end at one inlet
static PinnaInlet
make_inlet(Layout* const layout, const uint32_t to, const uint32_t channel) {
  const PinnaHostPlanConfig* const config = layout->config;
  PinnaInlet                       inlet = {layout->n_feeds, 0U, PINNA_NO_SIGNAL};
  for (uint32_t i = 0U; i < config->n_wires; ++i) {
    const PinnaHostPlanWire* const wire = config->wires + i;
    if (wire->to == to && wire->wire->to_ch == channel) {
      const uint32_t   ch = wire->wire->from_ch;
      PinnaFeed* const feed = layout->plan->feeds + layout->n_feeds++;
      feed->line = wire->wire->line;
      feed->role = wire->role;
      feed->signal = wire->from == PINNA_GRAPH_IO
                         ? ch
                         : config->n_inputs + layout->first_signal[wire->from] + ch;
      ++inlet.n_feeds;
    }
  }

  return inlet;
}

static bool
needs_mix(const Layout* const layout, const PinnaInlet* const inlet) {
  const PinnaFeed* const feed = layout->plan->feeds + inlet->first;
  return inlet->n_feeds > 1U ||
         (inlet->n_feeds == 1U && (feed->line || feed->role != PINNA_WIRE_STEADY));
}

static uint32_t
take_buffer(Layout* const layout) {
  return layout->n_free ? layout->free_buffers[--layout->n_free] : layout->n_buffers++;
}

static void
mark_readers(Layout* const layout) {
  for (uint32_t i = 0U; i < layout->config->n_wires; ++i) {
    const PinnaHostPlanWire* const wire = layout->config->wires + i;
    if (wire->from != PINNA_GRAPH_IO) {
      Signal* const signal =
          layout->signals + layout->first_signal[wire->from] + wire->wire->from_ch;
      const uint32_t step = wire->to == PINNA_GRAPH_IO ? UINT32_MAX : layout->step_of[wire->to];
      signal->last_step = step > signal->last_step ? step : signal->last_step;
    }
  }
}

static void
lay_step(Layout* const layout, const uint32_t index) {
  const PinnaHostPlanConfig* const config = layout->config;
  const uint32_t                   n = config->order[index];
  PinnaNode* const                 node = config->nodes[n];
  PinnaStep* const                 step = layout->plan->steps + index;
  step->node = node;
  step->dry = !config->in_transition && node->dry_next ? node->dry_next : node->dry;
  step->warm = config->in_transition ? node->dry_next : NULL;
  for (uint32_t c = 0U; c < step->n_in; ++c) {
    step->inlets[c] = make_inlet(layout, n, c);
    if (needs_mix(layout, step->inlets + c)) {
      step->inlets[c].mix = take_buffer(layout);
    }
  }
  for (uint32_t c = 0U; c < step->n_out; ++c) {
    Signal* const signal = layout->signals + layout->first_signal[n] + c;
    signal->buffer = step->outlets[c] = take_buffer(layout);
    signal->last_step = signal->last_step > index ? signal->last_step : index;
  }

  // Whatever this step was the last to read is free for the next one
  for (uint32_t c = 0U; c < step->n_in; ++c) {
    if (step->inlets[c].mix != PINNA_NO_SIGNAL) {
      layout->free_buffers[layout->n_free++] = step->inlets[c].mix;
    }
  }
  for (uint32_t i = 0U; i <= index; ++i) {
    const uint32_t m = config->order[i];
    for (uint32_t c = 0U; c < config->nodes[m]->n_out; ++c) {
      const Signal* const signal = layout->signals + layout->first_signal[m] + c;
      if (signal->last_step == index) {
        layout->free_buffers[layout->n_free++] = signal->buffer;
      }
    }
  }
}

/// Turn feeds from signal numbers to buffer numbers
static void
resolve(const Layout* const layout) {
  const uint32_t n_inputs = layout->config->n_inputs;
  for (uint32_t i = 0U; i < layout->n_feeds; ++i) {
    PinnaFeed* const feed = layout->plan->feeds + i;
    if (feed->signal >= n_inputs) {
      feed->signal = n_inputs + layout->signals[feed->signal - n_inputs].buffer;
    }
  }
}

static PinnaStatus
lay_buffers(PinnaHostPlan* const plan, const uint32_t n_buffers, const uint32_t max_block) {
  const size_t stride = ((size_t)max_block + 15U) / 16U * 16U;
  const size_t size = ((size_t)n_buffers + 1U) * stride * sizeof(float);
  plan->memory = (float*)aligned_alloc(PINNA_ARENA_ALIGN, size);
  if (!plan->memory) {
    return PINNA_STATUS_NO_MEM;
  }

  memset(plan->memory, 0, size);
  plan->scratch = plan->memory;
  for (uint32_t i = 0U; i < n_buffers; ++i) {
    plan->signals[i] = plan->memory + (i + 1U) * stride;
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
lay_out(PinnaHostPlan* const plan, const PinnaHostPlanConfig* const config) {
  const uint32_t  n_signals = count_signals(config);
  Layout          layout = {.config = config, .plan = plan};
  uint32_t* const numbers =
      (uint32_t*)calloc((size_t)config->n_nodes * 2U + n_signals + 1U, sizeof(uint32_t));
  layout.signals = (Signal*)calloc(n_signals + 1U, sizeof(Signal));
  if (!numbers || !layout.signals) {
    free(numbers);
    free(layout.signals);
    return PINNA_STATUS_NO_MEM;
  }

  layout.step_of = numbers;
  layout.first_signal = numbers + config->n_nodes;
  layout.free_buffers = layout.first_signal + config->n_nodes;
  for (uint32_t i = 0U, at = 0U; i < config->n_nodes; ++i) {
    layout.step_of[config->order[i]] = i;
    layout.first_signal[i] = at;
    at += config->nodes[i]->n_out;
  }

  mark_readers(&layout);
  for (uint32_t i = 0U; i < config->n_nodes; ++i) {
    lay_step(&layout, i);
  }
  for (uint32_t c = 0U; c < config->n_outputs; ++c) {
    plan->outputs[c] = make_inlet(&layout, PINNA_GRAPH_IO, c);
  }
  resolve(&layout);
  const PinnaStatus status = lay_buffers(plan, layout.n_buffers, config->max_block);

  free(numbers);
  free(layout.signals);
  return status;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const argument) {
  const PinnaHostPlanConfig* const config = (const PinnaHostPlanConfig*)argument;
  PinnaHostPlan* const             plan = PINNA_TAKE(arena, 1, PinnaHostPlan);
  PinnaStep* const                 steps = PINNA_TAKE(arena, config->n_nodes, PinnaStep);
  PinnaFeed* const                 feeds = PINNA_TAKE(arena, config->n_wires, PinnaFeed);
  PinnaInlet* const                outputs = PINNA_TAKE(arena, config->n_outputs, PinnaInlet);
  float** const                    signals = PINNA_TAKE(arena, count_signals(config), float*);
  const float** const              inputs = PINNA_TAKE(arena, config->n_inputs, const float*);
  for (uint32_t i = 0U; i < config->n_nodes; ++i) {
    const PinnaNode* const node = config->nodes[config->order[i]];
    PinnaInlet* const      inlets = PINNA_TAKE(arena, node->n_in, PinnaInlet);
    uint32_t* const        outlets = PINNA_TAKE(arena, node->n_out, uint32_t);
    const float** const    in = PINNA_TAKE(arena, node->n_in, const float*);
    float** const          out = PINNA_TAKE(arena, node->n_out, float*);
    if (pinna_arena_state(arena) == PINNA_STATUS_OK) {
      steps[i] = (PinnaStep){.inlets = inlets,
                             .n_in = node->n_in,
                             .outlets = outlets,
                             .n_out = node->n_out,
                             .in = in,
                             .out = out};
    }
  }
  if (pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return pinna_arena_result(arena);
  }

  plan->ramp = config->ramp;
  plan->steps = steps;
  plan->n_steps = config->n_nodes;
  plan->feeds = feeds;
  plan->outputs = outputs;
  plan->n_inputs = config->n_inputs;
  plan->n_outputs = config->n_outputs;
  plan->signals = signals;
  plan->inputs = inputs;
  plan->warm_up = config->warm_up;
  *object = plan;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_host_plan_new(PinnaHostPlan** const plan, const PinnaHostPlanConfig* const config) {
  void*       memory = NULL;
  void*       object = NULL;
  PinnaStatus status = pinna_arena_build(&memory, &object, build, config);
  *plan = (PinnaHostPlan*)object;
  if (!status) {
    status = lay_out(*plan, config);
  }
  if (status) {
    pinna_host_plan_free(*plan);
    *plan = NULL;
  }
  return status;
}

void
pinna_host_plan_free(PinnaHostPlan* const plan) {
  if (plan) {
    free(plan->memory);
    pinna_arena_free(plan); // The plan is the first slice of its block
  }
}
