// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A plan's life: memory, state, bits, mistakes, and that a run asks nothing of the system

#define N_T 3U
#define N_F 7U
#define N_C 6U
#define N_IN (N_T * N_F * N_C)
#define N_OUT (N_T * N_F * 12U)

static PinnaRef
noise(PinnaPlan* const plan, const size_t count, unsigned* const seed) {
  float* const values = (float*)malloc(count * sizeof(float));
  for (size_t i = 0U; values && i < count; ++i) {
    values[i] = 0.4F * tap_noise(seed);
  }
  const PinnaRef ref = pinna_plan_constant(plan, "w", values, count);
  free(values);
  return ref;
}

/// What transformers and transducers keep: keys of the past, normed cells, a running mean
static PinnaRef
add_transducer(PinnaPlan* const plan, const PinnaRef x, unsigned* const seed) {
  const PinnaAttentionConfig config = {3U, 0.0F, 5U, N_T, "seen"};
  const PinnaRnnConfig       cells = {12U, false, "cells"};
  const PinnaRef             keys = pinna_plan_history(plan, x, 5U, "keys");
  const PinnaRef             y = pinna_plan_attention(plan, x, keys, keys, 0U, &config);
  const PinnaRef             z =
      pinna_plan_lstm_norm(plan, y, &cells, noise(plan, 48U * 12U, seed),
                           noise(plan, 48U * 12U, seed), 1e-5F, noise(plan, 48U, seed),
                           noise(plan, 48U, seed), noise(plan, 12U, seed), noise(plan, 12U, seed));
  return pinna_plan_norm_cumulative(plan, pinna_plan_add(plan, z, x), 1e-5F, 0U, 0U, "mean");
}

