// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_NODE_H
#define PINNA_HOST_NODE_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/engine.h"
#include "host/instance.h"
#include "host/ramp.h"

#include <stdbool.h>
#include <stdint.h>

// One plugin in the graph: guarded against NaN, bypassed without a click, metered and timed

typedef struct PinnaNodeImpl PinnaNode;

/// The dry signal of a bypass, as late as the plugin: one delay line per audio input
typedef struct PinnaDryImpl PinnaDry;

typedef struct {
  const char*      id;       ///< Copied
  PinnaInstance*   instance; ///< Borrowed
  double           sample_rate;
  uint32_t         max_block;
  const PinnaRamp* ramp; ///< Bypass crossfade; outlives the node
  bool             bypass;
} PinnaNodeConfig;

/// Not realtime. @return NO_MEM
PinnaStatus pinna_node_new(PinnaNode** node, const PinnaNodeConfig* config);

/// NULL is allowed; the instance is left alone
void pinna_node_free(PinnaNode* node);

/// Not realtime. @return NO_MEM
PinnaStatus pinna_dry_new(PinnaDry** dry, const PinnaInstance* instance, uint32_t latency);

/// NULL is allowed
void pinna_dry_free(PinnaDry* dry);

/// Run one block. Audio thread, realtime as far as the plugin is.
/// A block with NaN or Inf is cut off at the first bad sample (the last good one decays in 64
/// frames); the node stays muted until 50 ms were clean, then fades in.
/// @param dry  Bypass path in use
/// @param warm Bypass path that only fills, for the next graph; or NULL
/// @param in   [n_audio_in x n_frames]; NULL entries are silence
/// @param out  [n_audio_out x n_frames]; must not overlap `in`
void pinna_node_run(PinnaNode* node, PinnaDry* dry, PinnaDry* warm, const float* const* in,
                    float* const* out, uint32_t n_frames) PINNA_RT;

/// Crossfade to or from the dry path. Any thread, realtime.
void pinna_node_bypass(PinnaNode* node, bool bypass) PINNA_RT;

/// The change of graph is over: drop the old dry path, take on the name. Control thread.
void pinna_node_settle(PinnaNode* node, const char* id);

/// Control thread
void pinna_node_stats(const PinnaNode* node, PinnaNodeStats* stats);

/// Takes effect in the next run. Any thread.
void pinna_node_reset_stats(PinnaNode* node);

#endif // PINNA_HOST_NODE_H
