// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/plan.h"
#include "nn/plan_impl.h"
#include "nn/vk/device.h"
#include "nn/vk/runner.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Every operator on the device against the reference in plain C: odd shapes, new ones every time

#define TOLERANCE 1e-4
#define N_TRIALS 3U

typedef PinnaRef (*MakeFunc)(PinnaPlan* plan, unsigned* seed);

static PinnaRef
input(PinnaPlan* const plan, const char* const name, const uint32_t t, const uint32_t f,
      const uint32_t c) {
  return pinna_plan_input(plan, name, (PinnaShape){t, f, c});
}

/// Some tensor; sometimes a slice of channels, whose rows lie apart
static PinnaRef
any_input(PinnaPlan* const plan, unsigned* const seed, const uint32_t c) {
  const uint32_t t = vk_number(1U, 9U, seed);
  const uint32_t f = vk_number(1U, 7U, seed);
  return vk_number(0U, 1U, seed) ? pinna_plan_channels(plan, input(plan, "x", t, f, c + 5U), 3U, c)
                                 : input(plan, "x", t, f, c);
}

static PinnaRef
make_conv(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t  groups = vk_number(0U, 1U, seed) ? 1U : vk_number(1U, 3U, seed);
  const uint32_t  n_in = groups * vk_number(1U, 19U, seed);
  const uint32_t  n_out = groups * vk_number(1U, 37U, seed);
  PinnaConvConfig conv = pinna_conv_config(n_out);
  for (int axis = 0; axis < 2; ++axis) {
    conv.kernel[axis] = vk_number(1U, 4U, seed);
    conv.stride[axis] = vk_number(1U, 3U, seed);
    conv.dilation[axis] = vk_number(1U, 2U, seed);
  }
  conv.groups = groups;
  conv.act = (PinnaAct)vk_number(0U, PINNA_N_ACTS - 1U, seed);
  conv.slope = 0.2F;
  const PinnaRef x = input(plan, "x", vk_number(8U, 14U, seed), vk_number(8U, 14U, seed), n_in);
  const uint32_t n_w = n_out * (n_in / groups) * conv.kernel[0] * conv.kernel[1];
  return pinna_plan_conv(plan, x, &conv, vk_noise(plan, n_w, 0.4F, seed),
                         vk_number(0U, 1U, seed) ? vk_noise(plan, n_out, 0.4F, seed) : 0U);
}

static PinnaRef
make_dense(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t        n_in = vk_number(1U, 300U, seed);
  const uint32_t        n_out = vk_number(1U, 150U, seed);
  const PinnaConvConfig conv = pinna_conv_config(n_out);
  const PinnaRef        x = input(plan, "x", vk_number(1U, 40U, seed), 1U, n_in + 3U);
  return pinna_plan_conv(plan, pinna_plan_channels(plan, x, 2U, n_in), &conv,
                         vk_noise(plan, (size_t)n_in * n_out, 0.3F, seed),
                         vk_noise(plan, n_out, 0.4F, seed));
}

static PinnaRef
make_tiled(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t  n_in = vk_number(5U, 40U, seed);
  const uint32_t  n_out = vk_number(60U, 140U, seed);
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[0] = 3U;
  conv.act = PINNA_ACT_GELU;
  return pinna_plan_conv(plan, input(plan, "x", vk_number(60U, 150U, seed), 1U, n_in), &conv,
                         vk_noise(plan, (size_t)n_in * n_out * 3U, 0.3F, seed),
                         vk_noise(plan, n_out, 0.4F, seed));
}

static PinnaRef
make_depthwise(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t  n = vk_number(2U, 70U, seed);
  PinnaConvConfig conv = pinna_conv_config(n);
  conv.kernel[0] = vk_number(1U, 5U, seed);
  conv.kernel[1] = vk_number(1U, 3U, seed);
  conv.dilation[0] = 2U;
  conv.groups = n;
  conv.act = PINNA_ACT_SILU;
  return pinna_plan_conv(plan, input(plan, "x", 11U, 5U, n), &conv,
                         vk_noise(plan, (size_t)n * conv.kernel[0] * conv.kernel[1], 0.4F, seed),
                         vk_noise(plan, n, 0.4F, seed));
}

