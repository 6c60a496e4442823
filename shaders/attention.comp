// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/abi/push.h"

// softmax(scale q k + bias) v for one query of one head: keys in blocks, with a running maximum
// (Dao et al., FlashAttention, 2022), so that any number of them fits

layout(local_size_x = PINNA_ATTENTION_THREADS) in;
layout(constant_id = PINNA_SPEC_QUERY) const uint N_Q = 1;
layout(constant_id = PINNA_SPEC_VALUE) const uint N_V = 1;
layout(push_constant) uniform Push {
  PinnaAttentionPush p;
};
layout(binding = PINNA_BIND_A) readonly buffer Queries {
  float q[];
};
layout(binding = PINNA_BIND_B) readonly buffer Keys {
  float k[];
};
layout(binding = PINNA_BIND_WEIGHTS) readonly buffer Values {
  float v[];
};
layout(binding = PINNA_BIND_BIAS) readonly buffer Bias {
  float bias[];
};
layout(binding = PINNA_BIND_STATE) readonly buffer State {
  float state[];
};
layout(binding = PINNA_BIND_Y) writeonly buffer Output {
  float y[];
};

const uint   THREADS = PINNA_ATTENTION_THREADS;
const float  NONE = -3.0e38;
shared float query[N_Q];
shared float sums[N_V];
shared float weights[THREADS];
shared float tops[THREADS];

float
score_of(const uint key, const uint head, const uint f) {
  const uint first = p.k + (key * p.n_f + f) * p.k_row + head * N_Q;
  float      sum = 0.0;
  for (uint i = 0; i < N_Q; ++i) {
    sum += query[i] * k[first + i];
  }
  const uint at = p.bias + head * p.bias_head + gl_WorkGroupID.x * p.bias_query + key;
  return p.has_bias != 0 ? sum + bias[at] : sum;
}

/// The greatest of all threads' scores
float
top_of(const uint i, const float score) {
  float top = score;
  tops[i] = score;
  barrier();
  for (uint n = 0; n < THREADS; ++n) {
    top = max(top, tops[n]);
  }
  return top;
}

void
main() {
  const uint i = gl_LocalInvocationIndex;
  const uint head = gl_WorkGroupID.y % p.n_heads;
  const uint f = gl_WorkGroupID.y / p.n_heads;
  const uint row = gl_WorkGroupID.x * p.n_f + f;
  const uint unseen = p.n_past > 0 ? p.n_past - uint(state[p.state]) : 0;
  float      top = NONE;
  float      total = 0.0;
  for (uint c = i; c < N_Q; c += THREADS) {
    query[c] = p.scale * q[p.q + row * p.q_row + head * N_Q + c];
  }
  for (uint c = i; c < N_V; c += THREADS) {
    sums[c] = 0.0;
  }
  barrier();
  for (uint first = unseen; first < p.n_keys; first += THREADS) {
    const uint  n = min(THREADS, p.n_keys - first);
    const float score = i < n ? score_of(first + i, head, f) : NONE;
    const float now = max(top, top_of(i, score));
    const float rest = exp(top - now); // Of what was summed under the last maximum
    weights[i] = i < n ? exp(score - now) : 0.0;
    barrier();
    total *= rest;
    for (uint j = 0; j < n; ++j) {
      total += weights[j];
    }
    for (uint c = i; c < N_V; c += THREADS) {
      float sum = sums[c] * rest;
      for (uint j = 0; j < n; ++j) {
        sum += weights[j] * v[p.v + ((first + j) * p.n_f + f) * p.v_row + head * N_V + c];
      }
      sums[c] = sum;
    }
    top = now;
    barrier();
  }
  for (uint c = i; c < N_V; c += THREADS) {
    y[p.y + (row * p.n_heads + head) * N_V + c] = sums[c] / total;
  }
}
