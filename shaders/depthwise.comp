// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"
#include "shaders/act.glsl"

// Convolutions with one input channel for each output channel

layout(local_size_x_id = PINNA_SPEC_X) in;
layout(constant_id = PINNA_SPEC_ACT) const uint ACT = 0;
layout(push_constant) uniform Push {
  PinnaDepthwisePush p;
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Weights {
  float w[];
};
layout(binding = PINNA_BIND_A) readonly buffer Input {
  float x[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};

void
main() {
  const uint step = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < p.n_columns * p.n_rows; i += step) {
    const uint row = i % p.n_rows;
    const uint column = i / p.n_rows;
    const uint first = p.x + column / p.n_inner * p.x_outer + column % p.n_inner * p.x_inner + row;
    float      sum = w[p.bias + row];
    for (uint tap = 0; tap < p.n_taps; ++tap) {
      sum += w[p.w + tap * p.n_rows + row] *
             x[first + tap / p.taps_inner * p.tap_outer + tap % p.taps_inner * p.tap_inner];
    }
    y[p.y + i] = activate(ACT, p.slope, sum);
  }
}
