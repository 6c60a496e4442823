// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_FAKE_INSTANCE_H
#define PINNA_TESTS_HOST_FAKE_INSTANCE_H

#include "host/instance.h"

#include <stdatomic.h>
#include <stdint.h>

// Stands in for a plugin where a test needs to know every sample: gain, delay, NaN, slowness

#define FAKE_DELAY 4096U

/// Zero-initialise, then set; [n_in = n_out = n_channels]
struct PinnaInstanceImpl {
  uint32_t             n_channels;
  float                gain;
  uint32_t             delay;      ///< Real delay in frames, below FAKE_DELAY
  atomic_uint          latency;    ///< Reported
  atomic_int_least64_t nan_frame;  ///< Writes NaN at this frame from 1 on; 0: never
  atomic_int           nan_count;  ///< For so many frames
  unsigned             slow_every; ///< Every so many runs takes 3 ms; 0: never
  uint64_t             n_frames;
  uint64_t             n_runs;
  float                line[2][FAKE_DELAY];
};

#endif // PINNA_TESTS_HOST_FAKE_INSTANCE_H
