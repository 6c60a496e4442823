// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#define GATES 4
#include "shaders/rnn.glsl"

// TorchAudio's layer-normed LSTM: all gates are normed together, then the cells

/// Rows n to 2 n are weight and bias of a norm; values are in cells[first ..]
void
norm_cells(const uint first, const uint n, const uint weight) {
  const uint n_threads = gl_WorkGroupSize.x * gl_WorkGroupSize.y;
  const uint me = gl_LocalInvocationIndex;
  float      moments[2] = float[2](0.0, 0.0);
  for (uint pass = 0; pass < 2; ++pass) {
    float sum = 0.0;
    for (uint i = me; i < n; i += n_threads) {
      const float d = cells[first + i] - moments[0];
      sum += pass == 0 ? d : d * d;
    }
    parts[me] = sum;
    barrier();
    sum = 0.0;
    for (uint i = 0; i < n_threads; ++i) {
      sum += parts[i];
    }
    moments[pass] = sum / float(n);
    barrier();
  }
  const float gain = 1.0 / sqrt(moments[1] + p.eps);
  for (uint i = me; i < n; i += n_threads) {
    cells[first + i] = (cells[first + i] - moments[0]) * gain * w[weight + i] + w[weight + n + i];
  }
  barrier();
}

void
run_step(const uint t, const uint now) {
  const uint n = p.n_hidden;
  const uint normed = 3 * n;
  const uint n_threads = gl_WorkGroupSize.x * gl_WorkGroupSize.y;
  const uint row = t * p.n_f + gl_WorkGroupID.x;
  for (uint first = 0; first < n; first += gl_WorkGroupSize.x) {
    const uint cell = first + gl_LocalInvocationID.x;
    float      sums[GATES] = multiply_all(cell, now);
    for (uint g = 0; gl_LocalInvocationID.y == 0 && cell < n && g < GATES; ++g) {
      cells[normed + g * n + cell] = sums[g] + gates[p.gates + (row * GATES + g) * n + cell];
    }
    barrier();
  }
  norm_cells(normed, GATES * n, p.bias);
  for (uint i = gl_LocalInvocationIndex; i < n; i += n_threads) {
    cells[2 * n + i] = sigmoid(cells[normed + n + i]) * cells[2 * n + i] +
                       sigmoid(cells[normed + i]) * safe_tanh(cells[normed + 2 * n + i]);
  }
  barrier();
  norm_cells(2 * n, n, p.bias + 2 * GATES * n);
  for (uint i = gl_LocalInvocationIndex; i < n; i += n_threads) {
    const float h = safe_tanh(cells[2 * n + i]) * sigmoid(cells[normed + 3 * n + i]);
    cells[n - now + i] = h;
    y[p.y + row * n + i] = h;
  }
  barrier();
}
