// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"
#include "shaders/reduce.glsl"

// Normalisation by mean and variance: a workgroup for each set

layout(push_constant) uniform Push {
  PinnaNormPush p;
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

uint
input_of(const uint set, const uint i) {
  return p.x + set * p.x_set + i / p.n * p.x_row + i % p.n;
}

/// The mean of a set, or of the square of its distance from `mean`
float
moment(const uint set, const bool is_square, const float mean) {
  const uint count = p.n_rows * p.n;
  float      sum = 0.0;
  for (uint i = gl_LocalInvocationIndex; i < count; i += gl_WorkGroupSize.x) {
    const float v = x[input_of(set, i)] - mean;
    sum += is_square ? v * v : v;
  }
  return sum_of_all(sum) / float(count);
}

void
main() {
  for (uint set = gl_WorkGroupID.x; set < p.n_sets; set += gl_NumWorkGroups.x) {
    const float mean = moment(set, false, 0.0);
    const float rest = moment(set, false, mean); // What rounding left
    const float variance = moment(set, true, mean) - rest * rest;
    const float gain = 1.0 / sqrt(max(variance, 0.0) + p.eps);
    for (uint i = gl_LocalInvocationIndex; i < p.n_rows * p.n; i += gl_WorkGroupSize.x) {
      const uint  column = i % p.n;
      const float v = (x[input_of(set, i)] - mean - rest) * gain;
      const uint  at = set * p.w_set + column;
      y[p.y + set * p.y_set + i / p.n * p.y_row + column] =
          p.has_weight != 0 ? v * w[p.weight + at] + w[p.bias + at] : v;
    }
  }
}
