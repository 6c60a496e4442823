// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wavernn.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/wavernn_impl.h"

#include <stdio.h>
#include <string.h>

// Memory of one voice, and the network that looks at frames

#define RESNET "upsample.resnet.melresnet_model"

static PinnaRef
tensor(PinnaPlan* const plan, const PinnaWeights* const weights, const char* const layer,
       const char* const what, const uint32_t n_dims, const uint64_t* const shape) {
  char name[96];
  snprintf(name, sizeof(name), RESNET "%s.%s", layer, what);
  return pinna_plan_weight(plan, weights, name, n_dims, shape);
}

static PinnaRef
add_conv(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
         const char* const layer, const uint32_t n_out, const uint32_t n_taps,
         const bool has_bias) {
  const uint64_t  shape[] = {n_out, pinna_plan_shape(plan, x).c, n_taps};
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[0] = n_taps;
  return pinna_plan_conv(plan, x, &conv, tensor(plan, weights, layer, "weight", 3U, shape),
                         has_bias ? tensor(plan, weights, layer, "bias", 1U, shape) : 0U);
}

static PinnaRef
add_norm(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
         const char* const layer) {
  const uint64_t shape[] = {pinna_plan_shape(plan, x).c};
  return pinna_plan_batch_norm(plan, x, 1e-5F, tensor(plan, weights, layer, "weight", 1U, shape),
                               tensor(plan, weights, layer, "bias", 1U, shape),
                               tensor(plan, weights, layer, "running_mean", 1U, shape),
                               tensor(plan, weights, layer, "running_var", 1U, shape));
}

static PinnaRef
add_block(PinnaPlan* const plan, const PinnaWeights* const weights, const PinnaRef x,
          const uint32_t block, const uint32_t n_hidden) {
  static const char* const parts[] = {"0", "1", "3", "4"};
  char                     layer[4][40];
  for (int i = 0; i < 4; ++i) {
    snprintf(layer[i], sizeof(layer[i]), ".%u.resblock_model.%s", 3U + block, parts[i]);
  }
  PinnaRef y = add_conv(plan, weights, x, layer[0], n_hidden, 1U, false);
  y = pinna_plan_act(plan, add_norm(plan, weights, y, layer[1]), PINNA_ACT_RELU, 0.0F);
  y = add_conv(plan, weights, y, layer[2], n_hidden, 1U, false);
  return pinna_plan_add(plan, add_norm(plan, weights, y, layer[3]), x);
}

PinnaStatus
pinna_wavernn_describe(PinnaPlan* const plan, const PinnaWavernnSizes* const z,
                       const PinnaWeights* const weights, PinnaError* const error) {
  char     last[16];
  PinnaRef x = pinna_plan_input(plan, "mel", (PinnaShape){z->n_context, 1U, z->n_freq});
  x = add_conv(plan, weights, x, ".0", z->n_hidden, z->n_context, false);
  x = pinna_plan_act(plan, add_norm(plan, weights, x, ".1"), PINNA_ACT_RELU, 0.0F);
  for (uint32_t block = 0U; block < z->n_blocks; ++block) {
    x = add_block(plan, weights, x, block, z->n_hidden);
  }
  snprintf(last, sizeof(last), ".%u", 3U + z->n_blocks);
  x = add_conv(plan, weights, x, last, z->n_output, 1U, true);
  pinna_plan_output(plan, "aux", x);
  return pinna_plan_finish(plan, error);
}

typedef struct {
  const PinnaWavernnConfig* config;
  const PinnaWavernnParts*  parts;
} Build;

/// A layer of `precision`, its weights w_stride floats apart
static PinnaStatus
take_layer(PinnaMatvec** const layer, PinnaArena* const arena, const Build* const b,
           const PinnaPrecision precision, const float* const w, const float* const bias,
           const uint32_t n_rows, const uint32_t n_columns, const size_t w_stride) {
  const PinnaMatvecConfig config = {w,         bias,      w_stride,      n_rows,
                                    n_columns, precision, b->config->isa};
  return pinna_matvec_init(layer, arena, &config);
}

