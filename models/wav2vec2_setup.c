// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/net.h"
#include "models/wav2vec2_impl.h"
#include "models/wav2vec2_names.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// The layers of wav2vec 2.0, sizes as the file has them

#define EPS 1e-5F
#define N_CONVS 7U
#define LAYERS "encoder.transformer.layers.%u."

static const uint32_t strides[N_CONVS] = {5U, 2U, 2U, 2U, 2U, 2U, 2U};

uint32_t
pinna_wav2vec2_frames(const uint32_t n_samples) {
  return n_samples < 400U ? 0U : (n_samples - 400U) / 320U + 1U;
}

PinnaStatus
pinna_wav2vec2_open(PinnaWeights** const weights, const char* const path, PinnaError* const error) {
  PinnaStatus status = pinna_weights_open(weights, path, error);
  status = status ? status : pinna_weights_fold_norm(*weights, error);
  status = status ? status : pinna_wav2vec2_rename(*weights, error);
  if (status) {
    pinna_weights_free(*weights);
    *weights = NULL;
  }
  return status;
}

/// Convolutions, the first or all of them normalised
static PinnaRef
add_extractor(const PinnaNet* const net, PinnaRef x, const bool is_normed) {
  const bool has_bias = pinna_net_size(net, 0U, "feature_extractor.conv_layers.0.conv.bias") > 0U;
  for (uint32_t i = 0U; i < N_CONVS; ++i) {
    x = pinna_net_conv1d(net, x, strides[i], 1U, 1U, has_bias,
                         "feature_extractor.conv_layers.%u.conv", i);
    if (is_normed || !i) {
      x = pinna_net_norm(net, x, is_normed ? PINNA_NORM_CHANNELS : PINNA_NORM_GROUPS,
                         pinna_plan_shape(net->plan, x).c, EPS,
                         "feature_extractor.conv_layers.%u.layer_norm", i);
    }
    x = pinna_plan_act(net->plan, x, PINNA_ACT_GELU, 0.0F);
  }
  return x;
}

/// x and what a grouped convolution over its neighbours says of their order
static PinnaRef
add_positions(const PinnaNet* const net, const PinnaRef x) {
  const char* const name = "encoder.transformer.pos_conv_embed.conv";
  const uint32_t    kernel = pinna_net_size(net, 2U, "%s.weight", name);
  const uint32_t    n_group = pinna_net_size(net, 1U, "%s.weight", name);
  const uint32_t    n = pinna_plan_shape(net->plan, x).c;
  const uint32_t    behind = kernel ? (kernel - 1U) / 2U : 0U; // TorchAudio drops the last of even
  const PinnaPad    pad = {{kernel / 2U, behind}, {0U, 0U}, false};
  PinnaRef          y = pinna_plan_pad(net->plan, x, &pad);
  y = pinna_net_conv1d(net, y, 1U, 1U, n && n_group && n % n_group == 0U ? n / n_group : 1U, "%s",
                       name);
  y = pinna_plan_act(net->plan, y, PINNA_ACT_GELU, 0.0F);
  return pinna_plan_add(net->plan, x, y);
}

static PinnaRef
add_attention(const PinnaNet* const net, const PinnaRef x, const uint32_t n_heads,
              const uint32_t i) {
  const PinnaAttentionConfig config = {.n_heads = n_heads};
  const PinnaRef q = pinna_net_linear(net, x, PINNA_ACT_NONE, LAYERS "attention.q_proj", i);
  const PinnaRef k = pinna_net_linear(net, x, PINNA_ACT_NONE, LAYERS "attention.k_proj", i);
  const PinnaRef v = pinna_net_linear(net, x, PINNA_ACT_NONE, LAYERS "attention.v_proj", i);
  const PinnaRef y = pinna_plan_attention(net->plan, q, k, v, 0U, &config);
  return pinna_net_linear(net, y, PINNA_ACT_NONE, LAYERS "attention.out_proj", i);
}

static PinnaRef
add_feed_forward(const PinnaNet* const net, const PinnaRef x, const uint32_t i) {
  const PinnaRef y =
      pinna_net_linear(net, x, PINNA_ACT_GELU, LAYERS "feed_forward.intermediate_dense", i);
  return pinna_net_linear(net, y, PINNA_ACT_NONE, LAYERS "feed_forward.output_dense", i);
}

