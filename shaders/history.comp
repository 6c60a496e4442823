// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// Rows of earlier chunks before those of this one: a workgroup owns X columns, so that it may write
// the next state after it has read the last

layout(local_size_x_id = PINNA_SPEC_X, local_size_y_id = PINNA_SPEC_Y) in;
layout(push_constant) uniform Push {
  PinnaHistoryPush p;
};
layout(binding = PINNA_BIND_A) readonly buffer Input {
  float x[];
};
layout(binding = PINNA_BIND_B) readonly buffer Span {
  float span[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};
layout(binding = PINNA_BIND_STATE) buffer State {
  float state[];
};

const uint BLOCK = 4;

/// Whether a new row lies in the stream
bool
is_inside(const uint row) {
  const float at = float(row) - float(p.delay);
  return at >= span[p.span] * float(p.rate) && at < span[p.span + 1] * float(p.rate);
}

/// Value of the past and x together
float
value_of(const uint row, const uint column) {
  if (row < p.n_past) {
    return state[p.state + row * p.n_row + column];
  }
  if (p.rate > 0 && !is_inside(row - p.n_past)) {
    return 0.0;
  }
  const uint n_pieces = p.n_row / p.n_c;
  return x[p.x + ((row - p.n_past) * n_pieces + column / p.n_c) * p.x_piece + column % p.n_c];
}

void
main() {
  const uint column = gl_GlobalInvocationID.x;
  const uint part = gl_LocalInvocationID.y;
  const uint n_parts = gl_WorkGroupSize.y;
  const bool is_mine = column < p.n_row;
  for (uint row = part; is_mine && row < p.n_past + p.n_t; row += n_parts) {
    y[p.y + row * p.n_row + column] = value_of(row, column);
  }
  // In blocks of rows: what a block overwrites, blocks before it have read
  for (uint first = 0; first < p.n_past; first += BLOCK * n_parts) {
    float kept[BLOCK];
    memoryBarrierBuffer();
    barrier();
    for (uint i = 0; i < BLOCK; ++i) {
      const uint row = first + i * n_parts + part;
      kept[i] = is_mine && row < p.n_past ? value_of(row + p.n_t, column) : 0.0;
    }
    memoryBarrierBuffer();
    barrier();
    for (uint i = 0; i < BLOCK; ++i) {
      const uint row = first + i * n_parts + part;
      if (is_mine && row < p.n_past) {
        state[p.state + row * p.n_row + column] = kept[i];
      }
    }
  }
}