static PinnaRef
make_transposed(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t  axis = vk_number(0U, 1U, seed);
  const uint32_t  groups = vk_number(1U, 2U, seed);
  const uint32_t  n_in = groups * vk_number(1U, 40U, seed);
  const uint32_t  n_out = groups * vk_number(1U, 40U, seed);
  PinnaConvConfig conv = pinna_conv_config(n_out);
  conv.kernel[axis] = vk_number(2U, 7U, seed);
  conv.stride[axis] = vk_number(1U, 5U, seed);
  conv.groups = groups;
  conv.act = PINNA_ACT_TANH;
  // Of 5 rows, a crop of 3 would leave nothing where kernel and stride are least
  const PinnaRef x = input(plan, "x", vk_number(6U, 20U, seed), vk_number(6U, 9U, seed), n_in);
  return pinna_plan_conv_transpose(
      plan, x, &conv, vk_number(0U, 3U, seed),
      vk_noise(plan, (size_t)n_in * (n_out / groups) * conv.kernel[axis], 0.4F, seed),
      vk_noise(plan, n_out, 0.4F, seed));
}

static PinnaRef
make_rnn(PinnaPlan* const plan, unsigned* const seed, const bool is_lstm) {
  const uint32_t       h = vk_number(1U, 70U, seed);
  const uint32_t       c = vk_number(1U, 30U, seed);
  const uint32_t       gates = is_lstm ? 4U : 3U;
  const uint32_t       way = vk_number(0U, 2U, seed);
  const PinnaRnnConfig config = {h, way == 1U, way ? "h" : NULL};
  const PinnaRef       x = any_input(plan, seed, c);
  const PinnaRef       w_ih = vk_noise(plan, (size_t)gates * h * c, 0.4F, seed);
  const PinnaRef       w_hh = vk_noise(plan, (size_t)gates * h * h, 0.4F, seed);
  const PinnaRef       b_ih = way ? vk_noise(plan, gates * h, 0.4F, seed) : 0U;
  const PinnaRef       b_hh = vk_noise(plan, gates * h, 0.4F, seed);
  return is_lstm ? pinna_plan_lstm(plan, x, &config, w_ih, w_hh, b_ih, b_hh)
                 : pinna_plan_gru(plan, x, &config, w_ih, w_hh, b_ih, b_hh);
}

static PinnaRef
make_gru(PinnaPlan* const plan, unsigned* const seed) {
  return make_rnn(plan, seed, false);
}

static PinnaRef
make_lstm(PinnaPlan* const plan, unsigned* const seed) {
  return make_rnn(plan, seed, true);
}

static PinnaRef
make_lstm_norm(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t       h = vk_number(3U, 70U, seed);
  const uint32_t       c = vk_number(1U, 30U, seed);
  const PinnaRnnConfig config = {h, false, "h"};
  const PinnaRef       x = any_input(plan, seed, c);
  const PinnaRef       w_ih = vk_noise(plan, (size_t)4U * h * c, 0.4F, seed);
  const PinnaRef       w_hh = vk_noise(plan, (size_t)4U * h * h, 0.4F, seed);
  const PinnaRef       gates = vk_noise(plan, 4U * h, 1.0F, seed);
  const PinnaRef       gates_bias = vk_noise(plan, 4U * h, 0.3F, seed);
  return pinna_plan_lstm_norm(plan, x, &config, w_ih, w_hh, 1e-3F, gates, gates_bias,
                              vk_noise(plan, h, 1.0F, seed), vk_noise(plan, h, 0.3F, seed));
}

static PinnaRef
make_rounded(PinnaPlan* const plan, unsigned* const seed, const PinnaPrecision precision) {
  static const MakeFunc kinds[] = {make_conv, make_transposed, make_gru, make_lstm_norm};
  pinna_plan_keep_weights(plan, precision);
  return kinds[vk_number(0U, 3U, seed)](plan, seed);
}

static PinnaRef
make_halves(PinnaPlan* const plan, unsigned* const seed) {
  return make_rounded(plan, seed, PINNA_PRECISION_F16);
}

static PinnaRef
make_bytes(PinnaPlan* const plan, unsigned* const seed) {
  return make_rounded(plan, seed, PINNA_PRECISION_INT8);
}

static PinnaRef
make_norm(PinnaPlan* const plan, unsigned* const seed) {
  const PinnaNormKind kind = (PinnaNormKind)vk_number(0U, 2U, seed);
  const uint32_t      groups = vk_number(1U, 3U, seed);
  const uint32_t      c = groups * vk_number(2U, 40U, seed);
  const PinnaRef      x =
      kind == PINNA_NORM_FRAME ? input(plan, "x", 5U, 7U, c) : any_input(plan, seed, c);
  const uint32_t n = kind == PINNA_NORM_FRAME ? 7U * c : c;
  return pinna_plan_norm(plan, x, kind, groups, 1e-5F, vk_noise(plan, n, 1.0F, seed),
                         vk_number(0U, 1U, seed) ? vk_noise(plan, n, 1.0F, seed) : 0U);
}

