// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_NODE_IMPL_H
#define PINNA_HOST_NODE_IMPL_H

#include "host/histogram.h"
#include "host/node.h"
#include "host/wire.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What the two sides of a node share, and what the audio thread keeps for itself

struct PinnaDryImpl {
  uint32_t     latency; ///< Frames; 0: no lines
  uint32_t     n_lines;
  PinnaDelay** lines; ///< [n_lines]
};

struct PinnaNodeImpl {
  // Control thread
  char*     id;
  PinnaDry* dry;      ///< In use
  PinnaDry* dry_next; ///< For the graph that is being taken over, or NULL
  uint32_t  arrival;  ///< Frames by which sound is late at its inputs

  // Constant
  PinnaInstance*   instance;
  const PinnaRamp* ramp;
  double           sample_rate;
  uint32_t         n_in;
  uint32_t         n_out;
  uint32_t         clean_needed; ///< Frames without NaN before sound returns

  // Audio thread
  float*   scratch;   ///< [max_block]
  float*   last;      ///< [n_out] last sample of the plugin's guarded output
  uint32_t bypass_at; ///< Position in the ramp: 0 wet, ramp->length dry
  uint32_t guard_at;  ///< Position in the ramp after muting: ramp->length is open
  uint32_t decay_at;  ///< Frames since the mute
  uint32_t clean;     ///< Finite frames since the last bad one
  uint32_t resets_seen;

  // Shared
  atomic_bool           bypass;
  atomic_bool           muted;
  atomic_uint_least64_t n_nonfinite;
  atomic_uint_least32_t peak_in; ///< Bit patterns, see host/scan.h
  atomic_uint_least32_t peak_out;
  atomic_uint_least32_t worst_load; ///< Parts per million of the block's duration
  atomic_uint_least64_t n_frames;
  atomic_uint_least32_t resets;
  atomic_uint_least32_t resets_done;
  PinnaHistogram        times;
};

#endif // PINNA_HOST_NODE_IMPL_H
