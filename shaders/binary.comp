// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// a + b, or a b, with rows of b for all

layout(local_size_x_id = PINNA_SPEC_X) in;
layout(constant_id = PINNA_SPEC_MUL) const uint MUL = 0;
layout(push_constant) uniform Push {
  PinnaBinaryPush p;
};
layout(binding = PINNA_BIND_A) readonly buffer InputA {
  float a[];
};
layout(binding = PINNA_BIND_B) readonly buffer InputB {
  float b[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};

void
main() {
  const uint step = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint i = gl_GlobalInvocationID.x; i < p.n_t * p.n_f * p.n_c; i += step) {
    const uint  c = i % p.n_c;
    const uint  row = i / p.n_c;
    const float u = a[p.a + row * p.a_row + c];
    const float v = b[p.b + row / p.n_f * p.b_t + row % p.n_f * p.b_f + c];
    y[p.y + i] = MUL != 0 ? u * v : u + v;
  }
}