static PinnaRef
make_norm_cumulative(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t c = vk_number(2U, 90U, seed);
  const PinnaRef x = any_input(plan, seed, c);
  return pinna_plan_norm_cumulative(plan, x, 1e-5F, vk_noise(plan, c, 1.0F, seed),
                                    vk_number(0U, 1U, seed) ? vk_noise(plan, c, 1.0F, seed) : 0U,
                                    "so far");
}

static PinnaRef
make_act(PinnaPlan* const plan, unsigned* const seed) {
  const PinnaAct act = (PinnaAct)vk_number(1U, PINNA_N_ACTS - 1U, seed);
  return pinna_plan_act(plan, any_input(plan, seed, vk_number(1U, 90U, seed)), act, 0.1F);
}

static PinnaRef
make_softmax(PinnaPlan* const plan, unsigned* const seed) {
  return pinna_plan_softmax(plan, any_input(plan, seed, vk_number(1U, 150U, seed)));
}

static PinnaRef
make_binary(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t  t = vk_number(2U, 9U, seed);
  const uint32_t  f = vk_number(2U, 7U, seed);
  const uint32_t  c = vk_number(1U, 50U, seed);
  const uint32_t  way = vk_number(0U, 2U, seed);
  const PinnaRef  a = pinna_plan_channels(plan, input(plan, "x", t, f, c + 2U), 1U, c);
  const PinnaRef  b = input(plan, "b", way == 2U ? 1U : t, way ? 1U : f, c);
  static unsigned n_made; // In turns, so that both are tried whatever the seed
  return ++n_made % 2U ? pinna_plan_add(plan, a, b) : pinna_plan_mul(plan, a, b);
}

static PinnaRef
make_mean_square(PinnaPlan* const plan, unsigned* const seed) {
  return pinna_plan_mean_square(plan, any_input(plan, seed, vk_number(1U, 50U, seed)));
}

static PinnaRef
make_magnitude(PinnaPlan* const plan, unsigned* const seed) {
  return pinna_plan_magnitude(plan, any_input(plan, seed, 2U * vk_number(1U, 50U, seed)));
}

static PinnaRef
make_glu(PinnaPlan* const plan, unsigned* const seed) {
  return pinna_plan_glu(plan, any_input(plan, seed, 2U * vk_number(1U, 50U, seed)));
}

static PinnaRef
make_history(PinnaPlan* const plan, unsigned* const seed) {
  return pinna_plan_history(plan, any_input(plan, seed, vk_number(1U, 30U, seed)),
                            vk_number(1U, 40U, seed), "past");
}

/// Of a stream that begins or ends somewhere among its rows
static PinnaRef
make_history_within(PinnaPlan* const plan, unsigned* const seed) {
  const PinnaRef x = any_input(plan, seed, vk_number(1U, 30U, seed));
  const PinnaRef span = input(plan, "span", 1U, 1U, 2U);
  return pinna_plan_history_within(plan, x, vk_number(1U, 9U, seed), "past", span,
                                   vk_number(1U, 6U, seed), vk_number(0U, 9U, seed));
}

/// More rows of past than a workgroup moves at once
static PinnaRef
make_long_history(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t n_rows = vk_number(500U, 1500U, seed);
  const PinnaRef x = input(plan, "x", vk_number(1U, 700U, seed), 1U, vk_number(1U, 3U, seed));
  return pinna_plan_history(plan, x, n_rows, "past");
}

static PinnaRef
make_gather(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t c = vk_number(2U, 9U, seed);
  const PinnaRef a = any_input(plan, seed, c);
  const PinnaRef b = pinna_plan_channels(plan, input(plan, "b", 3U, 4U, c + 1U), 1U, c);
  const uint32_t n = vk_number(1U, 200U, seed);
  const uint32_t n_a = pinna_plan_shape(plan, a).t * pinna_plan_shape(plan, a).f * c;
  int32_t        index[200];
  for (uint32_t i = 0U; i < n; ++i) {
    index[i] = (int32_t)vk_number(0U, n_a + 12U * c, seed) - 1;
  }
  return pinna_plan_gather(plan, a, b, (PinnaShape){1U, n, 1U}, index);
}

