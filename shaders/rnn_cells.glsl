// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Recurrent layers whose cells need no others' gates. Whoever includes this defines next_state()

#include "shaders/rnn.glsl"

/// From the gates of step and sequence at `at` and the sums W h of a cell to its next h
float next_state(const uint at, const uint cell, const uint now, const float sums[GATES]);

void
run_step(const uint t, const uint now) {
  const uint row = t * p.n_f + gl_WorkGroupID.x;
  for (uint first = 0; first < p.n_hidden; first += gl_WorkGroupSize.x) {
    const uint  cell = first + gl_LocalInvocationID.x;
    const float sums[GATES] = multiply_all(cell, now);
    if (gl_LocalInvocationID.y == 0 && cell < p.n_hidden) {
      const float h = next_state(p.gates + row * GATES * p.n_hidden + cell, cell, now, sums);
      cells[p.n_hidden - now + cell] = h;
      y[p.y + row * p.n_hidden + cell] = h;
    }
    barrier();
  }
}
