// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/gtcrn.h"

#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// The layers of GTCRN, one frame at a time, channels innermost
//
// Sub-band feature extraction (three neighbours as channels) and the point convolution behind it
// are one convolution of three taps; stride-1 transposed convolutions are plain ones with their
// weights turned round.

#define N_LOW 65U   ///< Bins that stay as they are
#define N_HIGH 192U ///< Bins that the ERB bands gather
#define N_BANDS 64U ///< into these
#define N_ALL 129U  ///< N_LOW + N_BANDS
#define N_WIDTH 33U ///< Bands behind two strides
#define N_CH 16U
#define N_HALF 8U
#define MAX_INDEX 2048U

typedef struct {
  PinnaPlan*          plan;
  const PinnaWeights* weights;
  char                name[128];
} Net;

static PinnaRef
weight(Net* const net, const char* const layer, const char* const what, const uint32_t n_dims,
       const uint64_t a, const uint64_t b, const uint64_t c, const uint64_t d) {
  const uint64_t shape[] = {a, b, c, d};
  snprintf(net->name, sizeof(net->name), "%s.%s", layer, what);
  return pinna_plan_weight(net->plan, net->weights, net->name, n_dims, shape);
}

static PinnaRef
vector(Net* const net, const char* const layer, const char* const what, const uint64_t n) {
  return weight(net, layer, what, 1U, n, 1U, 1U, 1U);
}

/// BatchNorm, then PReLU if `act` names one
static PinnaRef
finish(Net* const net, PinnaRef x, const char* const block, const char* const bn,
       const char* const act) {
  const uint32_t n = pinna_plan_shape(net->plan, x).c;
  char           layer[96];
  snprintf(layer, sizeof(layer), "%s.%s", block, bn);
  const PinnaRef gamma = vector(net, layer, "weight", n);
  const PinnaRef beta = vector(net, layer, "bias", n);
  const PinnaRef mean = vector(net, layer, "running_mean", n);
  const PinnaRef variance = vector(net, layer, "running_var", n);
  x = pinna_plan_batch_norm(net->plan, x, 1e-5F, gamma, beta, mean, variance);
  if (act) {
    snprintf(layer, sizeof(layer), "%s.%s", block, act);
    x = pinna_plan_prelu(net->plan, x, vector(net, layer, "weight", 1U));
  }
  return x;
}

static PinnaRef
pad_f(Net* const net, const PinnaRef x, const uint32_t n) {
  const PinnaPad pad = {{0U, 0U}, {n, n}, false};
  return pinna_plan_pad(net->plan, x, &pad);
}

/// Weights [n_in][n_out][taps] to [n_out][n_in][taps backwards]: a transposed convolution's to a
/// plain one's
static PinnaRef
turn(Net* const net, const PinnaRef w, const uint32_t n_in, const uint32_t n_out,
     const uint32_t n_taps) {
  uint32_t index[MAX_INDEX];
  uint32_t n = 0U;
  for (uint32_t o = 0U; o < n_out; ++o) {
    for (uint32_t i = 0U; i < n_in; ++i) {
      for (uint32_t k = 0U; k < n_taps && n < MAX_INDEX; ++k) {
        index[n++] = (i * n_out + o) * n_taps + n_taps - 1U - k;
      }
    }
  }
  return pinna_plan_rearrange(net->plan, w, n, index);
}

/// A 1 x 1 convolution with its bias; `taps` of three neighbours each are among the inputs
static PinnaRef
point(Net* const net, const PinnaRef x, const char* const block, const char* const name,
      const uint32_t n_out, const uint32_t taps, const bool is_transposed) {
  const uint32_t  n_in = pinna_plan_shape(net->plan, x).c * taps;
  PinnaConvConfig conv = pinna_conv_config(n_out);
  char            layer[96];
  conv.kernel[1] = taps;
  snprintf(layer, sizeof(layer), "%s.%s", block, name);
  PinnaRef w = is_transposed ? weight(net, layer, "weight", 4U, n_in, n_out, 1U, 1U)
                             : weight(net, layer, "weight", 4U, n_out, n_in, 1U, 1U);
  w = is_transposed ? turn(net, w, n_in, n_out, 1U) : w;
  const PinnaRef b = vector(net, layer, "bias", n_out);
  return pinna_plan_conv(net->plan, taps > 1U ? pad_f(net, x, taps / 2U) : x, &conv, w, b);
}