static PinnaRef
make_affine(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t c = vk_number(1U, 50U, seed);
  const PinnaRef x = any_input(plan, seed, c);
  float          ones[50];
  for (uint32_t i = 0U; i < c; ++i) {
    ones[i] = 1.5F + tap_noise(seed);
  }
  return pinna_plan_batch_norm(plan, x, 1e-5F, vk_noise(plan, c, 1.0F, seed),
                               vk_noise(plan, c, 1.0F, seed), vk_noise(plan, c, 1.0F, seed),
                               pinna_plan_constant(plan, "variance", ones, c));
}

static PinnaRef
make_join(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t c = vk_number(1U, 30U, seed);
  const PinnaRef a = any_input(plan, seed, c);
  return pinna_plan_join(plan, a,
                         input(plan, "b", vk_number(1U, 9U, seed), pinna_plan_shape(plan, a).f, c));
}

/// Heads, a bias that is a tensor or a weight; with a past that starts unseen, as Emformer has it
static PinnaRef
make_attention(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t       heads = vk_number(1U, 4U, seed);
  const uint32_t       c = heads * vk_number(1U, 40U, seed);
  const uint32_t       c_v = heads * vk_number(1U, 80U, seed);
  const uint32_t       t = vk_number(1U, 9U, seed);
  const uint32_t       f = vk_number(1U, 2U, seed);
  const uint32_t       n_past = vk_number(0U, 1U, seed) * vk_number(1U, 100U, seed);
  const PinnaRef       q = input(plan, "x", t, f, c);
  PinnaRef             k = input(plan, "k", vk_number(1U, 90U, seed), f, c);
  const uint32_t       n_new = pinna_plan_shape(plan, k).t;
  PinnaRef             v = input(plan, "v", n_new, f, c_v);
  PinnaAttentionConfig config = {heads, 0.0F, n_past, n_new, "seen"};
  PinnaRef             bias = 0U;
  if (n_past) {
    k = pinna_plan_history(plan, k, n_past, "k");
    v = pinna_plan_history(plan, v, n_past, "v");
  }
  if (vk_number(0U, 1U, seed)) {
    bias = input(plan, "bias", vk_number(0U, 1U, seed) ? heads : 1U, t, n_past + n_new);
  } else {
    bias = vk_noise(plan, (size_t)t * (n_past + n_new), 1.0F, seed);
  }
  return pinna_plan_attention(plan, q, k, v, bias, &config);
}

static PinnaRef
make_embedding(PinnaPlan* const plan, unsigned* const seed) {
  const uint32_t n = vk_number(1U, 40U, seed);
  return pinna_plan_embedding(plan, input(plan, "x", 9U, 2U, 1U), 30U, n,
                              vk_noise(plan, (size_t)30U * n, 1.0F, seed));
}

static const struct {
  const char* name;
  MakeFunc    make;
  unsigned    n_trials;
  bool        whole;
} operators[] = {
    {"convolution", make_conv, 5U, false},
    {"dense layer", make_dense, 4U, false},
    {"convolution of many columns", make_tiled, N_TRIALS, false},
    {"depthwise convolution", make_depthwise, N_TRIALS, false},
    {"transposed convolution", make_transposed, 5U, false},
    {"GRU", make_gru, 4U, false},
    {"LSTM", make_lstm, 4U, false},
    {"layer-normed LSTM", make_lstm_norm, N_TRIALS, false},
    {"weights kept as halves", make_halves, 3U, false},
    {"weights kept as bytes", make_bytes, 3U, false},
    {"normalisation", make_norm, 4U, false},
    {"cumulative normalisation", make_norm_cumulative, 4U, false},
    {"activation", make_act, 6U, false},
    {"softmax", make_softmax, N_TRIALS, false},
    {"sum or product", make_binary, 4U, false},
    {"mean square", make_mean_square, N_TRIALS, false},
    {"magnitude", make_magnitude, N_TRIALS, false},
    {"GLU", make_glu, N_TRIALS, false},
    {"history", make_history, 4U, false},
    {"history within a span", make_history_within, 4U, false},
    {"long history", make_long_history, N_TRIALS, false},
    {"gather", make_gather, N_TRIALS, false},
    {"affine", make_affine, N_TRIALS, false},
    {"joined rows", make_join, N_TRIALS, false},
    {"attention", make_attention, 6U, false},
    {"embedding", make_embedding, N_TRIALS, true},
};

