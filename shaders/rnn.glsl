// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Recurrent layers: one workgroup walks all steps of a sequence with its state in shared memory.
// Whoever includes this defines GATES and run_step()

#include "shaders/abi/push.h"
#include "shaders/act.glsl"

layout(local_size_x_id = PINNA_SPEC_X, local_size_y_id = PINNA_SPEC_Y) in;
layout(constant_id = PINNA_SPEC_STATE) const uint N_STATE = 3;
layout(constant_id = PINNA_SPEC_PARTS) const uint N_PARTS = 4;
layout(push_constant) uniform Push {
  PinnaRnnPush p;
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Weights {
  float w[];
};
layout(binding = PINNA_BIND_A) readonly buffer Input {
  float gates[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};
layout(binding = PINNA_BIND_STATE) buffer State {
  float state[];
};

shared float cells[N_STATE]; // h of this step and of the next in turn, c, normed gates
shared float parts[N_PARTS];

/// Sums of every Y-th value of a cell's rows of W h
float[GATES] multiply(const uint cell, const uint now, const uint part) {
  float sums[GATES];
  for (uint g = 0; g < GATES; ++g) {
    sums[g] = 0.0;
  }
  for (uint k = part; cell < p.n_hidden && k < p.n_hidden; k += gl_WorkGroupSize.y) {
    const float h = cells[now + k];
    for (uint g = 0; g < GATES; ++g) {
      sums[g] += w[p.w + (k * GATES + g) * p.n_hidden + cell] * h;
    }
  }
  return sums;
}

/// All sums of a cell, for its thread of part 0; the others' are of no use. Every thread calls it.
float[GATES] multiply_all(const uint cell, const uint now) {
  const uint lane = gl_LocalInvocationID.x;
  const uint part = gl_LocalInvocationID.y;
  const uint n_lanes = gl_WorkGroupSize.x;
  const uint n_parts = gl_WorkGroupSize.y;
  float      sums[GATES] = multiply(cell, now, part);
  for (uint g = 0; g < GATES; ++g) {
    parts[(g * n_parts + part) * n_lanes + lane] = sums[g];
  }
  barrier();
  for (uint g = 0; part == 0 && g < GATES; ++g) {
    for (uint i = 1; i < n_parts; ++i) {
      sums[g] += parts[(g * n_parts + i) * n_lanes + lane];
    }
  }
  return sums;
}

/// From h at cells[now ..] to h at cells[n_hidden - now ..] and y; ends with a barrier
void run_step(const uint t, const uint now);

void
main() {
  const uint sequence = gl_WorkGroupID.x * p.n_hidden;
  const uint n_threads = gl_WorkGroupSize.x * gl_WorkGroupSize.y;
  for (uint i = gl_LocalInvocationIndex; i < p.n_hidden; i += n_threads) {
    cells[i] = p.has_state != 0 ? state[p.h + sequence + i] : 0.0;
    if (GATES == 4) {
      cells[2 * p.n_hidden + i] = p.has_state != 0 ? state[p.c + sequence + i] : 0.0;
    }
  }
  barrier();
  uint now = 0;
  for (uint i = 0; i < p.n_t; ++i) {
    run_step(p.is_reverse != 0 ? p.n_t - 1 - i : i, now);
    now = p.n_hidden - now;
  }
  for (uint i = gl_LocalInvocationIndex; p.has_state != 0 && i < p.n_hidden; i += n_threads) {
    state[p.h + sequence + i] = cells[now + i];
    if (GATES == 4) {
      state[p.c + sequence + i] = cells[2 * p.n_hidden + i];
    }
  }
}