/// Depthwise 3 x 3 over this frame and two earlier ones, `dilation` apart
static PinnaRef
depth(Net* const net, const PinnaRef x, const char* const block, const uint32_t dilation,
      const bool is_transposed) {
  PinnaConvConfig conv = pinna_conv_config(N_CH);
  char            layer[96];
  conv.kernel[0] = 3U;
  conv.kernel[1] = 3U;
  conv.dilation[0] = dilation;
  conv.groups = N_CH;
  snprintf(layer, sizeof(layer), "%s.depth_conv", block);
  PinnaRef w = weight(net, layer, "weight", 4U, N_CH, 1U, 3U, 3U);
  w = is_transposed ? turn(net, w, 1U, N_CH, 9U) : w;
  const PinnaRef b = vector(net, layer, "bias", N_CH);
  const PinnaRef past = pinna_plan_history(net->plan, pad_f(net, x, 1U), 2U * dilation, layer);
  return pinna_plan_conv(net->plan, past, &conv, w, b);
}

/// Channels of a and b in turns (`step` of each at a time)
static PinnaRef
zip(Net* const net, const PinnaRef a, const PinnaRef b, const uint32_t step) {
  const PinnaShape s = pinna_plan_shape(net->plan, a);
  const uint32_t   n = s.t * s.f * s.c;
  int32_t          index[MAX_INDEX];
  for (uint32_t i = 0U; i < 2U * n && i < MAX_INDEX; ++i) {
    const uint32_t row = i / (2U * s.c);
    const uint32_t c = i % (2U * s.c);
    index[i] = (int32_t)((c / step % 2U ? n : 0U) + row * s.c + c / (2U * step) * step + c % step);
  }
  return pinna_plan_gather(net->plan, a, b, (PinnaShape){s.t, s.f, 2U * s.c}, index);
}

static PinnaRef
linear(Net* const net, const PinnaRef x, const char* const layer, const uint32_t n_out,
       const PinnaAct act) {
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.act = act;
  const PinnaRef w =
      weight(net, layer, "weight", 2U, n_out, pinna_plan_shape(net->plan, x).c, 1U, 1U);
  return pinna_plan_conv(net->plan, x, &conv, w, vector(net, layer, "bias", n_out));
}

static PinnaRef
gru(Net* const net, const PinnaRef x, const char* const layer, const uint32_t n_hidden,
    const bool reverse, const char* const state) {
  const PinnaRnnConfig config = {n_hidden, reverse, state};
  const char* const    names[] = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"};
  const uint32_t       n_in = pinna_plan_shape(net->plan, x).c;
  PinnaRef             w[4];
  for (uint32_t i = 0U; i < 4U; ++i) {
    char what[32];
    snprintf(what, sizeof(what), "%s%s", names[i], reverse ? "_reverse" : "");
    w[i] = weight(net, layer, what, i < 2U ? 2U : 1U, (uint64_t)3U * n_hidden, i ? n_hidden : n_in,
                  1U, 1U);
  }
  return pinna_plan_gru(net->plan, x, &config, w[0], w[1], w[2], w[3]);
}

/// Temporal recurrent attention: a gain for each channel from the energies so far
static PinnaRef
attend(Net* const net, const PinnaRef x, const char* const block) {
  char layer[96];
  snprintf(layer, sizeof(layer), "%s.tra.att_gru", block);
  PinnaRef gain = pinna_plan_mean_square(net->plan, x);
  gain = gru(net, gain, layer, 2U * N_HALF, false, layer);
  snprintf(layer, sizeof(layer), "%s.tra.att_fc", block);
  return pinna_plan_mul(net->plan, x, linear(net, gain, layer, N_HALF, PINNA_ACT_SIGMOID));
}

