// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// Mean of x^2 over f

layout(local_size_x_id = PINNA_SPEC_X) in;
layout(push_constant) uniform Push {
  PinnaBinaryPush p;
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
  for (uint i = gl_GlobalInvocationID.x; i < p.n_t * p.n_c; i += step) {
    float sum = 0.0;
    for (uint f = 0; f < p.n_f; ++f) {
      const float v = x[p.a + (i / p.n_c * p.n_f + f) * p.a_row + i % p.n_c];
      sum += v * v;
    }
    y[p.y + i] = sum / float(p.n_f);
  }
}
