// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LANES_H
#define PINNA_DSP_LANES_H

#include "base/arena.h"
#include "base/status.h"
#include "dsp/lanes_kernel.h"

#include <stdint.h>

// Real transforms of several frames at once, for the whole-signal blocks; within dsp only

typedef struct {
  const PinnaLanesKernel* kernel; ///< Never NULL
  PinnaLanesPlan          plan;   ///< Of n_fft / 2 values; n = 0 if the length is not served
  float*                  a;      ///< Columns [n_fft + 2][lanes]
  float*                  b;      ///< The same
} PinnaLanes;

/// The kernel for this processor. Not realtime.
const PinnaLanesKernel* pinna_lanes_kernel(void);

/// Plan and allocate. Lengths that are twice a product of 2, 3 and 5 are served; others get the
/// buffers only. Not realtime.
/// @return NO_MEM
PinnaStatus pinna_lanes_init(PinnaLanes** self, PinnaArena* arena, uint32_t n_fft);

#endif // PINNA_DSP_LANES_H
