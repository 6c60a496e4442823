// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_PLAN_H
#define PINNA_HOST_PLAN_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/node.h"
#include "host/wire.h"

#include <stdbool.h>
#include <stdint.h>

// A graph laid out for the audio thread: steps in order, each with its buffers; never changed, only
// replaced

typedef struct PinnaHostPlanImpl PinnaHostPlan;

/// A wire between persistent objects: it keeps its delay line when graphs change around it
typedef struct {
  PinnaNode*  from; ///< NULL: graph input
  uint32_t    from_ch;
  PinnaNode*  to; ///< NULL: graph output
  uint32_t    to_ch;
  uint32_t    delay; ///< Frames
  PinnaDelay* line;  ///< NULL without delay
} PinnaWire;

/// A wire's place and role in one plan
typedef struct {
  PinnaWire*    wire;
  uint32_t      from; ///< Index into nodes, or PINNA_GRAPH_IO
  uint32_t      to;   ///< Index into nodes, or PINNA_GRAPH_IO
  PinnaWireRole role;
} PinnaHostPlanWire;

typedef struct {
  PinnaNode* const*        nodes; ///< [n_nodes]
  const uint32_t*          order; ///< [n_nodes] as of pinna_graph_order()
  uint32_t                 n_nodes;
  const PinnaHostPlanWire* wires; ///< [n_wires]
  uint32_t                 n_wires;
  uint32_t                 n_inputs;
  uint32_t                 n_outputs;
  uint32_t                 max_block;
  bool                     in_transition; ///< Nodes fill their next dry path beside the current one
  uint32_t                 warm_up;       ///< Frames to run before the ramps begin
  const PinnaRamp*         ramp;          ///< Of wires that fade; outlives the plan
} PinnaHostPlanConfig;

/// Not realtime. @return NO_MEM
PinnaStatus pinna_host_plan_new(PinnaHostPlan** plan, const PinnaHostPlanConfig* config);

/// NULL is allowed; nodes and wires are left alone
void pinna_host_plan_free(PinnaHostPlan* plan);

/// Run one block. Audio thread, realtime as far as the plugins are.
/// @param in  [n_inputs x n_frames] finite; NULL entries are silence
/// @param out [n_outputs x n_frames], fully written
/// @param n_frames 1 to max_block
void pinna_host_plan_run(PinnaHostPlan* plan, const float* const* in, float* const* out,
                         uint32_t n_frames) PINNA_RT;

/// True when all ramps have reached their end. Any thread.
bool pinna_host_plan_settled(const PinnaHostPlan* plan);

#endif // PINNA_HOST_PLAN_H
