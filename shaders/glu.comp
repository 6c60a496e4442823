// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"
#include "shaders/act.glsl"

// a sigmoid(b) of the halves of rows

layout(local_size_x_id = PINNA_SPEC_X) in;
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
  const uint step = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < p.n_rows * p.n; i += step) {
    const uint at = p.x + i / p.n * p.x_row + i % p.n;
    y[p.y + i] = x[at] * sigmoid(x[at + p.n]);
  }
}
