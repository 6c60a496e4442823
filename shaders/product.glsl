// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What the products share: where columns and taps lie, how results are stored

#include "shaders/abi/push.h"
#include "shaders/act.glsl"

layout(constant_id = PINNA_SPEC_ACT) const uint ACT = 0;
layout(constant_id = PINNA_SPEC_BOUNDED) const uint BOUNDED = 0;

layout(push_constant) uniform Push {
  PinnaProductPush p;
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Weights {
  vec4 w[];
};
layout(binding = PINNA_BIND_A) readonly buffer Input {
  float x[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};

uint
group_of() {
  return gl_WorkGroupID.z % p.n_groups;
}

uint
phase_of() {
  return gl_WorkGroupID.z / p.n_groups;
}

/// Of this workgroup's weights, in vec4
uint
first_weight() {
  return p.w + gl_WorkGroupID.z * p.n_k * p.n_rows4;
}

/// Number of a column along its inner axis, in steps of x_inner
int
inner_of(const uint column) {
  const uint n = column % p.n_inner;
  const uint phase = phase_of();
  return int(BOUNDED != 0 && p.crop > phase ? n + (p.crop - phase + p.stride - 1) / p.stride : n);
}

/// Where a column's input begins
int
input_of(const uint column) {
  return int(p.x + group_of() * p.x_group + column / p.n_inner * p.x_outer) +
         inner_of(column) * int(p.x_inner);
}

/// Value k of the column that begins at `first`
float
input_at(const int first, const int inner, const uint k) {
  const uint tap = k / p.k_tap;
  const int  at = first + int(tap / p.taps_inner) * p.tap_outer +
                 int(tap % p.taps_inner) * p.tap_inner + int(k - tap * p.k_tap);
  if (BOUNDED != 0) {
    const int row = inner - int(tap);
    return row >= 0 && row < int(p.n_axis_in) ? x[at] : 0.0;
  }
  return x[at];
}

/// Four rows of a column: bias, activation, places
void
store(const uint column, const uint row4, const vec4 sum) {
  int inner = inner_of(column);
  if (column >= p.n_columns || row4 >= p.n_rows4) {
    return;
  }
  if (BOUNDED != 0) {
    inner = inner * int(p.stride) + int(phase_of()) - int(p.crop);
    if (inner >= int(p.n_axis_out)) {
      return;
    }
  }
  const uint first = p.y + group_of() * p.y_group + column / p.n_inner * p.y_outer +
                     uint(inner) * p.y_inner + 4 * row4;
  const vec4 value = sum + w[p.bias + group_of() * p.n_rows4 + row4];
  for (uint i = 0; i < 4 && 4 * row4 + i < p.n_rows; ++i) {
    y[first + i] = activate(ACT, p.slope, value[i]);
  }
}