/// Layers whose weights, states and results together are many times what a binding may show
static PinnaPlan*
make_wide_plan(unsigned* const seed) {
  PinnaPlan* const plan = pinna_plan_new();
  PinnaConvConfig  conv = pinna_conv_config(60U);
  PinnaRef         layers[12];
  PinnaRef         x = input(plan, "x", 40U, 1U, 60U);
  conv.kernel[0] = 3U;
  conv.act = PINNA_ACT_TANH;
  for (int i = 0; i < 12; ++i) {
    x = pinna_plan_history(plan, x, 2U, "past");
    x = pinna_plan_conv(plan, x, &conv, vk_noise(plan, 10800U, 0.1F, seed), 0U);
    layers[i] = x;
  }
  for (int i = 0; i < 11; ++i) {
    x = pinna_plan_add(plan, x, layers[i]);
  }
  pinna_plan_output(plan, "y", x);
  return plan;
}

/// Bindings of 128 KiB, and ones that no tensor fits in
static void
test_ranges(PinnaVkDevice* const device, unsigned* const seed) {
  const VkTrial             trial = {.n_runs = 3U, .gain = 1.0F, .max_range = 128U << 10U};
  const PinnaVkRunnerConfig small = {.max_range = 4096U, .timeout_ns = 1U};
  PinnaVkRunnerConfig       config = small;
  PinnaVkRunner*            runner = NULL;
  PinnaError                error = {""};
  PinnaPlan* const          plan = make_wide_plan(seed);
  pinna_plan_finish(plan, NULL);
  const PinnaPlanFacts facts = pinna_plan_facts(plan);
  tap_at_least((double)facts.n_weights * sizeof(float), 3.0 * (double)trial.max_range,
               "weights of several bindings");
  config.plan = plan;
  tap_int(pinna_vk_runner_open(&runner, device, &config, &error), PINNA_STATUS_UNSUPPORTED,
          "tensors that fit no binding");
  tap_ok(strstr(error.text, "binding"), "which is said: %s", error.text);
  tap_at_most(vk_compare(device, plan, &trial, *seed), TOLERANCE, "small bindings");
}

/// What the trials may draw is never refused, or one in some hundred runs would fail for nothing
static void
test_draws(void) {
  unsigned n_refused = 0U;
  for (unsigned first = 0U; first < 2000U; ++first) {
    unsigned seed = 0x9E3779B9U * first;
    for (size_t i = 0U; i < sizeof(operators) / sizeof(operators[0]); ++i) {
      PinnaPlan* const plan = pinna_plan_new();
      PinnaError       error = {""};
      pinna_plan_output(plan, "y", operators[i].make(plan, &seed));
      if (pinna_plan_finish(plan, &error)) {
        tap_diag("%s: %s", operators[i].name, error.text);
        ++n_refused;
      }
      pinna_plan_free(plan);
    }
  }
  tap_int(n_refused, 0, "plans that are refused");
}

/// PINNA_TRIALS lowers a number of trials
static unsigned
n_trials_of(const unsigned n) {
  const char* const wish = getenv("PINNA_TRIALS");
  const unsigned    most = wish ? (unsigned)strtoul(wish, NULL, 10) : n;
  return most < n ? most : n;
}

/// Kinds of operators that the trials made
static bool seen[PINNA_N_OPS];

static void
see(const PinnaPlan* const plan) {
  for (uint32_t i = 0U; i < plan->n_ops; ++i) {
    seen[plan->ops[i].kind] = true;
  }
}

int
main(void) {
  const char* const    wish = getenv("PINNA_SEED");
  unsigned             seed = wish ? (unsigned)strtoul(wish, NULL, 10) : (unsigned)time(NULL);
  PinnaVkDevice* const device = vk_trial_begin();
  tap_diag("PINNA_SEED=%u", seed);
  test_draws();
  for (size_t i = 0U; i < sizeof(operators) / sizeof(operators[0]); ++i) {
    const VkTrial trial = {
        .n_runs = 3U, .gain = operators[i].whole ? 33.0F : 2.0F, .whole = operators[i].whole};
    double worst = 0.0;
    for (unsigned k = 0U; k < n_trials_of(operators[i].n_trials); ++k) {
      PinnaPlan* const plan = pinna_plan_new();
      pinna_plan_output(plan, "y", operators[i].make(plan, &seed));
      see(plan);
      const double difference = vk_compare(device, plan, &trial, seed);
      worst = difference <= worst ? worst : difference;
    }
    tap_at_most(worst, TOLERANCE, "%s", operators[i].name);
  }
  for (int kind = 0; kind < PINNA_N_OPS; ++kind) {
    tap_ok(seen[kind] || getenv("PINNA_TRIALS"), "operator %d was tried", kind);
  }
  test_ranges(device, &seed);
  vk_trial_end(device);
  return tap_done();
}
