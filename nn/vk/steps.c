// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/steps.h"

#include "base/grow.h"
#include "base/status.h"
#include "nn/cpu/half.h"
#include "nn/plan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What the makers of all dispatches share, and their table

#define WEIGHT_ALIGN 64U ///< Floats
#define MAX_GROUPS 4096U ///< Of values that take turns

static const PinnaVkStepFunc makers[PINNA_N_OPS] = {
    [PINNA_OP_CONV] = pinna_vk_step_conv,
    [PINNA_OP_CONV_TRANSPOSE] = pinna_vk_step_conv_transpose,
    [PINNA_OP_GRU] = pinna_vk_step_rnn,
    [PINNA_OP_LSTM] = pinna_vk_step_rnn,
    [PINNA_OP_NORM] = pinna_vk_step_norm,
    [PINNA_OP_NORM_CUMULATIVE] = pinna_vk_step_norm_cumulative,
    [PINNA_OP_ACT] = pinna_vk_step_act,
    [PINNA_OP_SOFTMAX] = pinna_vk_step_softmax,
    [PINNA_OP_ADD] = pinna_vk_step_binary,
    [PINNA_OP_MUL] = pinna_vk_step_binary,
    [PINNA_OP_MEAN_SQUARE] = pinna_vk_step_mean_square,
    [PINNA_OP_MAGNITUDE] = pinna_vk_step_halves,
    [PINNA_OP_HISTORY] = pinna_vk_step_history,
    [PINNA_OP_GATHER] = pinna_vk_step_gather,
    [PINNA_OP_AFFINE] = pinna_vk_step_affine,
    [PINNA_OP_LSTM_NORM] = pinna_vk_step_rnn,
    [PINNA_OP_ATTENTION] = pinna_vk_step_attention,
    [PINNA_OP_EMBEDDING] = pinna_vk_step_embedding,
    [PINNA_OP_GLU] = pinna_vk_step_halves,
    [PINNA_OP_JOIN] = pinna_vk_step_join,
};

void
pinna_vk_refuse(PinnaVkMaker* const m, const PinnaStatus status, const char* const why) {
  if (!m->status) {
    m->status = pinna_fail(m->error, status, "a plan on a Vulkan device: %s", why);
  }
}

PinnaVkDispatch*
pinna_vk_add(PinnaVkMaker* const m, const PinnaVkShader shader, const uint32_t threads) {
  if (!pinna_grow(&m->dispatches, m->n_dispatches, &m->max_dispatches, sizeof(PinnaVkDispatch))) {
    pinna_vk_refuse(m, PINNA_STATUS_NO_MEM, "out of memory");
  }
  PinnaVkDispatch* const d = m->status ? &m->spare : &m->dispatches[m->n_dispatches++];
  *d = (PinnaVkDispatch){.shader = shader, .spec = {threads, 1U}, .groups = {1U, 1U, 1U}};
  return d;
}

/// Whether a window that is bound already reaches so far
static bool
has_window(const PinnaVkMaker* const m, const PinnaVkWindow window, const PinnaPlace place,
           const size_t first, const size_t end) {
  const size_t base = window.number * m->half;
  return window.place == place && first >= base && end <= base + 2U * m->half;
}

uint32_t
pinna_vk_bind(PinnaVkMaker* const m, PinnaVkDispatch* const d, const uint32_t bind,
              const PinnaPlace place, const size_t first, const size_t count,
              const bool is_written) {
  if (!d->is_bound[bind]) {
    d->windows[bind] = (PinnaVkWindow){place, (uint32_t)(first / m->half)};
    d->is_bound[bind] = true;
  }
  if (!has_window(m, d->windows[bind], place, first, first + count)) {
    pinna_vk_refuse(m, PINNA_STATUS_UNSUPPORTED, "a tensor is longer than half a binding");
  }
  if (place != PINNA_PLACE_WEIGHTS && d->n_spans < PINNA_VK_MAX_SPANS) {
    d->spans[d->n_spans++] = (PinnaVkSpan){place, first, first + count, is_written};
  }
  return (uint32_t)(first - d->windows[bind].number * m->half);
}