/// Grouped temporal convolution: one half of the channels is worked on, then both are shuffled
static PinnaRef
temporal(Net* const net, const PinnaRef x, const char* const block, const uint32_t dilation,
         const bool is_transposed) {
  const PinnaRef rest = pinna_plan_channels(net->plan, x, N_HALF, N_HALF);
  PinnaRef       h = pinna_plan_channels(net->plan, x, 0U, N_HALF);
  h = point(net, h, block, "point_conv1", N_CH, 3U, is_transposed);
  h = finish(net, h, block, "point_bn1", "point_act");
  h = depth(net, h, block, dilation, is_transposed);
  h = finish(net, h, block, "depth_bn", "depth_act");
  h = point(net, h, block, "point_conv2", N_HALF, 1U, is_transposed);
  h = finish(net, h, block, "point_bn2", NULL);
  return zip(net, attend(net, h, block), rest, 1U);
}

/// Five taps and a stride of two along frequency, down or up
static PinnaRef
strided(Net* const net, const PinnaRef x, const char* const block, const uint32_t n_out,
        const uint32_t groups, const bool is_up, const char* const act) {
  const uint32_t  n_in = pinna_plan_shape(net->plan, x).c;
  PinnaConvConfig conv = pinna_conv_config(n_out);
  char            layer[96];
  conv.kernel[1] = 5U;
  conv.stride[1] = 2U;
  conv.groups = groups;
  snprintf(layer, sizeof(layer), "%s.conv", block);
  const PinnaRef w = is_up ? weight(net, layer, "weight", 4U, n_in, n_out / groups, 1U, 5U)
                           : weight(net, layer, "weight", 4U, n_out, n_in / groups, 1U, 5U);
  const PinnaRef b = vector(net, layer, "bias", n_out);
  const PinnaRef y = is_up ? pinna_plan_conv_transpose(net->plan, x, &conv, 2U, w, b)
                           : pinna_plan_conv(net->plan, x, &conv, w, b);
  return finish(net, y, block, "bn", act);
}

/// Two groups of recurrent layers, a Linear layer and a norm; added to the input
static PinnaRef
path(Net* const net, const PinnaRef x, const char* const block, const char* const name,
     const bool is_intra) {
  const PinnaShape shape = {1U, N_WIDTH, N_CH};
  const PinnaRef   along =
      is_intra ? pinna_plan_reshape(net->plan, x, (PinnaShape){N_WIDTH, 1U, N_CH}) : x;
  PinnaRef y[2];
  char     layer[96];
  for (uint32_t i = 0U; i < 2U; ++i) {
    const PinnaRef half = pinna_plan_channels(net->plan, along, i * N_HALF, N_HALF);
    snprintf(layer, sizeof(layer), "%s.%s_rnn.rnn%u", block, name, i + 1U);
    y[i] = gru(net, half, layer, is_intra ? N_HALF / 2U : N_HALF, false, is_intra ? NULL : layer);
    if (is_intra) {
      y[i] = zip(net, y[i], gru(net, half, layer, N_HALF / 2U, true, NULL), N_HALF / 2U);
    }
  }
  PinnaRef both = pinna_plan_reshape(net->plan, zip(net, y[0], y[1], N_HALF), shape);
  snprintf(layer, sizeof(layer), "%s.%s_fc", block, name);
  both = linear(net, both, layer, N_CH, PINNA_ACT_NONE);
  snprintf(layer, sizeof(layer), "%s.%s_ln", block, name);
  const PinnaRef w = weight(net, layer, "weight", 2U, N_WIDTH, N_CH, 1U, 1U);
  const PinnaRef b = weight(net, layer, "bias", 2U, N_WIDTH, N_CH, 1U, 1U);
  both = pinna_plan_norm(net->plan, both, PINNA_NORM_FRAME, 1U, 1e-8F, w, b);
  return pinna_plan_add(net->plan, x, both);
}

