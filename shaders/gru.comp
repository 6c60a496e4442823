// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#define GATES 3
#include "shaders/rnn_cells.glsl"

// torch's GRU: r, z, n; the biases of r and z are in the gates already

float
next_state(const uint at, const uint cell, const uint now, const float sums[GATES]) {
  const float r = sigmoid(gates[at] + sums[0]);
  const float z = sigmoid(gates[at + p.n_hidden] + sums[1]);
  const float n = safe_tanh(gates[at + 2 * p.n_hidden] + r * (sums[2] + w[p.bias + cell]));
  return n + z * (cells[now + cell] - n);
}
