// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_CPU_RUNNER_IMPL_H
#define PINNA_NN_CPU_RUNNER_IMPL_H

#include "base/arena.h"
#include "base/cpu.h"
#include "nn/cpu/kernels.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/plan_impl.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Operators with addresses instead of numbers

typedef struct PinnaStepImpl PinnaStep;

typedef void (*PinnaStepFunc)(const PinnaStep* step, const PinnaCpuKernels* kernels);

struct PinnaStepImpl {
  PinnaStepFunc  run;
  const float*   in[3];
  float*         out;
  float*         state[2];
  PinnaShape     shape; ///< Of in[0]
  PinnaShape     shape_b;
  PinnaShape     shape_out;
  uint32_t       pitch; ///< Of in[0]
  uint32_t       pitch_b;
  uint32_t       pitch_c;
  PinnaGemm*     gemms; ///< All from the same input to the same output
  uint32_t       n_gemms;
  bool           is_depthwise;
  uint32_t       margin[2]; ///< Rows of 0 around the input of a transposed convolution, t and f
  const float*   weight;    ///< Or NULL
  const float*   bias;
  const float*   plus; ///< Added to a convolution's rows [shape_out], `plus_pitch` apart; or NULL
  uint32_t       plus_pitch;
  const int32_t* index; ///< Into in[0], or behind n_first into in[1]
  int32_t        n_first;
  uint32_t       n_runs; ///< index is pairs: where values begin that follow each other, how many
  PinnaAct       act;
  float          slope;
  float          eps;
  PinnaNormKind  norm;
  uint32_t       groups;
  uint32_t       n_hidden;
  bool           reverse;
  uint32_t       n_past; ///< Of an attention
  uint32_t       n_new;
  uint32_t       bias_steps[2];
  uint32_t       n_table; ///< Rows of an embedding
  uint32_t       rate;    ///< Of a history, as in PinnaOp
  uint32_t       delay;
  float*         work; ///< Shared by all steps, nothing survives in it
};

typedef struct {
  char*      name;
  float*     values;
  PinnaShape shape;
} PinnaRunnerTensor;

struct PinnaRunnerImpl {
  const PinnaCpuKernels* kernels;
  PinnaStep*             steps;
  uint32_t               n_steps;
  float*                 places[PINNA_N_PLACES]; ///< [PINNA_PLACE_WEIGHTS] is not used
  size_t                 n_state;
  PinnaRunnerTensor*     tensors; ///< Inputs and outputs
  uint32_t               n_tensors;
};

/// What the setups of the steps share: a runner in the making
typedef struct {
  const PinnaPlan* plan;
  PinnaArena*      arena;
  PinnaIsa         isa;
  bool             is_real;  ///< Not only measuring
  bool             is_short; ///< No memory for what the setup needed for a while
  float*           places[PINNA_N_PLACES];
  size_t           n_work; ///< Floats that the step of the moment needs; grows
  float*           work;
} PinnaRunnerMaker;

/// Where a tensor lies, NULL for none
float* pinna_maker_address(const PinnaRunnerMaker* maker, PinnaRef ref);

/// Values [count] of a weight, `otherwise` where there is none
const float* pinna_maker_take_values(PinnaRunnerMaker* maker, PinnaRef ref, size_t count,
                                     float otherwise);

/// Fill the gemms of a convolution of either kind, or of a recurrent layer
void pinna_step_set_conv(PinnaRunnerMaker* maker, PinnaStep* step, const PinnaOp* op);
void pinna_step_set_conv_transpose(PinnaRunnerMaker* maker, PinnaStep* step, const PinnaOp* op);
void pinna_step_set_rnn(PinnaRunnerMaker* maker, PinnaStep* step, const PinnaOp* op);
void pinna_step_set_attention(PinnaRunnerMaker* maker, PinnaStep* step, const PinnaOp* op);

/// State i of a recurrent layer; of one that keeps none: `otherwise`, all 0
float* pinna_step_state(const PinnaStep* step, int i, float* otherwise);

extern const PinnaStepFunc pinna_step_funcs[PINNA_N_OPS];

void pinna_step_conv(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_conv_transpose(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_gru(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_lstm(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_lstm_norm(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_attention(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_embedding(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_norm_cumulative(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_norm_depthwise(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_norm(const PinnaStep* s, const PinnaCpuKernels* k);
void pinna_step_glu(const PinnaStep* s, const PinnaCpuKernels* k);

#endif // PINNA_NN_CPU_RUNNER_IMPL_H
