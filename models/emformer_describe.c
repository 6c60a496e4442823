// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/emformer.h"

#include "models/net.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdint.h>
#include <stdio.h>

// The layers, by TorchAudio's names

#define EPS 1e-5F
#define LSTM_EPS 1e-3F
#define LAYER "transcriber.transformer.emformer_layers.%u."

/// torch.nn.Linear without bias
static PinnaRef
add_matrix(const PinnaNet* const net, const PinnaRef x, const char* const name) {
  const uint32_t        n_out = pinna_net_size(net, 0U, "%s", name);
  const PinnaConvConfig conv = pinna_conv_config(n_out ? n_out : 1U);
  const uint64_t        shape[] = {conv.n_out, pinna_plan_shape(net->plan, x).c};
  return pinna_plan_conv(net->plan, x, &conv, pinna_net_weight(net, 2U, shape, "%s", name), 0U);
}

/// Keys and values of what was before, of the segment, and of what follows; the past remembers the
/// segment only
static PinnaRef
add_attention(const PinnaNet* const net, const PinnaRef x, const PinnaEmformerConfig* const config,
              const uint32_t i) {
  PinnaPlan* const p = net->plan;
  char             past[32];
  char             seen[32];
  snprintf(past, sizeof(past), "past %u", i);
  snprintf(seen, sizeof(seen), "seen %u", i);
  const uint32_t             n = pinna_plan_shape(p, x).c;
  const uint32_t             n_new = config->segment / config->stride;
  const uint32_t             n_ahead = config->right_context / config->stride;
  const PinnaAttentionConfig attention = {
      .n_heads = config->n_heads, .n_past = config->left_context, .n_new = n_new, .state = seen};

  const PinnaRef y =
      pinna_net_norm(net, x, PINNA_NORM_CHANNELS, 1U, EPS, LAYER "layer_norm_input", i);
  const PinnaRef q = pinna_net_linear(net, y, PINNA_ACT_NONE, LAYER "attention.emb_to_query", i);
  const PinnaRef kv =
      pinna_net_linear(net, y, PINNA_ACT_NONE, LAYER "attention.emb_to_key_value", i);
  PinnaRef all = pinna_plan_rows(p, kv, 0U, n_new);
  if (config->left_context) {
    all = pinna_plan_history(p, all, config->left_context, past);
  }
  if (n_ahead) {
    all = pinna_plan_join(p, all, pinna_plan_rows(p, kv, n_new, n_ahead));
  }
  const PinnaRef z = pinna_plan_attention(p, q, pinna_plan_channels(p, all, 0U, n),
                                          pinna_plan_channels(p, all, n, n), 0U, &attention);
  return pinna_net_linear(net, z, PINNA_ACT_NONE, LAYER "attention.out_proj", i);
}

static PinnaRef
add_layer(const PinnaNet* const net, PinnaRef x, const PinnaEmformerConfig* const config,
          const uint32_t i) {
  x = pinna_plan_add(net->plan, x, add_attention(net, x, config, i));
  PinnaRef y = pinna_net_norm(net, x, PINNA_NORM_CHANNELS, 1U, EPS, LAYER "pos_ff.0", i);
  y = pinna_net_linear(net, y, PINNA_ACT_GELU, LAYER "pos_ff.1", i);
  y = pinna_net_linear(net, y, PINNA_ACT_NONE, LAYER "pos_ff.4", i);
  x = pinna_plan_add(net->plan, x, y);
  return pinna_net_norm(net, x, PINNA_NORM_CHANNELS, 1U, EPS, LAYER "layer_norm_output", i);
}

void
pinna_emformer_describe_encoder(PinnaPlan* const plan, const PinnaWeights* const weights,
                                const PinnaEmformerConfig* const config) {
  const PinnaNet net = {plan, weights};
  const uint32_t n_frames = config->segment + config->right_context;
  const uint32_t n_features = pinna_net_size(&net, 1U, "transcriber.input_linear.weight");
  PinnaRef       x =
      pinna_plan_input(plan, "x", (PinnaShape){n_frames, 1U, n_features ? n_features : 1U});
  x = add_matrix(&net, x, "transcriber.input_linear.weight");
  x = pinna_plan_reshape(
      plan, x,
      (PinnaShape){n_frames / config->stride, 1U, pinna_plan_shape(plan, x).c * config->stride});
  const uint32_t n_layers = pinna_net_count(&net, "transcriber.transformer.emformer_layers.");
  for (uint32_t i = 0U; i < (n_layers ? n_layers : 1U); ++i) { // None: refused by its name
    x = add_layer(&net, x, config, i);
  }
  x = pinna_plan_rows(plan, x, 0U, config->segment / config->stride);
  x = pinna_net_linear(&net, x, PINNA_ACT_NONE, "transcriber.output_linear");
  x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS, "transcriber.layer_norm");
  pinna_plan_output(plan, "encoding", x);
}

