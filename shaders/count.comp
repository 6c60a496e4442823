// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// One more chunk of an attention's past is there

layout(local_size_x = 1) in;
layout(push_constant) uniform Push {
  PinnaCountPush p;
};
layout(binding = PINNA_BIND_STATE) buffer State {
  float state[];
};

void
main() {
  state[p.state] = min(state[p.state] + float(p.n_new), float(p.n_past));
}
