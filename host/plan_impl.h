// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_PLAN_IMPL_H
#define PINNA_HOST_PLAN_IMPL_H

#include "host/plan.h"

#include <stdatomic.h>
#include <stdint.h>

// What the planner lays out and the audio thread walks along

#define PINNA_NO_SIGNAL UINT32_MAX

/// One wire as an inlet sees it
typedef struct {
  uint32_t      signal; ///< Source: index into signals
  PinnaDelay*   line;
  PinnaWireRole role;
} PinnaFeed;

/// An audio input of a node, or a graph output
typedef struct {
  uint32_t first; ///< Index into feeds
  uint32_t n_feeds;
  uint32_t mix; ///< Signal to sum into; PINNA_NO_SIGNAL: silence, or the only feed read in place
} PinnaInlet;

typedef struct {
  PinnaNode*    node;
  PinnaDry*     dry;
  PinnaDry*     warm;
  PinnaInlet*   inlets;
  uint32_t      n_in;
  uint32_t*     outlets; ///< Signals [n_out]
  uint32_t      n_out;
  const float** in;  ///< [n_in]
  float**       out; ///< [n_out]
} PinnaStep;

struct PinnaHostPlanImpl {
  // Constant
  const PinnaRamp* ramp;
  PinnaStep*       steps;
  uint32_t         n_steps;
  PinnaFeed*       feeds;
  PinnaInlet*      outputs; ///< Of the graph
  uint32_t         n_inputs;
  uint32_t         n_outputs;
  float*           memory;  ///< All buffers
  float**          signals; ///< Graph inputs, then buffers; index of a signal
  const float**    inputs;  ///< [n_inputs] of this run
  float*           scratch;

  // Audio thread
  uint32_t warm_up;
  uint32_t ramp_at;

  atomic_bool settled;
};

#endif // PINNA_HOST_PLAN_IMPL_H
