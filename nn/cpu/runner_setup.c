// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/cpu/runner.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "nn/cpu/runner_impl.h"

#include <stdbool.h>
#include <string.h>

// From a plan's records to steps with addresses

const PinnaCpuKernels*
pinna_cpu_kernels(const PinnaIsa isa) {
#if defined(__x86_64__)
  return isa >= PINNA_ISA_AVX512 ? &pinna_cpu_kernels_avx512
         : isa >= PINNA_ISA_AVX2 ? &pinna_cpu_kernels_avx2
                                 : &pinna_cpu_kernels_c;
#else
  (void)isa;
  return &pinna_cpu_kernels_c;
#endif
}

float*
pinna_maker_address(const PinnaRunnerMaker* const m, const PinnaRef ref) {
  const PinnaPlanTensor* const t = &m->plan->tensors[ref];
  return ref && m->is_real ? m->places[t->place] + t->offset : NULL;
}

const float*
pinna_maker_take_values(PinnaRunnerMaker* const m, const PinnaRef ref, const size_t count,
                        const float otherwise) {
  const float* const from = m->plan->tensors[ref].values;
  float* const       to = PINNA_TAKE(m->arena, count, float);
  for (size_t i = 0U; m->is_real && to && i < count; ++i) {
    to[i] = from ? from[i] : otherwise;
  }
  return to;
}

static int32_t
pitched(const int32_t i, const PinnaShape shape, const uint32_t pitch) {
  return (int32_t)((uint32_t)i / shape.c * pitch + (uint32_t)i % shape.c);
}

/// Where value i of a gather lies: its distance in memory from in[0], or behind n_first from in[1]
static int32_t
place_of(const PinnaRunnerMaker* const m, const PinnaStep* const s, const PinnaOp* const op,
         const size_t i) {
  const int32_t n_a = (int32_t)m->plan->tensors[op->in[0]].count;
  const int32_t at = op->index[i];
  return at < 0     ? -1
         : at < n_a ? pitched(at, s->shape, s->pitch)
                    : s->n_first + pitched(at - n_a, s->shape_b, s->pitch_b);
}

/// Whether `at` goes on where `before` was
static bool
goes_on(const PinnaStep* const s, const int32_t before, const int32_t at) {
  return before < 0 ? at < 0 : at == before + 1 && at != s->n_first;
}

/// Places, or runs of them where they are long
static void
set_gather(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const size_t count = (size_t)s->shape_out.t * s->shape_out.f * s->shape_out.c;
  size_t       n_runs = 1U;
  s->n_first = (int32_t)(s->shape.t * s->shape.f * s->pitch);
  for (size_t i = 1U; i < count; ++i) {
    n_runs += !goes_on(s, place_of(m, s, op, i - 1U), place_of(m, s, op, i));
  }
  const bool     is_long = n_runs * 8U <= count;
  int32_t* const index = PINNA_TAKE(m->arena, is_long ? 2U * n_runs : count, int32_t);
  int32_t*       run = index;
  for (size_t i = 0U; m->is_real && index && i < count; ++i) {
    const int32_t at = place_of(m, s, op, i);
    if (!is_long) {
      index[i] = at;
    } else if (i && goes_on(s, place_of(m, s, op, i - 1U), at)) {
      ++run[1];
    } else {
      run = i ? run + 2 : run;
      run[0] = at;
      run[1] = 1;
    }
  }
  s->n_runs = is_long ? (uint32_t)n_runs : 0U;
  s->index = index;
}

/// Weights of the norms of gates and cells, each followed by its bias
static void
set_lstm_norm(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const size_t n[2] = {4U * (size_t)op->n_hidden, op->n_hidden};
  pinna_step_set_rnn(m, s, op);
  for (int i = 0; i < 2; ++i) {
    float* const both = PINNA_TAKE(m->arena, 2U * n[i], float);
    if (m->is_real && both) {
      memcpy(both, m->plan->tensors[op->in[3 + 2 * i]].values, n[i] * sizeof(float));
      memcpy(both + n[i], m->plan->tensors[op->in[4 + 2 * i]].values, n[i] * sizeof(float));
    }
    *(i ? &s->bias : &s->weight) = both;
  }
}

