// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Sums and maxima over a workgroup, without subgroups: any size of them is right. One barrier and a
// short loop in each thread: workgroups here have 64 threads at the most

#include "shaders/abi/layout.h"

layout(local_size_x_id = PINNA_SPEC_X) in;

shared float scratch[PINNA_NORM_THREADS];

void
show_all(const float mine) {
  barrier(); // Others may still read the last ones
  scratch[gl_LocalInvocationIndex] = mine;
  barrier();
}

float
sum_of_all(const float mine) {
  float sum = 0.0;
  show_all(mine);
  for (uint i = 0; i < gl_WorkGroupSize.x; ++i) {
    sum += scratch[i];
  }
  return sum;
}

float
greatest_of_all(const float mine) {
  float top = mine;
  show_all(mine);
  for (uint i = 0; i < gl_WorkGroupSize.x; ++i) {
    top = max(top, scratch[i]);
  }
  return top;
}
