// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#define GATES 4
#include "shaders/rnn_cells.glsl"

// torch's LSTM: i, f, g, o; the biases are in the gates already

float
next_state(const uint at, const uint cell, const uint now, const float sums[GATES]) {
  const uint  n = p.n_hidden;
  const float i = sigmoid(gates[at] + sums[0]);
  const float f = sigmoid(gates[at + n] + sums[1]);
  const float g = safe_tanh(gates[at + 2 * n] + sums[2]);
  const float o = sigmoid(gates[at + 3 * n] + sums[3]);
  const float c = f * cells[2 * n + cell] + i * g;
  cells[2 * n + cell] = c;
  return o * safe_tanh(c);
}