static void
set_step(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const op) {
  const PinnaPlanTensor* const a = &m->plan->tensors[op->in[0]];
  const PinnaPlanTensor* const b = &m->plan->tensors[op->in[1]];
  *s = (PinnaStep){
      .run = pinna_step_funcs[op->kind],
      .in = {pinna_maker_address(m, op->in[0]), NULL},
      .out = pinna_maker_address(m, op->out),
      .state = {pinna_maker_address(m, op->state[0]), pinna_maker_address(m, op->state[1])},
      .shape = a->shape,
      .shape_b = b->shape,
      .shape_out = m->plan->tensors[op->out].shape,
      .pitch = a->pitch,
      .pitch_b = b->pitch,
      .act = op->conv.act,
      .slope = op->conv.slope,
      .eps = op->eps,
      .norm = op->norm,
      .groups = op->groups,
      .n_hidden = op->n_hidden,
      .reverse = op->reverse,
      .rate = op->rate,
      .delay = op->delay,
      .work = m->work};
  const size_t n_norm = op->norm == PINNA_NORM_FRAME ? (size_t)a->shape.f * a->shape.c : a->shape.c;
  switch (op->kind) {
  case PINNA_OP_CONV:
    pinna_step_set_conv(m, s, op);
    return;
  case PINNA_OP_CONV_TRANSPOSE:
    pinna_step_set_conv_transpose(m, s, op);
    return;
  case PINNA_OP_GRU:
  case PINNA_OP_LSTM:
    pinna_step_set_rnn(m, s, op);
    return;
  case PINNA_OP_LSTM_NORM:
    set_lstm_norm(m, s, op);
    return;
  case PINNA_OP_EMBEDDING:
    s->n_table = op->n_table;
    s->weight = pinna_maker_take_values(m, op->in[1], (size_t)op->n_table * s->shape_out.c, 0.0F);
    return;
  case PINNA_OP_NORM:
  case PINNA_OP_NORM_CUMULATIVE:
  case PINNA_OP_AFFINE:
    m->n_work = 2U * (size_t)a->shape.c;
    if (op->in[1] || op->in[2]) {
      s->weight = pinna_maker_take_values(m, op->in[1], n_norm, 1.0F);
      s->bias = pinna_maker_take_values(m, op->in[2], n_norm, 0.0F);
    }
    return;
  default:
    s->in[1] = pinna_maker_address(m, op->in[1]);
    s->in[2] = pinna_maker_address(m, op->in[2]);
    if (op->kind == PINNA_OP_ATTENTION) {
      pinna_step_set_attention(m, s, op);
    }
    if (op->kind == PINNA_OP_GATHER) {
      set_gather(m, s, op);
    }
  }
}

static void
run_nothing(const PinnaStep* const s, const PinnaCpuKernels* const k) {
  (void)s;
  (void)k;
}

/// Let a step do the next operator's work, too, and write its output
static void
take_next(PinnaRunnerMaker* const m, PinnaStep* const s, const PinnaOp* const next) {
  s->out = pinna_maker_address(m, next->out);
  if (next->kind == PINNA_OP_ACT) {
    s->act = next->conv.act;
    s->slope = next->conv.slope;
    return;
  }
  s->plus = pinna_maker_address(m, next->in[0]);
  s->plus_pitch = m->plan->tensors[next->in[0]].pitch;
  PinnaGemm* const g = s->gemms;
  if (g && s->n_gemms == 1U && g->pack && g->n_outer == 1U && g->y_column == g->n_rows) {
    g->plus = s->plus;
    g->plus_column = s->plus_pitch;
    s->plus = NULL;
  }
}

/// Let a depthwise convolution do the norm and the rows of 0 before it: the last two steps
static void
take_norm(PinnaStep* const s, PinnaStep* const before, const uint32_t n_zeros) {
  PinnaStep step = before[0];
  step.run = pinna_step_norm_depthwise;
  step.gemms = s->gemms;
  step.out = s->out;
  step.shape_out = s->shape_out;
  step.act = s->act;
  step.slope = s->slope;
  step.margin[0] = n_zeros;
  before[0].run = before[1].run = run_nothing;
  *s = step;
}

