// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_ENGINE_H
#define PINNA_HOST_ENGINE_H

#include "base/attributes.h"
#include "base/status.h"
#include "host/instance.h"

#include <stdbool.h>
#include <stdint.h>

// The sounding graph: runs nodes in order in the audio thread, and changes shape without a gap

typedef struct PinnaEngineImpl PinnaEngine;

/// Marks the graph's own inputs (as a source) or outputs (as a destination)
#define PINNA_GRAPH_IO UINT32_MAX

typedef struct {
  const char* id; ///< Unique name
  PinnaInstance*
       instance; ///< Borrowed; unchanged instances keep sounding through a change of graph
  bool bypass;   ///< Latency-matched dry path instead of the plugin (which runs on)
} PinnaGraphNode;

typedef struct {
  uint32_t from;    ///< Node index, or PINNA_GRAPH_IO
  uint32_t from_ch; ///< Audio output of the node, or graph input
  uint32_t to;      ///< Node index, or PINNA_GRAPH_IO
  uint32_t to_ch;   ///< Audio input of the node, or graph output
} PinnaGraphWire;

/// Several wires into one input are summed; several out of one output are copies
typedef struct {
  const PinnaGraphNode* nodes;
  uint32_t              n_nodes;
  const PinnaGraphWire* wires;
  uint32_t              n_wires;
} PinnaGraphSpec;

typedef struct {
  double   sample_rate; ///< Hz
  uint32_t max_block;   ///< Largest n_frames that is processed at once; longer runs are cut
  uint32_t n_inputs;
  uint32_t n_outputs;
  bool     fade_in; ///< Start silent and fade up (50 ms); off for renders
} PinnaEngineConfig;

/// Health of one node since the last pinna_engine_reset_stats(). Times in nanoseconds.
typedef struct {
  uint64_t n_runs;
  double   mean_ns; ///< Per run
  double   p99_ns;  ///< From a logarithmic histogram, within 10 %
  double   worst_ns;
  double   mean_load; ///< Share of the block's duration, 0 to 1
  double   worst_load;
  uint64_t n_nonfinite; ///< Blocks muted because the plugin wrote NaN or Inf
  bool     muted;       ///< Now muted by the guard
  float    peak_in;     ///< Largest |sample| over the inputs, linear
  float    peak_out;
  uint32_t latency; ///< Frames
  uint32_t arrival; ///< Frames by which sound is late at its inputs
} PinnaNodeStats;

/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_engine_new(PinnaEngine** engine, const PinnaEngineConfig* config,
                                       PinnaError* error);

/// Free. NULL is allowed. No audio thread may be in pinna_engine_run().
PINNA_API void pinna_engine_free(PinnaEngine* engine);

/// Take over a new graph. Wires that stay keep sounding; wires that go fade out while new ones,
/// after the new nodes' latency has passed, fade in (20 ms). Branches that meet are aligned by
/// delays. Control thread; returns when the old graph's nodes and wires are no longer used, so that
/// the caller may free instances that are not in `spec`. If no audio thread runs, takes over at
/// once.
/// @return BAD_CONFIG (cycle: the error names the nodes on it; channel out of range), NO_MEM; then
///         the old graph keeps sounding
PINNA_API PinnaStatus pinna_engine_apply(PinnaEngine* engine, const PinnaGraphSpec* spec,
                                         PinnaError* error);

/// Process a block of any length. Audio thread only. Realtime as far as the plugins are.
/// @param in  [n_inputs x n_frames]; NULL entries are silence
/// @param out [n_outputs x n_frames], fully written; must not overlap `in`
PINNA_API void pinna_engine_run(PinnaEngine* engine, const float* const* in, float* const* out,
                                uint32_t n_frames) PINNA_RT;

/// Ask for a fade to silence (false) or up (true), 50 ms. Any thread, realtime.
PINNA_API void pinna_engine_fade(PinnaEngine* engine, bool up) PINNA_RT;

/// True once the output is silent after pinna_engine_fade(engine, false). Any thread.
PINNA_API bool pinna_engine_silent(const PinnaEngine* engine) PINNA_RT;

/// Switch a node's bypass by id, crossfaded (20 ms). Control thread. @return NOT_FOUND
PINNA_API PinnaStatus pinna_engine_bypass(PinnaEngine* engine, const char* id, bool bypass,
                                          PinnaError* error);

/// Latency of the whole graph in frames: the longest path from input to output. Any thread.
PINNA_API uint32_t pinna_engine_latency(const PinnaEngine* engine);

/// True when a plugin's latency changed since the last apply: apply the same spec again to realign
PINNA_API bool pinna_engine_latency_changed(const PinnaEngine* engine);

/// Frames processed since creation: the pulse that proves that audio is moving. Any thread.
PINNA_API uint64_t pinna_engine_frames(const PinnaEngine* engine) PINNA_RT;

/// Health of a node by id. Control thread. @return NOT_FOUND
PINNA_API PinnaStatus pinna_engine_node_stats(const PinnaEngine* engine, const char* id,
                                              PinnaNodeStats* stats);

/// Peak of graph input (`input` true) or output channel since the last call; resets it. Control
/// thread.
PINNA_API float pinna_engine_peak(PinnaEngine* engine, bool input, uint32_t channel);

PINNA_API void pinna_engine_reset_stats(PinnaEngine* engine);

#endif // PINNA_HOST_ENGINE_H