/// A state of one LSTM of the predictor; `what` is h or c
static PinnaRef
add_state(const PinnaNet* const net, const char what, const uint32_t i, const uint32_t n_batch,
          const uint32_t n) {
  char name[16];
  snprintf(name, sizeof(name), "%c%u", what, i);
  return pinna_plan_input(net->plan, name, (PinnaShape){1U, n_batch, n});
}

static void
put_state(const PinnaNet* const net, const char what, const uint32_t i, const PinnaRef x) {
  char name[24];
  snprintf(name, sizeof(name), "next %c%u", what, i);
  pinna_plan_output(net->plan, name, x);
}

/// torchaudio.models.rnnt._CustomLSTM, one step, whose states are somebody else's: each hypothesis
/// has its own
static PinnaRef
add_lstm(const PinnaNet* const net, const PinnaRef x, const uint32_t n_batch, const uint32_t i) {
  PinnaPlan* const p = net->plan;
  const uint32_t   size = pinna_net_size(net, 1U, "predictor.lstm_layers.%u.p2g.weight", i);
  const uint32_t   n = size ? size : 1U;
  const PinnaRef   h = add_state(net, 'h', i, n_batch, n);
  const PinnaRef   c = add_state(net, 'c', i, n_batch, n);
  char             name[64];
  snprintf(name, sizeof(name), "predictor.lstm_layers.%u.x2g.weight", i);
  PinnaRef g = add_matrix(net, x, name);
  snprintf(name, sizeof(name), "predictor.lstm_layers.%u.p2g.weight", i);
  g = pinna_plan_add(p, g, add_matrix(net, h, name));
  g = pinna_net_norm(net, g, PINNA_NORM_CHANNELS, 1U, LSTM_EPS, "predictor.lstm_layers.%u.g_norm",
                     i);
  const PinnaRef in = pinna_plan_act(p, pinna_plan_channels(p, g, 0U, n), PINNA_ACT_SIGMOID, 0.0F);
  const PinnaRef keep = pinna_plan_act(p, pinna_plan_channels(p, g, n, n), PINNA_ACT_SIGMOID, 0.0F);
  const PinnaRef cell =
      pinna_plan_act(p, pinna_plan_channels(p, g, 2U * n, n), PINNA_ACT_TANH, 0.0F);
  const PinnaRef out =
      pinna_plan_act(p, pinna_plan_channels(p, g, 3U * n, n), PINNA_ACT_SIGMOID, 0.0F);
  PinnaRef next = pinna_plan_add(p, pinna_plan_mul(p, keep, c), pinna_plan_mul(p, in, cell));
  next = pinna_net_norm(net, next, PINNA_NORM_CHANNELS, 1U, LSTM_EPS,
                        "predictor.lstm_layers.%u.c_norm", i);
  const PinnaRef y = pinna_plan_mul(p, out, pinna_plan_act(p, next, PINNA_ACT_TANH, 0.0F));
  put_state(net, 'h', i, y);
  put_state(net, 'c', i, next);
  return y;
}

void
pinna_emformer_describe_predictor(PinnaPlan* const plan, const PinnaWeights* const weights,
                                  const uint32_t max_batch) {
  const PinnaNet net = {plan, weights};
  const uint64_t shape[] = {pinna_net_size(&net, 0U, "predictor.embedding.weight"),
                            pinna_net_size(&net, 1U, "predictor.embedding.weight")};
  const PinnaRef token = pinna_plan_input(plan, "token", (PinnaShape){1U, max_batch, 1U});
  PinnaRef       x =
      pinna_plan_embedding(plan, token, (uint32_t)shape[0], (uint32_t)shape[1],
                           pinna_net_weight(&net, 2U, shape, "predictor.embedding.weight"));
  x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS, "predictor.input_layer_norm");
  const uint32_t n_layers = pinna_net_count(&net, "predictor.lstm_layers.");
  for (uint32_t i = 0U; i < (n_layers ? n_layers : 1U); ++i) {
    x = add_lstm(&net, x, max_batch, i);
  }
  x = pinna_net_linear(&net, x, PINNA_ACT_NONE, "predictor.linear");
  x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS, "predictor.output_layer_norm");
  pinna_plan_output(plan, "prediction", x);
}

void
pinna_emformer_describe_joiner(PinnaPlan* const plan, const PinnaWeights* const weights,
                               const uint32_t max_batch) {
  const PinnaNet net = {plan, weights};
  const uint32_t size = pinna_net_size(&net, 1U, "joiner.linear.weight");
  const uint32_t n = size ? size : 1U;
  const PinnaRef encoding = pinna_plan_input(plan, "encoding", (PinnaShape){1U, 1U, n});
  PinnaRef       x = pinna_plan_input(plan, "prediction", (PinnaShape){1U, max_batch, n});
  x = pinna_plan_act(plan, pinna_plan_add(plan, x, encoding), PINNA_ACT_RELU, 0.0F);
  pinna_plan_output(plan, "logits", pinna_net_linear(&net, x, PINNA_ACT_NONE, "joiner.linear"));
}