/// Bins to bands, three neighbours as channels, two bands of 0 on both sides: [1 x 133 x 9]
static PinnaRef
enter(Net* const net) {
  const PinnaConvConfig conv = pinna_conv_config(N_BANDS);
  const PinnaRef        x = pinna_plan_input(net->plan, "features", (PinnaShape){3U, 1U, 257U});
  const PinnaRef        w = weight(net, "erb.erb_fc", "weight", 2U, N_BANDS, N_HIGH, 1U, 1U);
  const PinnaRef        high =
      pinna_plan_conv(net->plan, pinna_plan_channels(net->plan, x, N_LOW, N_HIGH), &conv, w, 0U);
  int32_t  index[(N_ALL + 4U) * 9U];
  uint32_t n = 0U;
  for (uint32_t f = 0U; f < N_ALL + 4U; ++f) {
    for (uint32_t c = 0U; c < 9U; ++c) {
      const int32_t at = (int32_t)(f + c % 3U) - 3;
      const bool    is_margin = f < 2U || f >= N_ALL + 2U || at < 0 || at >= (int32_t)N_ALL;
      const int32_t place = at < (int32_t)N_LOW ? (int32_t)(c / 3U * 257U) + at
                                                : (int32_t)(771U + c / 3U * N_BANDS - N_LOW) + at;
      index[n++] = is_margin ? -1 : place;
    }
  }
  return pinna_plan_gather(net->plan, x, high, (PinnaShape){1U, N_ALL + 4U, 9U}, index);
}

/// Bands to bins: the mask [2 x 1 x 257]
static void
leave(Net* const net, const PinnaRef x) {
  const PinnaConvConfig conv = pinna_conv_config(N_HIGH);
  int32_t               bands[2U * N_BANDS];
  int32_t               all[2U * 257U];
  for (uint32_t i = 0U; i < 2U * N_BANDS; ++i) {
    bands[i] = (int32_t)((N_LOW + i % N_BANDS) * 2U + i / N_BANDS);
  }
  for (uint32_t i = 0U; i < 2U * 257U; ++i) {
    const uint32_t k = i % 257U;
    all[i] = (int32_t)(k < N_LOW ? k * 2U + i / 257U : 2U * N_ALL + i / 257U * N_HIGH + k - N_LOW);
  }
  const PinnaRef high = pinna_plan_gather(net->plan, x, 0U, (PinnaShape){2U, 1U, N_BANDS}, bands);
  const PinnaRef w = weight(net, "erb.ierb_fc", "weight", 2U, N_HIGH, N_BANDS, 1U, 1U);
  const PinnaRef bins = pinna_plan_conv(net->plan, high, &conv, w, 0U);
  pinna_plan_output(net->plan, "mask",
                    pinna_plan_gather(net->plan, x, bins, (PinnaShape){2U, 1U, 257U}, all));
}

void
pinna_gtcrn_describe(PinnaPlan* const plan, const PinnaWeights* const weights) {
  static const uint32_t dilations[] = {1U, 2U, 5U};

  Net      net = {plan, weights, ""};
  PinnaRef skip[5];
  char     block[64];
  skip[0] = strided(&net, enter(&net), "encoder.en_convs.0", N_CH, 1U, false, "act");
  skip[1] = strided(&net, pad_f(&net, skip[0], 2U), "encoder.en_convs.1", N_CH, 2U, false, "act");
  for (uint32_t i = 0U; i < 3U; ++i) {
    snprintf(block, sizeof(block), "encoder.en_convs.%u", i + 2U);
    skip[i + 2U] = temporal(&net, skip[i + 1U], block, dilations[i], false);
  }
  PinnaRef x = skip[4];
  for (uint32_t i = 1U; i <= 2U; ++i) {
    snprintf(block, sizeof(block), "dpgrnn%u", i);
    x = path(&net, path(&net, x, block, "intra", true), block, "inter", false);
  }
  for (uint32_t i = 0U; i < 3U; ++i) {
    snprintf(block, sizeof(block), "decoder.de_convs.%u", i);
    x = temporal(&net, pinna_plan_add(plan, x, skip[4U - i]), block, dilations[2U - i], true);
  }
  x = strided(&net, pinna_plan_add(plan, x, skip[1]), "decoder.de_convs.3", N_CH, 2U, true, "act");
  x = strided(&net, pinna_plan_add(plan, x, skip[0]), "decoder.de_convs.4", 2U, 1U, true, NULL);
  leave(&net, pinna_plan_act(plan, x, PINNA_ACT_TANH, 0.0F));
}