static PinnaStatus
take_layers(PinnaWavernn* const v, PinnaArena* const arena, const Build* const b) {
  const PinnaWavernnSizes* const z = &v->z;
  const PinnaWavernnParts* const p = b->parts;
  const PinnaPrecision           low = b->config->precision;
  const uint32_t                 r = z->n_rnn;
  const struct {
    PinnaMatvec**  layer;
    PinnaPrecision precision;
    const float*   w;
    const float*   bias;
    uint32_t       n_rows;
    uint32_t       n_columns;
    uint32_t       stride;
  } list[] = {
      {&v->mixer, PINNA_PRECISION_F32, NULL, NULL, z->n_mix, 2U + z->n_context, 0U},
      {&v->of_mel, PINNA_PRECISION_F32, p->of_mel, NULL, z->n_mix, z->n_freq, z->n_freq},
      {&v->of_aux, PINNA_PRECISION_F32, p->of_aux, p->fixed, z->n_mix + z->n_fc, z->n_output,
       z->n_output},
      {&v->from_h1, low, p->from_h1, p->fixed_h1, 6U * r, r, r},
      {&v->from_h2, low, p->tensors[WAVERNN_HH2], p->tensors[WAVERNN_HH2_BIAS], 3U * r, r, r},
      {&v->from_sum, low, p->tensors[WAVERNN_FC1], NULL, z->n_fc, r, r + z->n_aux},
      {&v->fc2, low, p->tensors[WAVERNN_FC2], NULL, z->n_fc, z->n_fc, z->n_fc + z->n_aux},
      {&v->fc3, low, p->tensors[WAVERNN_FC3], p->tensors[WAVERNN_FC3_BIAS], z->n_classes, z->n_fc,
       z->n_fc}};
  for (size_t i = 0U; i < sizeof(list) / sizeof(list[0]); ++i) {
    const PinnaStatus status =
        take_layer(list[i].layer, arena, b, list[i].precision, list[i].w, list[i].bias,
                   list[i].n_rows, list[i].n_columns, list[i].stride);
    if (status) {
      return status;
    }
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const Build* const             b = (const Build*)data;
  const PinnaWavernnSizes* const z = &b->parts->z;
  const PinnaRunnerConfig        runner = {b->parts->plan, b->config->isa};
  PinnaWavernn                   v = {.z = *z, .form = b->config->form, .seed = b->config->seed};
  PinnaWavernn* const            self = PINNA_TAKE(arena, 1U, PinnaWavernn);
  PinnaStatus                    status = pinna_runner_init(&v.runner, arena, &runner);
  if (!status) {
    status = take_layers(&v, arena, b);
  }
  if (status) {
    return status;
  }
  const size_t n_share = (size_t)z->hop * z->n_context;
  v.parts = PINNA_TAKE(arena, 2U + (size_t)z->n_context, float);
  v.of_frame = PINNA_TAKE(arena, z->n_mix, float);
  v.share = PINNA_TAKE(arena, n_share, float);
  v.fixed = PINNA_TAKE(arena, (size_t)z->n_mix + z->n_fc, float);
  v.mix = PINNA_TAKE(arena, z->n_mix, float);
  v.g1 = PINNA_TAKE(arena, 6U * (size_t)z->n_rnn, float);
  v.g2 = PINNA_TAKE(arena, 3U * (size_t)z->n_rnn, float);
  v.h1 = PINNA_TAKE(arena, z->n_rnn, float);
  v.h2 = PINNA_TAKE(arena, z->n_rnn, float);
  v.sum = PINNA_TAKE(arena, z->n_rnn, float);
  v.f1 = PINNA_TAKE(arena, z->n_fc, float);
  v.f2 = PINNA_TAKE(arena, z->n_fc, float);
  v.logits = PINNA_TAKE(arena, z->n_classes, float);
  v.weight = PINNA_TAKE(arena, z->n_classes, float);
  v.scaled = PINNA_TAKE(arena, z->n_freq, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  pinna_matvec_set_column(v.mixer, 1U, b->parts->of_x);
  memcpy(v.share, b->parts->share, n_share * sizeof(float));
  v.n_own = 3U * z->n_rnn / PINNA_MATVEC_BLOCK;
  v.kernels = pinna_cpu_kernels(b->config->isa);
  v.frames = pinna_runner_tensor(v.runner, "mel");
  v.aux = pinna_runner_tensor(v.runner, "aux");
  *self = v;
  *object = self;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_wavernn_new(PinnaWavernn** const self, const PinnaWavernnConfig* const config,
                  PinnaError* const error) {
  PinnaWavernnParts parts = {0};
  void*             memory = NULL;
  void*             object = NULL;
  *self = NULL;
  PinnaStatus status = pinna_wavernn_measure(&parts.z, config->weights, error);
  if (!status && config->form == PINNA_WAVERNN_MIXTURE && parts.z.n_classes % 3U) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG,
                        "fc3.weight gives %u numbers, which is no mixture: that would be three for "
                        "each distribution",
                        parts.z.n_classes);
  }
  if (!status) {
    parts.plan = pinna_plan_new();
    status = parts.plan ? pinna_wavernn_describe(parts.plan, &parts.z, config->weights, error)
                        : PINNA_STATUS_NO_MEM;
  }
  if (!status) {
    status = pinna_wavernn_parts_make(&parts, config->weights, error);
  }
  if (!status) {
    const Build b = {config, &parts};
    status = pinna_arena_build(&memory, &object, build, &b);
  }
  pinna_wavernn_parts_free(&parts);
  if (status) {
    return pinna_fail(error, status, "%s", pinna_strerror(status));
  }
  *self = (PinnaWavernn*)object;
  (*self)->memory = memory;
  (*self)->pair = config->has_helper ? pinna_pair_new() : NULL; // Alone is as good, and slower
  pinna_wavernn_reset(*self);
  return PINNA_STATUS_OK;
}

void
pinna_wavernn_free(PinnaWavernn* const self) {
  if (self) {
    pinna_pair_free(self->pair);
    pinna_arena_free(self->memory);
  }
}