uint32_t
pinna_vk_bind_tensor(PinnaVkMaker* const m, PinnaVkDispatch* const d, const uint32_t bind,
                     const PinnaRef ref, const bool is_written) {
  const PinnaPlanTensor* const t = &m->plan->tensors[ref];
  const size_t count = ((size_t)t->shape.t * t->shape.f - 1U) * t->pitch + t->shape.c;
  return pinna_vk_bind(m, d, bind, t->place, t->offset, count, is_written);
}

size_t
pinna_vk_take(PinnaVkMaker* const m, const size_t count, float** const values) {
  const size_t first = m->n_weights;
  const size_t n = (count + WEIGHT_ALIGN - 1U) / WEIGHT_ALIGN * WEIGHT_ALIGN;
  if (first + n > m->max_weights) {
    const size_t max = first + n + (first + n) / 2U;
    float* const more = (float*)realloc(m->weights, max * sizeof(float));
    if (more) {
      m->weights = more;
      m->max_weights = max;
    } else {
      pinna_vk_refuse(m, PINNA_STATUS_NO_MEM, "out of memory");
    }
  }
  if (m->status) {
    *values = NULL;
    return 0U;
  }
  m->n_weights += n;
  *values = m->weights + first;
  memset(*values, 0, n * sizeof(float));
  return first;
}

static float
half_value(const uint16_t half) {
  const int   exponent = half >> 10U & 31;
  const float fraction = (float)(half & 1023U);
  const float size = exponent ? ldexpf(1024.0F + fraction, exponent - 25) : ldexpf(fraction, -24);
  return half & 0x8000U ? -size : size;
}

void
pinna_vk_round(const PinnaVkMaker* const m, float* const values, const size_t n_k,
               const size_t n_rows, const size_t pitch) {
  for (size_t r = 0U; m->plan->precision >= PINNA_PRECISION_INT8 && r < n_rows; ++r) {
    float greatest = 0.0F;
    for (size_t k = 0U; k < n_k; ++k) {
      greatest = fmaxf(greatest, fabsf(values[k * pitch + r]));
    }
    for (size_t k = 0U; greatest > 0.0F && k < n_k; ++k) {
      float* const v = &values[k * pitch + r];
      *v = (float)lrintf(*v / greatest * 127.0F) * (greatest / 127.0F);
    }
  }
  for (size_t k = 0U; m->plan->precision == PINNA_PRECISION_F16 && k < n_k; ++k) {
    for (size_t r = 0U; r < n_rows; ++r) {
      float* const v = &values[k * pitch + r];
      *v = half_value(pinna_half_of(*v));
    }
  }
}

void
pinna_vk_push(PinnaVkDispatch* const d, const void* const push, const size_t n_bytes) {
  memcpy(d->push, push, n_bytes);
  d->n_push = (uint32_t)n_bytes;
}

void
pinna_vk_spread(PinnaVkDispatch* const d, const size_t n) {
  const size_t groups = (n + d->spec[PINNA_SPEC_X] - 1U) / d->spec[PINNA_SPEC_X];
  d->groups[0] = (uint32_t)(groups < MAX_GROUPS ? groups : MAX_GROUPS);
}

uint32_t
pinna_vk_power(const uint32_t n, const uint32_t least, const uint32_t most) {
  uint32_t power = least;
  while (power < n && power < most) {
    power *= 2U;
  }
  return power;
}

PinnaStatus
pinna_vk_steps_make(PinnaVkMaker* const m) {
  for (uint32_t i = 0U; !m->status && i < m->plan->n_ops; ++i) {
    const PinnaOp* const op = &m->plan->ops[i];
    if (makers[op->kind]) {
      makers[op->kind](m, op);
    } else {
      pinna_vk_refuse(m, PINNA_STATUS_UNSUPPORTED, "an operator without a shader");
    }
  }
  for (uint32_t i = 0U; i < m->n_dispatches; ++i) {
    for (int axis = 0; axis < 3; ++axis) {
      if (m->dispatches[i].groups[axis] > 65535U) {
        pinna_vk_refuse(m, PINNA_STATUS_UNSUPPORTED, "an operator with too many columns");
      }
    }
  }
  return m->status;
}

void
pinna_vk_steps_free(PinnaVkMaker* const m) {
  free(m->dispatches);
  free(m->weights);
}
