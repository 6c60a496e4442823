// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/product.glsl"

// Products of many columns: tiles of 64 x 64 results, a thread makes 4 rows of 8 columns

layout(local_size_x = 16, local_size_y = 8) in;

const uint   DEPTH = 16;
const uint   ROWS4 = PINNA_TILE_ROWS / 4;
const uint   MINE = PINNA_TILE_COLUMNS / 8;
const uint   PITCH = PINNA_TILE_COLUMNS + 1; // Neighbours in k use different banks
shared vec4  weights[DEPTH * ROWS4];
shared float values[DEPTH * PITCH];
shared int   inputs[PINNA_TILE_COLUMNS];
shared int   inners[PINNA_TILE_COLUMNS];

/// The next DEPTH values of all rows and columns of the tile
void
load(const uint thread, const uint k0, const uint row4) {
  for (uint i = thread; i < DEPTH * ROWS4; i += PINNA_PRODUCT_THREADS) {
    const uint k = k0 + i / ROWS4;
    const uint row = row4 + i % ROWS4;
    weights[i] = k < p.n_k && row < p.n_rows4 ? w[first_weight() + k * p.n_rows4 + row] : vec4(0.0);
  }
  for (uint i = thread; i < DEPTH * PINNA_TILE_COLUMNS; i += PINNA_PRODUCT_THREADS) {
    const uint k = i % DEPTH;
    const uint column = i / DEPTH;
    values[k * PITCH + column] =
        k0 + k < p.n_k ? input_at(inputs[column], inners[column], k0 + k) : 0.0;
  }
}

void
main() {
  const uint thread = gl_LocalInvocationIndex;
  const uint lane = gl_LocalInvocationID.x;
  const uint mine = gl_LocalInvocationID.y * MINE;
  const uint row4 = gl_WorkGroupID.x * ROWS4;
  const uint column = gl_WorkGroupID.y * PINNA_TILE_COLUMNS;
  vec4       sums[MINE];
  for (uint n = 0; n < MINE; ++n) {
    sums[n] = vec4(0.0);
  }
  if (thread < PINNA_TILE_COLUMNS) {
    const uint it = min(column + thread, p.n_columns - 1);
    inputs[thread] = input_of(it);
    inners[thread] = inner_of(it);
  }
  barrier();

  for (uint k0 = 0; k0 < p.n_k; k0 += DEPTH) {
    load(thread, k0, row4);
    barrier();
    for (uint k = 0; k < DEPTH; ++k) {
      const vec4 weight = weights[k * ROWS4 + lane];
      for (uint n = 0; n < MINE; ++n) {
        sums[n] += weight * values[k * PITCH + mine + n];
      }
    }
    barrier();
  }
  for (uint n = 0; n < MINE; ++n) {
    store(column + mine + n, row4 + lane, sums[n]);
  }
}
