// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"
#include "shaders/reduce.glsl"

// Softmax of rows: a workgroup for each

layout(push_constant) uniform Push {
  PinnaRowsPush p;
};
layout(binding = PINNA_BIND_A) readonly buffer Input {
  float x[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};

void
main() {
  for (uint row = gl_WorkGroupID.x; row < p.n_rows; row += gl_NumWorkGroups.x) {
    const uint first = p.x + row * p.x_row;
    float      top = x[first];
    float      sum = 0.0;
    for (uint i = gl_LocalInvocationIndex; i < p.n; i += gl_WorkGroupSize.x) {
      top = max(top, x[first + i]);
    }
    top = greatest_of_all(top);
    for (uint i = gl_LocalInvocationIndex; i < p.n; i += gl_WorkGroupSize.x) {
      sum += exp(x[first + i] - top);
    }
    const float gain = 1.0 / sum_of_all(sum);
    for (uint i = gl_LocalInvocationIndex; i < p.n; i += gl_WorkGroupSize.x) {
      y[p.y + row * p.n + i] = exp(x[first + i] - top) * gain;
    }
  }
}
