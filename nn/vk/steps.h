// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_STEPS_H
#define PINNA_NN_VK_STEPS_H

#include "base/status.h"
#include "nn/plan.h"
#include "nn/plan_impl.h"
#include "nn/vk/shaders.h"
#include "shaders/abi/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// From a plan's records to dispatches: shader, constants, bindings, and what they read and write

#define PINNA_VK_MAX_PUSH 32U ///< Words
#define PINNA_VK_MAX_SPANS 6U

/// Floats of a place that a dispatch touches
typedef struct {
  PinnaPlace place;
  size_t     first;
  size_t     end;
  bool       is_written;
} PinnaVkSpan;

/// Where a binding begins: window `number` of a place starts at number * half a range
typedef struct {
  PinnaPlace place;
  uint32_t   number;
} PinnaVkWindow;

typedef struct {
  PinnaVkShader shader;
  uint32_t      spec[PINNA_N_SPECS];
  PinnaVkWindow windows[PINNA_N_BINDS];
  bool          is_bound[PINNA_N_BINDS];
  uint32_t      groups[3];
  uint32_t      push[PINNA_VK_MAX_PUSH];
  uint32_t      n_push; ///< Bytes
  PinnaVkSpan   spans[PINNA_VK_MAX_SPANS];
  uint32_t      n_spans;
  uint32_t      pipeline; ///< Numbers of the runner's, set later
  uint32_t      set;
} PinnaVkDispatch;

typedef struct {
  const PinnaPlan* plan;
  size_t           half; ///< Floats of half a binding's range
  uint32_t         max_threads;
  uint32_t         max_shared; ///< Floats
  PinnaVkDispatch* dispatches;
  uint32_t         n_dispatches;
  size_t           max_dispatches;
  PinnaVkDispatch  spare; ///< Where a failed call writes
  float*           weights;
  size_t           n_weights;
  size_t           max_weights;
  size_t           n_work; ///< Floats behind the plan's scratch, that nothing survives in
  PinnaStatus      status; ///< Of the first mistake
  PinnaError*      error;
} PinnaVkMaker;

/// Dispatches of all operators of maker->plan. @return maker->status
PinnaStatus pinna_vk_steps_make(PinnaVkMaker* maker);
void        pinna_vk_steps_free(PinnaVkMaker* maker);

/// Record the first mistake
void pinna_vk_refuse(PinnaVkMaker* maker, PinnaStatus status, const char* why);

/// The next dispatch, with one workgroup of `threads` by 1, unless changed
PinnaVkDispatch* pinna_vk_add(PinnaVkMaker* maker, PinnaVkShader shader, uint32_t threads);

/// Bind `count` floats of a place. @return Floats from the binding's start
uint32_t pinna_vk_bind(PinnaVkMaker* maker, PinnaVkDispatch* dispatch, uint32_t bind,
                       PinnaPlace place, size_t first, size_t count, bool is_written);

/// Bind all that a tensor spans
uint32_t pinna_vk_bind_tensor(PinnaVkMaker* maker, PinnaVkDispatch* dispatch, uint32_t bind,
                              PinnaRef ref, bool is_written);

/// Room for zeroed weights; the pointer is good until the next call, NULL after a mistake.
/// @return Their first float
size_t pinna_vk_take(PinnaVkMaker* maker, size_t count, float** values);

/// Round weights [n_k][n_rows of `pitch`] as the plan's precision does on the processor: on the
/// device they stay floats, but both give the same results
void pinna_vk_round(const PinnaVkMaker* maker, float* values, size_t n_k, size_t n_rows,
                    size_t pitch);

/// Set the push constants, a struct of shaders/abi/push.h
void pinna_vk_push(PinnaVkDispatch* dispatch, const void* push, size_t n_bytes);

/// Workgroups along x so that each of n values has a thread, or several take turns
void pinna_vk_spread(PinnaVkDispatch* dispatch, size_t n);

/// The least power of two that is not below n, between `least` and `most`
uint32_t pinna_vk_power(uint32_t n, uint32_t least, uint32_t most);

typedef void (*PinnaVkStepFunc)(PinnaVkMaker* maker, const PinnaOp* op);

void pinna_vk_step_conv(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_conv_transpose(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_rnn(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_attention(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_embedding(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_norm(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_norm_cumulative(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_softmax(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_act(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_affine(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_halves(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_binary(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_mean_square(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_history(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_gather(PinnaVkMaker* maker, const PinnaOp* op);
void pinna_vk_step_join(PinnaVkMaker* maker, const PinnaOp* op);

/// A dense product as a dispatch: y [n_columns x n_rows] = x [n_columns x n_k, pitch apart] times
/// w [n_rows x n_k] + bias [n_rows] (NULL: 0), into the work
void pinna_vk_product_to_work(PinnaVkMaker* maker, PinnaRef x, const float* w, const float* bias,
                              uint32_t n_rows);

#endif // PINNA_NN_VK_STEPS_H