/// Steps into `steps` [n_ops], or only measured
static void
set_steps(PinnaRunnerMaker* const m, PinnaStep* const steps, size_t* const n_work) {
  for (uint32_t i = 0U; i < m->plan->n_ops; ++i) {
    PinnaStep step;
    m->n_work = 0U;
    set_step(m, &step, &m->plan->ops[i]);
    if (i && pinna_plan_is_pair(m->plan, i - 1U)) {
      step.run = run_nothing;
    } else if (m->is_real && pinna_plan_is_pair(m->plan, i)) {
      take_next(m, &step, &m->plan->ops[i + 1U]);
    }
    uint32_t n_zeros = 0U;
    if (steps && i >= 2U && pinna_plan_is_normed(m->plan, i - 2U, &n_zeros)) {
      take_norm(&step, &steps[i - 2U], n_zeros);
    }
    *n_work = m->n_work > *n_work ? m->n_work : *n_work;
    if (steps) {
      steps[i] = step;
    }
  }
}

/// Names of what a caller reads and writes
static void
set_names(const PinnaRunnerMaker* const m, PinnaRunner* const self) {
  for (PinnaRef i = 1U; i < m->plan->n_tensors; ++i) {
    const PinnaPlanTensor* const t = &m->plan->tensors[i];
    if (t->place == PINNA_PLACE_IO && t->name) {
      const size_t n = strlen(t->name) + 1U;
      char* const  name = PINNA_TAKE(m->arena, n, char);
      if (self && name) {
        memcpy(name, t->name, n);
        self->tensors[self->n_tensors++] =
            (PinnaRunnerTensor){name, pinna_maker_address(m, i), t->shape};
      }
    }
  }
}

/// Floats that the steps share: a rehearsal on an arena that only counts
static size_t
count_work(const PinnaPlan* const plan, const PinnaIsa isa) {
  PinnaArena       counting = pinna_arena_measuring();
  PinnaRunnerMaker m = {.plan = plan, .arena = &counting, .isa = isa};
  size_t           n_work = 1U;
  set_steps(&m, NULL, &n_work);
  return n_work;
}

PinnaStatus
pinna_runner_init(PinnaRunner** const self, PinnaArena* const arena,
                  const PinnaRunnerConfig* const config) {
  const PinnaPlan* const plan = config->plan;
  *self = NULL;
  if (!plan || !plan->is_finished || (unsigned)config->isa > (unsigned)pinna_cpu_isa()) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaRunnerMaker         m = {.plan = plan, .arena = arena, .isa = config->isa};
  size_t                   n_work = count_work(plan, config->isa);
  PinnaRunner* const       runner = PINNA_TAKE(arena, 1U, PinnaRunner);
  PinnaStep* const         steps = PINNA_TAKE(arena, plan->n_ops, PinnaStep);
  PinnaRunnerTensor* const tensors = PINNA_TAKE(arena, plan->n_tensors, PinnaRunnerTensor);
  for (int p = PINNA_PLACE_STATE; p < PINNA_N_PLACES; ++p) {
    m.places[p] = PINNA_TAKE(arena, plan->n_floats[p], float);
  }
  m.work = PINNA_TAKE(arena, n_work, float);
  m.is_real = pinna_arena_state(arena) == PINNA_STATUS_OK;
  if (m.is_real) {
    *runner = (PinnaRunner){.kernels = pinna_cpu_kernels(config->isa),
                            .steps = steps,
                            .n_steps = plan->n_ops,
                            .n_state = plan->n_floats[PINNA_PLACE_STATE],
                            .tensors = tensors};
    memcpy(runner->places, m.places, sizeof(m.places));
  }
  set_steps(&m, steps, &n_work);
  set_names(&m, m.is_real ? runner : NULL);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  if (m.is_short) {
    return PINNA_STATUS_NO_MEM;
  }
  *self = runner;
  return PINNA_STATUS_OK;
}

static const PinnaRunnerTensor*
find(const PinnaRunner* const self, const char* const name) {
  for (uint32_t i = 0U; i < self->n_tensors; ++i) {
    if (!strcmp(self->tensors[i].name, name)) {
      return &self->tensors[i];
    }
  }
  return NULL;
}

float*
pinna_runner_tensor(PinnaRunner* const self, const char* const name) {
  const PinnaRunnerTensor* const t = find(self, name);
  return t ? t->values : NULL;
}

PinnaShape
pinna_runner_shape(const PinnaRunner* const self, const char* const name) {
  const PinnaRunnerTensor* const t = find(self, name);
  return t ? t->shape : (PinnaShape){0U, 0U, 0U};
}