/// A transformer layer, normalised before or behind its halves
static PinnaRef
add_layer(const PinnaNet* const net, const PinnaRef x, const uint32_t n_heads, const bool is_before,
          const uint32_t i) {
  PinnaPlan* const p = net->plan;
  if (is_before) {
    PinnaRef y = pinna_net_norm(net, x, PINNA_NORM_CHANNELS, 1U, EPS, LAYERS "layer_norm", i);
    y = pinna_plan_add(p, x, add_attention(net, y, n_heads, i));
    const PinnaRef z =
        pinna_net_norm(net, y, PINNA_NORM_CHANNELS, 1U, EPS, LAYERS "final_layer_norm", i);
    return pinna_plan_add(p, y, add_feed_forward(net, z, i));
  }
  PinnaRef y = pinna_plan_add(p, x, add_attention(net, x, n_heads, i));
  y = pinna_net_norm(net, y, PINNA_NORM_CHANNELS, 1U, EPS, LAYERS "layer_norm", i);
  y = pinna_plan_add(p, y, add_feed_forward(net, y, i));
  return pinna_net_norm(net, y, PINNA_NORM_CHANNELS, 1U, EPS, LAYERS "final_layer_norm", i);
}

static uint32_t
heads_of(const PinnaWav2vec2Config* const config, const uint32_t n) {
  return config->n_heads            ? config->n_heads
         : n == 1024U || n == 1280U ? 16U
         : n >= 64U                 ? n / 64U
                                    : 1U;
}

void
pinna_wav2vec2_describe(PinnaPlan* const plan, const PinnaWeights* const weights,
                        const PinnaWav2vec2Config* const config) {
  const PinnaNet net = {plan, weights};
  pinna_plan_take_whole(plan);
  const bool is_normed =
      pinna_net_size(&net, 0U, "feature_extractor.conv_layers.1.layer_norm.weight") > 0U;
  PinnaRef x = pinna_plan_input(plan, "x", (PinnaShape){config->n_samples, 1U, 1U});
  if (config->normalize_waveform) {
    x = pinna_plan_reshape(plan, x, (PinnaShape){1U, 1U, config->n_samples});
    x = pinna_plan_norm(plan, x, PINNA_NORM_CHANNELS, 1U, EPS, 0U, 0U);
    x = pinna_plan_reshape(plan, x, (PinnaShape){config->n_samples, 1U, 1U});
  }
  x = add_extractor(&net, x, is_normed);
  x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS,
                     "encoder.feature_projection.layer_norm");
  x = pinna_net_linear(&net, x, PINNA_ACT_NONE, "encoder.feature_projection.projection");
  x = add_positions(&net, x);
  if (!is_normed) {
    x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS, "encoder.transformer.layer_norm");
  }

  const uint32_t n_heads = heads_of(config, pinna_plan_shape(plan, x).c);
  const uint32_t found = pinna_net_count(&net, "encoder.transformer.layers.");
  const uint32_t n_layers = config->n_layers ? config->n_layers : found ? found : 1U;
  for (uint32_t i = 0U; i < n_layers; ++i) { // Those that a file lacks are refused by their names
    x = add_layer(&net, x, n_heads, is_normed, i);
  }
  if (config->n_layers) {
    pinna_plan_output(plan, "features", x);
    return;
  }
  if (is_normed) {
    x = pinna_net_norm(&net, x, PINNA_NORM_CHANNELS, 1U, EPS, "encoder.transformer.layer_norm");
  }
  pinna_plan_output(plan, "features", x);
  if (pinna_net_size(&net, 0U, "aux.weight")) {
    pinna_plan_output(plan, "logits", pinna_net_linear(&net, x, PINNA_ACT_NONE, "aux"));
  }
}

PinnaStatus
pinna_wav2vec2_init(PinnaWav2vec2** const self, PinnaArena* const arena,
                    const PinnaRunnerConfig* const config) {
  PinnaRunner* runner = NULL;
  *self = NULL;
  PinnaWav2vec2* const wav2vec2 = PINNA_TAKE(arena, 1U, PinnaWav2vec2);
  const PinnaStatus    status = pinna_runner_init(&runner, arena, config);
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *wav2vec2 = (PinnaWav2vec2){.runner = runner,
                              .n_samples = pinna_runner_shape(runner, "x").t,
                              .x = pinna_runner_tensor(runner, "x"),
                              .features = pinna_runner_tensor(runner, "features"),
                              .logits = pinna_runner_tensor(runner, "logits")};
  if (!wav2vec2->x || !wav2vec2->features) {
    return PINNA_STATUS_BAD_ARG;
  }
  *self = wav2vec2;
  return PINNA_STATUS_OK;
}
