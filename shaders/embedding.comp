// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// Rows of a table; numbers outside are held at its ends

layout(local_size_x_id = PINNA_SPEC_X) in;
layout(push_constant) uniform Push {
  PinnaEmbeddingPush p;
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Table {
  float table[];
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
    const float number = x[p.x + i / p.n * p.x_row];
    const float last = float(p.n_table - 1);
    const float row = number >= 0.0 ? (number < last ? number : last) : 0.0; // NaN, too
    y[p.y + i] = table[p.table + uint(row) * p.n + i % p.n];
  }
}
