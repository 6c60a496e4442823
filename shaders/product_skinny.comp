// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/product.glsl"

// Products of few columns: a thread sums every Y-th value of four rows for N columns, so that a row
// of weights is read once, in one piece by neighbours; along z lie other columns

layout(local_size_x_id = PINNA_SPEC_X, local_size_y_id = PINNA_SPEC_Y,
       local_size_z_id = PINNA_SPEC_Z) in;
layout(constant_id = PINNA_SPEC_COLUMNS) const uint N = 1;

const uint  BLOCK = 4;
shared vec4 parts[BLOCK * PINNA_PRODUCT_THREADS];

/// Where part `part` of column i of a block is
uint
place_of(const uint i, const uint part) {
  const uint column = gl_LocalInvocationID.z * BLOCK + i;
  return (column * gl_WorkGroupSize.y + part) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
}

void
main() {
  const uint part = gl_LocalInvocationID.y;
  const uint n_parts = gl_WorkGroupSize.y;
  const uint row4 = gl_GlobalInvocationID.x;
  const uint column = (gl_WorkGroupID.y * gl_WorkGroupSize.z + gl_LocalInvocationID.z) * N;
  const uint first = first_weight() + min(row4, p.n_rows4 - 1);
  vec4       sums[N];
  int        inputs[N];
  int        inners[N];
  for (uint n = 0; n < N; ++n) {
    const uint it = min(column + n, p.n_columns - 1);
    inputs[n] = input_of(it);
    inners[n] = inner_of(it);
    sums[n] = vec4(0.0);
  }
  for (uint k = part; k < p.n_k; k += n_parts) {
    const vec4 weight = w[first + k * p.n_rows4];
    for (uint n = 0; n < N; ++n) {
      sums[n] += weight * input_at(inputs[n], inners[n], k);
    }
  }

  for (uint block = 0; block < N; block += BLOCK) {
    const uint n_here = min(BLOCK, N - block);
    if (n_parts == 1) {
      for (uint i = 0; i < n_here; ++i) {
        store(column + block + i, row4, sums[block + i]);
      }
      continue;
    }
    for (uint i = 0; i < n_here; ++i) {
      parts[place_of(i, part)] = sums[block + i];
    }
    barrier();
    for (uint i = part; i < n_here; i += n_parts) {
      vec4 sum = vec4(0.0);
      for (uint k = 0; k < n_parts; ++k) {
        sum += parts[place_of(i, k)];
      }
      store(column + block + i, row4, sum);
    }
    barrier();
  }
}
