// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_PLAN_IMPL_H
#define PINNA_NN_PLAN_IMPL_H

#include "base/status.h"
#include "nn/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The records that every backend reads: tensors with places, operators with numbers

#define PINNA_OP_MAX_IN 7U
#define PINNA_PLAN_ALIGN 16U ///< Floats; every tensor starts at a multiple

typedef enum {
  PINNA_PLACE_WEIGHTS = 0, ///< Never written
  PINNA_PLACE_STATE,       ///< Kept between runs
  PINNA_PLACE_IO,
  PINNA_PLACE_SCRATCH,
  PINNA_N_PLACES
} PinnaPlace;

typedef struct {
  char*      name; ///< Or NULL
  PinnaPlace place;
  PinnaShape shape;  ///< Weights are [1 x 1 x count]
  uint32_t   pitch;  ///< Floats between rows of c; more than c in a slice of channels
  size_t     count;  ///< Floats it spans
  float*     values; ///< Of a weight
  PinnaRef   root;   ///< The tensor it is a view of, or itself
  size_t     offset; ///< Floats from the start of its place; of a view: from its root's
  bool       is_input;
  bool       is_taken; ///< Its operator went on: another number stands for the result
  uint32_t   first_op; ///< Alive from here ..
  uint32_t   last_op;  ///< .. to here
} PinnaPlanTensor;

typedef enum {
  PINNA_OP_CONV = 0, ///< in: x, weight, bias
  PINNA_OP_CONV_TRANSPOSE,
  PINNA_OP_GRU,  ///< in: x, w_ih, w_hh, b_ih, b_hh; state: h
  PINNA_OP_LSTM, ///< The same; state: h, c
  PINNA_OP_NORM, ///< in: x, weight, bias
  PINNA_OP_ACT,
  PINNA_OP_SOFTMAX,
  PINNA_OP_ADD, ///< in: a, b
  PINNA_OP_MUL,
  PINNA_OP_MEAN_SQUARE,
  PINNA_OP_MAGNITUDE,
  PINNA_OP_HISTORY,   ///< in: x, span; state: rows
  PINNA_OP_GATHER,    ///< in: a, b
  PINNA_OP_AFFINE,    ///< in: x, scale, shift
  PINNA_OP_LSTM_NORM, ///< in: x, w_ih, w_hh, gates, gates_bias, cells, cells_bias; state: h, c
  PINNA_OP_ATTENTION, ///< in: q, k, v, bias; state: rows seen of the past, one number
  PINNA_OP_EMBEDDING, ///< in: x, table
  PINNA_OP_GLU,
  PINNA_OP_JOIN,            ///< in: a, b
  PINNA_OP_NORM_CUMULATIVE, ///< in: x, weight, bias; state: count, mean, variance of each f
  PINNA_N_OPS
} PinnaOpKind;

typedef struct {
  PinnaOpKind     kind;
  PinnaRef        in[PINNA_OP_MAX_IN];
  PinnaRef        out;
  PinnaRef        state[2];
  PinnaConvConfig conv; ///< act and slope of PINNA_OP_ACT, too
  uint32_t        crop;
  PinnaNormKind   norm;
  uint32_t        groups; ///< Heads of an attention
  float           eps;
  uint32_t        n_hidden;
  bool            reverse;
  float           scale;  ///< Of an attention
  uint32_t        n_past; ///< As in PinnaAttentionConfig
  uint32_t        n_new;
  uint32_t        bias_steps[2]; ///< Values between heads and between queries; 0 if they share
  uint32_t        n_table;       ///< Rows of an embedding's table
  uint32_t        rate;          ///< Rows of a history's layer for one of its stream
  uint32_t        delay;         ///< Rows by which that layer is behind its stream
  int32_t*        index;         ///< [shape of out]
} PinnaOp;

struct PinnaPlanImpl {
  PinnaPlanTensor* tensors; ///< Number 0 is none
  uint32_t         n_tensors;
  size_t           max_tensors;
  PinnaOp*         ops;
  uint32_t         n_ops;
  size_t           max_ops;
  size_t           n_floats[PINNA_N_PLACES]; ///< Size of each place, once finished
  size_t           n_scratch_apart;
  double           macs;
  PinnaPrecision   precision; ///< Of the weights of products
  bool             is_whole;  ///< As pinna_plan_take_whole() says
  bool             is_finished;
  PinnaStatus      status; ///< Of the first mistake
  PinnaError       error;
};

/// Record the first mistake. @return 0
PinnaRef pinna_plan_fail(PinnaPlan* plan, PinnaStatus status, const char* why);

/// A new tensor in a place; name may be NULL
PinnaRef pinna_plan_add_tensor(PinnaPlan* plan, PinnaPlace place, const char* name,
                               PinnaShape shape);

/// A new operator with its output of this shape. @return The output, 0 after a mistake
PinnaRef pinna_plan_add_op(PinnaPlan* plan, const PinnaOp* op, PinnaShape out);

/// Whether x is a tensor with values, and no mistake was made before
bool pinna_plan_has(PinnaPlan* plan, PinnaRef x);

/// Whether x is a weight of this many values (or is 0 and may be)
bool pinna_plan_is_weight(PinnaPlan* plan, PinnaRef x, size_t count, bool may_be_none);

/// Whether a backend may run operators i and i + 1 of a plan in one go, into the second's output: a
/// convolution or GroupNorm whose result only the next operator reads. Places are given so that
/// what i reads is not overwritten by that.
bool pinna_plan_is_pair(const PinnaPlan* plan, uint32_t i);

/// Rows of 0 that an operator puts before x's, if all it does is to put such before and behind them
/// along t; UINT32_MAX if not
uint32_t pinna_plan_rows_before(const PinnaPlan* plan, const PinnaOp* op);

/// Whether a backend may run operators i to i + 2 of a plan in one go, at the last of them: a
/// GroupNorm, rows of 0 before and behind it along t, and a depthwise convolution along t that
/// alone reads both. What i reads is kept until then. @param before Receives the rows of 0 before
/// it
bool pinna_plan_is_normed(const PinnaPlan* plan, uint32_t i, uint32_t* before);

/// A tensor of other numbers over x's values
PinnaRef pinna_plan_add_view(PinnaPlan* plan, PinnaRef x, PinnaShape shape, uint32_t pitch,
                             size_t offset);

#endif // PINNA_NN_PLAN_IMPL_H
