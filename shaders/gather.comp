// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// Values by their numbers

layout(local_size_x_id = PINNA_SPEC_X) in;
layout(push_constant) uniform Push {
  PinnaGatherPush p;
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Index {
  int index[];
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
  for (uint i = gl_GlobalInvocationID.x; i < p.n; i += step) {
    const int at = index[p.index + i];
    float     value = 0.0;
    if (at >= p.n_first) {
      value = b[p.b + uint(at - p.n_first)];
    } else if (at >= 0) {
      value = a[p.a + uint(at)];
    }
    y[p.y + i] = value;
  }
}
