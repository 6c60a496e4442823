// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/plan.h"

#include "host/plan_impl.h"

#include <string.h>

// One block through a plan

static const float*
signal_of(const PinnaHostPlan* const plan, const uint32_t signal) {
  return signal < plan->n_inputs ? plan->inputs[signal] : plan->signals[signal - plan->n_inputs];
}

/// Sum the feeds of an inlet into `target`
static void
gather(PinnaHostPlan* const plan, const PinnaInlet* const inlet, float* const target,
       const uint32_t n_frames) {
  bool add = false;
  for (uint32_t i = 0U; i < inlet->n_feeds; ++i) {
    const PinnaFeed* const feed = plan->feeds + inlet->first + i;
    const float*           source = signal_of(plan, feed->signal);
    if (feed->line) {
      pinna_delay_run(feed->line, source, plan->scratch, n_frames);
      source = plan->scratch;
    }
    // Before the ramps begin, what comes is silent and what goes is steady
    const bool waits = plan->warm_up > 0U && feed->role == PINNA_WIRE_FADE_IN;
    if (source && !waits) {
      const PinnaWireRole role = plan->warm_up ? PINNA_WIRE_STEADY : feed->role;
      pinna_wire_mix(target, source, n_frames, add, role, plan->ramp, plan->ramp_at);
      add = true;
    }
  }

  if (!add) {
    memset(target, 0, n_frames * sizeof(float));
  }
}

static const float*
inlet_signal(PinnaHostPlan* const plan, const PinnaInlet* const inlet, const uint32_t n_frames) {
  if (inlet->mix != PINNA_NO_SIGNAL) {
    float* const target = plan->signals[inlet->mix];
    gather(plan, inlet, target, n_frames);
    return target;
  }

  return inlet->n_feeds ? signal_of(plan, plan->feeds[inlet->first].signal) : NULL;
}

void
pinna_host_plan_run(PinnaHostPlan* const plan, const float* const* const in,
                    float* const* const out, const uint32_t n_frames) PINNA_RT {
  for (uint32_t c = 0U; c < plan->n_inputs; ++c) {
    plan->inputs[c] = in[c];
  }

  for (uint32_t s = 0U; s < plan->n_steps; ++s) {
    PinnaStep* const step = plan->steps + s;
    for (uint32_t c = 0U; c < step->n_in; ++c) {
      step->in[c] = inlet_signal(plan, step->inlets + c, n_frames);
    }
    for (uint32_t c = 0U; c < step->n_out; ++c) {
      step->out[c] = plan->signals[step->outlets[c]];
    }
    pinna_node_run(step->node, step->dry, step->warm, step->in, step->out, n_frames);
  }

  for (uint32_t c = 0U; c < plan->n_outputs; ++c) {
    gather(plan, plan->outputs + c, out[c], n_frames);
  }

  if (plan->warm_up) {
    plan->warm_up -= n_frames < plan->warm_up ? n_frames : plan->warm_up;
  } else if (plan->ramp_at < plan->ramp->length) {
    const uint32_t left = plan->ramp->length - plan->ramp_at;
    plan->ramp_at += n_frames < left ? n_frames : left;
    if (n_frames >= left) {
      atomic_store_explicit(&plan->settled, true, memory_order_release);
    }
  }
}

bool
pinna_host_plan_settled(const PinnaHostPlan* const plan) {
  return atomic_load_explicit(&plan->settled, memory_order_acquire);
}
