// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"
#include "shaders/reduce.glsl"

// Normalisation by all rows so far: a workgroup walks the rows of one sequence

layout(push_constant) uniform Push {
  PinnaNormCumulativePush p;
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
layout(binding = PINNA_BIND_STATE) buffer State {
  float state[];
};

const float MOST_ROWS = 1048576.0; // As on the processor

/// Count, mean and variance take up one more row
vec3
take_row(const vec3 past, const uint row) {
  vec2 sums = vec2(0.0);
  for (uint i = gl_LocalInvocationIndex; i < p.n; i += gl_WorkGroupSize.x) {
    const float d = x[p.x + row * p.x_row + i] - past.y;
    sums += vec2(d, d * d);
  }
  const float far = sum_of_all(sums.x) / float(p.n); // From the mean so far
  const float own = sum_of_all(sums.y) / float(p.n) - far * far;
  const float now = past.x + 1.0;
  return vec3(min(now, MOST_ROWS), past.y + far / now,
              (past.x * past.z + own + far * far * past.x / now) / now);
}

void
main() {
  const uint at = p.state + 3 * gl_WorkGroupID.x;
  vec3       now = vec3(state[at], state[at + 1], state[at + 2]);
  for (uint t = 0; t < p.n_t; ++t) {
    const uint row = t * p.n_f + gl_WorkGroupID.x;
    now = take_row(now, row);
    const float gain = 1.0 / sqrt(max(now.z, 0.0) + p.eps);
    for (uint i = gl_LocalInvocationIndex; i < p.n; i += gl_WorkGroupSize.x) {
      const float v = (x[p.x + row * p.x_row + i] - now.y) * gain;
      y[p.y + row * p.n + i] = p.has_weight != 0 ? v * w[p.weight + i] + w[p.bias + i] : v;
    }
  }
  barrier(); // All have read the state
  if (gl_LocalInvocationIndex == 0) {
    state[at] = now.x;
    state[at + 1] = now.y;
    state[at + 2] = now.z;
  }
}
