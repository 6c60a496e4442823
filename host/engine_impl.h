// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_ENGINE_IMPL_H
#define PINNA_HOST_ENGINE_IMPL_H

#include "host/engine.h"
#include "host/node.h"
#include "host/plan.h"
#include "host/ramp.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What the audio thread and the control thread share: one plan at a time, handed over by atomics

#define PINNA_ENGINE_CHANNELS 64U

/// Who may touch the plan. Either side takes it by compare-and-swap; the audio thread never waits
/// (it plays one silent block), the control thread takes it only when no audio is running.
typedef enum { PINNA_OWNER_NONE, PINNA_OWNER_AUDIO, PINNA_OWNER_CONTROL } PinnaOwner;

struct PinnaEngineImpl {
  // Constant
  PinnaEngineConfig config;
  PinnaRamp         ramp;   ///< 20 ms: wires, bypass, guard
  PinnaRamp         fader;  ///< 50 ms: start and stop
  float*            memory; ///< Tables and cleaned inputs
  float*            clean[PINNA_ENGINE_CHANNELS];

  // Control thread
  PinnaNode**    nodes; ///< [n_nodes] of the graph in force
  uint32_t       n_nodes;
  PinnaWire**    wires; ///< [n_wires]
  uint32_t       n_wires;
  PinnaHostPlan* plan; ///< In force

  // Audio thread
  PinnaHostPlan* running;
  uint32_t       fade_at; ///< Position in the fader: its length is open

  // Shared
  atomic_uint             owner;
  _Atomic(PinnaHostPlan*) next;    ///< Control to audio: run this one
  _Atomic(PinnaHostPlan*) current; ///< Audio to control: this one runs, others are forgotten
  atomic_uint_least64_t   n_frames;
  atomic_uint_least32_t   latency;
  atomic_bool             fade_up;
  atomic_bool             silent;
  atomic_uint_least32_t   peaks_in[PINNA_ENGINE_CHANNELS]; ///< Bit patterns, see host/scan.h
  atomic_uint_least32_t   peaks_out[PINNA_ENGINE_CHANNELS];
};

#endif // PINNA_HOST_ENGINE_IMPL_H