/// Convolutions with a past, both recurrent layers, norms, a residual: every kind of lifetime
static PinnaPlan*
make_plan(void) {
  unsigned             seed = 11U;
  PinnaPlan* const     plan = pinna_plan_new();
  const PinnaRef       x = pinna_plan_input(plan, "x", (PinnaShape){N_T, N_F, N_C});
  const PinnaRef       past = pinna_plan_history(plan, x, 4U, "past");
  PinnaConvConfig      conv = pinna_conv_config(12U);
  const PinnaRnnConfig gru = {12U, false, "gru"};
  const PinnaRnnConfig lstm = {12U, false, "lstm"};
  const PinnaRnnConfig back = {12U, true, NULL};
  conv.kernel[0] = 3U;
  conv.dilation[0] = 2U;
  conv.act = PINNA_ACT_SILU;
  const PinnaRef a = pinna_plan_conv(plan, past, &conv, noise(plan, 12U * N_C * 3U, &seed), 0U);
  const PinnaRef b = pinna_plan_gru(plan, a, &gru, noise(plan, 36U * 12U, &seed),
                                    noise(plan, 36U * 12U, &seed), noise(plan, 36U, &seed), 0U);
  const PinnaRef c = pinna_plan_lstm(plan, b, &lstm, noise(plan, 48U * 12U, &seed),
                                     noise(plan, 48U * 12U, &seed), 0U, noise(plan, 48U, &seed));
  const PinnaRef d = pinna_plan_norm(plan, c, PINNA_NORM_GROUPS, 3U, 1e-5F, 0U, 0U);
  const PinnaRef e = pinna_plan_gru(plan, d, &back, noise(plan, 36U * 12U, &seed),
                                    noise(plan, 36U * 12U, &seed), 0U, 0U);
  const PinnaRef f = pinna_plan_add(plan, e, a);
  pinna_plan_output(plan, "y", pinna_plan_softmax(plan, add_transducer(plan, f, &seed)));
  return plan;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
run(PinnaRunner* const r, unsigned seed, const unsigned n_chunks, float* const out) {
  float* const x = pinna_runner_tensor(r, "x");
  const float* y = pinna_runner_tensor(r, "y");
  for (unsigned i = 0U; i < n_chunks; ++i) {
    for (size_t k = 0U; k < N_IN; ++k) {
      x[k] = tap_noise(&seed);
    }
    pinna_runner_run(r);
    memcpy(out + (size_t)i * N_OUT, y, N_OUT * sizeof(float));
  }
}

static void
test_state(const PinnaPlan* const plan, const PinnaIsa isa) {
  const PinnaRunnerConfig config = {plan, isa};
  const char* const       name = pinna_isa_name(isa);
  void*                   memory[2] = {NULL, NULL};
  PinnaRunner*            r[2] = {NULL, NULL};
  static float            first[8U * N_OUT];
  static float            second[8U * N_OUT];
  for (int i = 0; i < 2; ++i) {
    tap_int(pinna_arena_build(&memory[i], (void**)&r[i], build, &config), PINNA_STATUS_OK,
            "a runner is built, %s", name);
  }
  const size_t n_state = pinna_runner_state_count(r[0]);
  float* const state = (float*)malloc(n_state * sizeof(float));
  run(r[0], 1U, 8U, first);
  run(r[1], 1U, 8U, second);
  tap_all_equal(second, first, 8U * N_OUT, "two runners do the same, %s", name);
  tap_ok(memcmp(first, first + N_OUT, N_OUT * sizeof(float)) != 0, "chunks differ, %s", name);

  pinna_runner_save(r[0], state);
  run(r[0], 2U, 8U, first);
  run(r[1], 9U, 3U, second);
  pinna_runner_restore(r[1], state);
  run(r[1], 2U, 8U, second);
  tap_all_equal(second, first, 8U * N_OUT, "a restored state goes on bit for bit, %s", name);

  pinna_runner_reset(r[0]);
  pinna_runner_reset(r[1]);
  run(r[0], 3U, 8U, first);
  run(r[1], 3U, 8U, second);
  tap_all_equal(second, first, 8U * N_OUT, "both start again, %s", name);

  rt_trap_enter();
  pinna_runner_run(r[0]);
  pinna_runner_reset(r[0]);
  pinna_runner_save(r[0], state);
  pinna_runner_restore(r[0], state);
  rt_trap_leave();
  rt_trap_check("running asks nothing of the system, %s", name);
  free(state);
  pinna_arena_free(memory[0]);
  pinna_arena_free(memory[1]);
}

static void
test_memory(PinnaPlan* const plan) {
  const PinnaPlanFacts    facts = pinna_plan_facts(plan);
  const PinnaRunnerConfig config = {plan, PINNA_ISA_C};
  PinnaArena              counting = pinna_arena_measuring();
  PinnaRunner*            r = NULL;
  tap_ok(facts.n_scratch < facts.n_scratch_apart, "scratch is shared: %zu floats for %zu",
         facts.n_scratch, facts.n_scratch_apart);
  tap_int((long long)facts.n_ops, 13, "operators");
  pinna_runner_init(&r, &counting, &config);
  char* const memory = (char*)aligned_alloc(PINNA_ARENA_ALIGN, counting.used);
  unsigned    n_wrong = 0U;
  for (size_t size = 0U; size < counting.used; size += PINNA_ARENA_ALIGN) {
    PinnaArena arena = pinna_arena_over(memory, size);
    n_wrong += pinna_runner_init(&r, &arena, &config) != PINNA_STATUS_NO_MEM || r;
  }
  tap_int(n_wrong, 0, "every smaller arena is refused");
  free(memory);
}

static void
test_mistakes(void) {
  for (int kind = 0; kind < 9; ++kind) {
    PinnaPlan* const        plan = pinna_plan_new();
    const PinnaRef          x = pinna_plan_input(plan, "x", (PinnaShape){4U, 5U, 6U});
    const float             faulty[6] = {0.0F, 1.0F, NAN, 0.0F, 0.0F, 0.0F};
    const float             good[6] = {0.0F};
    const PinnaPad          wide = {{4U, 0U}, {0U, 0U}, true};
    const PinnaRnnConfig    rnn = {3U, false, NULL};
    const int32_t           index[2] = {0, 120};
    PinnaConvConfig         conv = pinna_conv_config(1U);
    const PinnaRunnerConfig config = {plan, PINNA_ISA_C};
    PinnaArena              counting = pinna_arena_measuring();
    PinnaRunner*            r = NULL;
    PinnaError              error = {""};
    const PinnaRef          w = pinna_plan_constant(plan, "w", kind == 0 ? faulty : good, 6U);
    PinnaRef                y = pinna_plan_act(plan, x, PINNA_ACT_RELU, 0.0F);
    conv.kernel[0] = kind == 1 ? 7U : 1U;
    conv.groups = kind == 2 ? 4U : 1U;
    conv.n_out = kind == 3 ? 2U : 1U;
    y = kind <= 3 ? pinna_plan_conv(plan, y, &conv, w, 0U) : y;
    y = kind == 4 ? pinna_plan_pad(plan, y, &wide) : y;
    y = kind == 5 ? pinna_plan_gru(plan, y, &rnn, w, w, w, w) : y;
    y = kind == 6 ? pinna_plan_gather(plan, y, 0U, (PinnaShape){1U, 1U, 2U}, index) : y;
    y = kind == 7 ? pinna_plan_add(plan, y, pinna_plan_channels(plan, x, 1U, 5U)) : y;
    if (kind == 8) {
      conv.n_out = 1U;
      const PinnaRef taken = pinna_plan_conv(plan, y, &conv, w, 0U);
      y = pinna_plan_act(plan, taken, PINNA_ACT_RELU, 0.0F);
      y = pinna_plan_add(plan, y, taken);
    }
    pinna_plan_output(plan, "y", pinna_plan_softmax(plan, y));
    tap_ok(!y && pinna_plan_finish(plan, &error) == PINNA_STATUS_BAD_ARG && error.text[0],
           "mistake %d is refused: %s", kind, error.text);
    tap_int(pinna_runner_init(&r, &counting, &config), PINNA_STATUS_BAD_ARG, "nothing runs it");
    pinna_plan_free(plan);
  }
}

int
main(void) {
  for (int precision = 0; precision < PINNA_N_PRECISIONS; ++precision) {
    PinnaPlan* const plan = make_plan();
    PinnaError       error = {""};
    pinna_plan_keep_weights(plan, (PinnaPrecision)precision);
    tap_int(pinna_plan_finish(plan, &error), PINNA_STATUS_OK, "the plan is good %s", error.text);
    test_memory(plan);
    for (PinnaIsa isa = PINNA_ISA_C; isa <= pinna_cpu_isa(); ++isa) {
      test_state(plan, isa);
    }
    pinna_plan_free(plan);
  }
  pinna_plan_free(NULL);
  test_mistakes();
  return tap_done();
}
