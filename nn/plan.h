// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_PLAN_H
#define PINNA_NN_PLAN_H

#include "base/attributes.h"
#include "base/status.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A model described once: named tensors, operators in order, persistent state, one fixed chunk
//
// Emit operators with the calls below, then pinna_plan_finish() gives every tensor its place; a
// backend (nn/cpu) makes its own memory from the finished plan. Not realtime, one thread.
//
// Every tensor is float [t x f x c], c innermost: time (or sequence), frequency (or batch),
// channels. Calls return a number for the tensor they make. After the first mistake they return 0
// and do nothing, so that only pinna_plan_finish() needs to be checked; weights keep torch's
// layouts.

typedef struct PinnaPlanImpl PinnaPlan;

/// A tensor of a plan; 0 is none
typedef uint32_t PinnaRef;

typedef struct {
  uint32_t t;
  uint32_t f;
  uint32_t c;
} PinnaShape;

typedef enum {
  PINNA_ACT_NONE = 0,
  PINNA_ACT_RELU,
  PINNA_ACT_LEAKY, ///< x < 0: slope x; PReLU with one parameter
  PINNA_ACT_SIGMOID,
  PINNA_ACT_TANH,
  PINNA_ACT_SILU,
  PINNA_ACT_GELU, ///< With erf, torch's default
  PINNA_N_ACTS
} PinnaAct;

/// What weights are kept as, where they are many
typedef enum {
  PINNA_PRECISION_F32 = 0,
  PINNA_PRECISION_F16,     ///< Rounded to the nearest half
  PINNA_PRECISION_INT8,    ///< Rounded to 127 steps of each row's greatest
  PINNA_PRECISION_DYNAMIC, ///< The same, and what a convolution or Linear layer reads is rounded,
                           ///< too
  PINNA_N_PRECISIONS
} PinnaPrecision;

/// An empty plan, or NULL without memory
PINNA_API PinnaPlan* pinna_plan_new(void);

/// NULL is allowed
PINNA_API void pinna_plan_free(PinnaPlan* plan);

/// What the caller writes before each run
PINNA_API PinnaRef pinna_plan_input(PinnaPlan* plan, const char* name, PinnaShape shape);

/// Keep a tensor readable after each run, under this name
PINNA_API void pinna_plan_output(PinnaPlan* plan, const char* name, PinnaRef x);

/// A weight by its name in a file; `shape` [n_dims] must be the file's
PINNA_API PinnaRef pinna_plan_weight(PinnaPlan* plan, const PinnaWeights* weights, const char* name,
                                     uint32_t n_dims, const uint64_t* shape);

/// A weight from memory, copied. Refused if a value is not finite.
PINNA_API PinnaRef pinna_plan_constant(PinnaPlan* plan, const char* name, const float* values,
                                       size_t count);

/// A new weight whose value i is value index[i] of another: transposed, turned round, cut out
PINNA_API PinnaRef pinna_plan_rearrange(PinnaPlan* plan, PinnaRef weight, size_t count,
                                        const uint32_t* index);

/// A new weight: the values of a, then those of b. Layers of one input become one by it.
PINNA_API PinnaRef pinna_plan_stack(PinnaPlan* plan, PinnaRef a, PinnaRef b);

/// Shape of a tensor that a call made; all 0 for none
PINNA_API PinnaShape pinna_plan_shape(const PinnaPlan* plan, PinnaRef x);

/// Convolution without padding. Covers Linear (kernel 1 x 1), Conv1d (along t) and Conv2d
/// (torch's height is t, width is f), in groups, depthwise.
typedef struct {
  uint32_t n_out;       ///< Output channels
  uint32_t kernel[2];   ///< Taps along t and f
  uint32_t stride[2];   ///< At least 1
  uint32_t dilation[2]; ///< At least 1
  uint32_t groups;      ///< Divides both channel counts
  PinnaAct act;
  float    slope;
} PinnaConvConfig;

/// Kernel 1 x 1, strides and dilations 1, one group
PINNA_API PinnaConvConfig pinna_conv_config(uint32_t n_out);

/// @param weight [n_out x n_in / groups x kernel t x kernel f]
/// @param bias [n_out], or 0
PINNA_API PinnaRef pinna_plan_conv(PinnaPlan* plan, PinnaRef x, const PinnaConvConfig* config,
                                   PinnaRef weight, PinnaRef bias);

/// Transposed convolution along t or f (the kernel and stride of the other axis are 1), dilation 1.
/// Outputs (n - 1) stride + kernel - 2 crop values along that axis; `crop` is torch's padding.
/// @param weight [n_in x n_out / groups x kernel t x kernel f]
PINNA_API PinnaRef pinna_plan_conv_transpose(PinnaPlan* plan, PinnaRef x,
                                             const PinnaConvConfig* config, uint32_t crop,
                                             PinnaRef weight, PinnaRef bias);

/// GRU or LSTM along t over f independent sequences. With `state` h (and c) [1 x f x n_hidden] are
/// kept between runs, else they start at 0. Gates in torch's order: r z n; i f g o.
typedef struct {
  uint32_t    n_hidden;
  bool        reverse; ///< Walk t backwards
  const char* state;   ///< Its name, or NULL
} PinnaRnnConfig;

/// @param w_ih [3 n_hidden x c], w_hh [3 n_hidden x n_hidden], biases [3 n_hidden] or 0
PINNA_API PinnaRef pinna_plan_gru(PinnaPlan* plan, PinnaRef x, const PinnaRnnConfig* config,
                                  PinnaRef w_ih, PinnaRef w_hh, PinnaRef b_ih, PinnaRef b_hh);

/// @param w_ih [4 n_hidden x c], w_hh [4 n_hidden x n_hidden], biases [4 n_hidden] or 0
PINNA_API PinnaRef pinna_plan_lstm(PinnaPlan* plan, PinnaRef x, const PinnaRnnConfig* config,
                                   PinnaRef w_ih, PinnaRef w_hh, PinnaRef b_ih, PinnaRef b_hh);

/// torchaudio.models.rnnt._CustomLSTM: an LSTM whose gates (of x and h together, without bias) and
/// whose cells are layer-normed at each step. State as above, of the normed cells.
/// @param w_ih [4 n_hidden x c], w_hh [4 n_hidden x n_hidden]: its x2g and p2g
/// @param gates, gates_bias [4 n_hidden], cells, cells_bias [n_hidden]: its g_norm and c_norm
PINNA_API PinnaRef pinna_plan_lstm_norm(PinnaPlan* plan, PinnaRef x, const PinnaRnnConfig* config,
                                        PinnaRef w_ih, PinnaRef w_hh, float eps, PinnaRef gates,
                                        PinnaRef gates_bias, PinnaRef cells, PinnaRef cells_bias);

/// Multi-head attention. With a past that starts empty, as of Emformer, the first n_past rows of k
/// and v are what pinna_plan_history() gave, and of those only the last n_new * runs since the
/// reset are seen.
typedef struct {
  uint32_t    n_heads; ///< Divides the channels of q and of v
  float       scale;   ///< Of q k; 0: 1 / sqrt(channels of a head)
  uint32_t    n_past;  ///< Rows at the front of k and v that start unseen; 0 if all are seen
  uint32_t    n_new;   ///< Rows that each run adds to the past
  const char* state;   ///< Name of the count of seen rows; needed with n_past
} PinnaAttentionConfig;

/// softmax over keys of (scale q k + bias), times v, for each head: [t x f x channels of v].
/// Without the projections before and behind it.
/// @param q [t x f x c], k [s x f x c], v [s x f x channels of v]; f independent sequences
/// @param bias 0, or [heads or 1 x t or 1 x s]: masks (-1e8 hides a key), positions. A tensor, or a
/// weight of heads t s or t s or s values.
PINNA_API PinnaRef pinna_plan_attention(PinnaPlan* plan, PinnaRef q, PinnaRef k, PinnaRef v,
                                        PinnaRef bias, const PinnaAttentionConfig* config);

/// Rows of a table: out[t, f] = table[x[t, f, 0]]. x [t x f x 1] holds whole numbers as floats;
/// those outside the table are held at its ends.
/// @param table [n_rows x n_columns]: torch.nn.Embedding's weight
PINNA_API PinnaRef pinna_plan_embedding(PinnaPlan* plan, PinnaRef x, uint32_t n_rows,
                                        uint32_t n_columns, PinnaRef table);

typedef enum {
  PINNA_NORM_CHANNELS = 0, ///< Over c for each t, f: LayerNorm(c); weights [c]
  PINNA_NORM_FRAME,        ///< Over f and c for each t: LayerNorm((f, c)); weights [f x c]
  PINNA_NORM_GROUPS        ///< Over t, f and the channels of a group: GroupNorm; weights [c]
} PinnaNormKind;

/// (x - mean) / sqrt(variance + eps) * weight + bias. `groups` is for PINNA_NORM_GROUPS.
PINNA_API PinnaRef pinna_plan_norm(PinnaPlan* plan, PinnaRef x, PinnaNormKind kind, uint32_t groups,
                                   float eps, PinnaRef weight, PinnaRef bias);

/// LayerNorm over all rows so far and channels, for each f: what Conv-TasNet calls cumulative. Mean
/// and variance over the first to the present row, whose count, mean and variance `state` keeps;
/// behind 2^20 rows the past fades instead. weights [c] or 0
PINNA_API PinnaRef pinna_plan_norm_cumulative(PinnaPlan* plan, PinnaRef x, float eps,
                                              PinnaRef weight, PinnaRef bias, const char* state);

/// BatchNorm at inference: (x - mean) / sqrt(variance + eps) * weight + bias, all [c]. Directly
/// behind a convolution it costs nothing: the weights take it up, and x cannot be used any more.
PINNA_API PinnaRef pinna_plan_batch_norm(PinnaPlan* plan, PinnaRef x, float eps, PinnaRef weight,
                                         PinnaRef bias, PinnaRef mean, PinnaRef variance);

/// An activation. Directly behind a convolution it becomes part of it, and x cannot be used any
/// more.
PINNA_API PinnaRef pinna_plan_act(PinnaPlan* plan, PinnaRef x, PinnaAct act, float slope);

/// PReLU with its one parameter
PINNA_API PinnaRef pinna_plan_prelu(PinnaPlan* plan, PinnaRef x, PinnaRef slope);

/// Over c
PINNA_API PinnaRef pinna_plan_softmax(PinnaPlan* plan, PinnaRef x);

/// a + b and a b; b may be [t x 1 x c], [1 x 1 x c] or of a's shape
PINNA_API PinnaRef pinna_plan_add(PinnaPlan* plan, PinnaRef a, PinnaRef b);
PINNA_API PinnaRef pinna_plan_mul(PinnaPlan* plan, PinnaRef a, PinnaRef b);

/// Mean of x^2 over f: [t x 1 x c]
PINNA_API PinnaRef pinna_plan_mean_square(PinnaPlan* plan, PinnaRef x);

/// a sigmoid(b) of a = the first half of c, b = the second: torch.nn.functional.glu over c
PINNA_API PinnaRef pinna_plan_glu(PinnaPlan* plan, PinnaRef x);

/// sqrt(re^2 + im^2) of re = the first half of c, im = the second
PINNA_API PinnaRef pinna_plan_magnitude(PinnaPlan* plan, PinnaRef x);

/// The last n_rows of earlier runs' x along t, then x: [n_rows + t x f x c]; what makes a
/// convolution causal. Starts at 0; `name` names the state.
PINNA_API PinnaRef pinna_plan_history(PinnaPlan* plan, PinnaRef x, uint32_t n_rows,
                                      const char* name);

/// The same where x is row `delay` of a layer that makes `rate` rows of each row of the stream:
/// rows outside the stream's `span` count as 0, as a whole signal's padding does.
/// @param span [1 x 1 x 2]: where the stream begins and ends, in rows from this chunk's first row
PINNA_API PinnaRef pinna_plan_history_within(PinnaPlan* plan, PinnaRef x, uint32_t n_rows,
                                             const char* name, PinnaRef span, uint32_t rate,
                                             uint32_t delay);

/// out[i] = index[i] < 0 ? 0 : (a followed by b)[index[i]]; b may be 0. The index is copied.
PINNA_API PinnaRef pinna_plan_gather(PinnaPlan* plan, PinnaRef a, PinnaRef b, PinnaShape shape,
                                     const int32_t* index);

/// Rows before and behind along t and f, 0 or mirrored without the edge (torch's reflect)
typedef struct {
  uint32_t t[2];
  uint32_t f[2];
  bool     reflect;
} PinnaPad;

PINNA_API PinnaRef pinna_plan_pad(PinnaPlan* plan, PinnaRef x, const PinnaPad* pad);

/// a, then b along t; their rows are of one shape
PINNA_API PinnaRef pinna_plan_join(PinnaPlan* plan, PinnaRef a, PinnaRef b);

/// Rows first to first + n - 1 of x along t, without copying
PINNA_API PinnaRef pinna_plan_rows(PinnaPlan* plan, PinnaRef x, uint32_t first, uint32_t n);

/// Channels first to first + n - 1 of x, without copying
PINNA_API PinnaRef pinna_plan_channels(PinnaPlan* plan, PinnaRef x, uint32_t first, uint32_t n);

/// The same values as another shape of as many; x must not be a slice of channels
PINNA_API PinnaRef pinna_plan_reshape(PinnaPlan* plan, PinnaRef x, PinnaShape shape);

/// Let backends keep the weights of convolutions (not depthwise ones), Linear and recurrent layers
/// so: half or a quarter of the memory to hold and to read, for networks that are greater than the
/// caches. Sums stay floats; but with PINNA_PRECISION_DYNAMIC convolutions, transposed ones and
/// Linear layers take each column that they read as 255 steps from its least to its greatest value
/// and sum whole numbers, which is up to four times as quick. A backend may keep more than this
/// asks for: devices keep activations, recurrent layers floats.
PINNA_API void pinna_plan_keep_weights(PinnaPlan* plan, PinnaPrecision precision);

/// Say that no result need be the same bits when it is asked for in pieces: products of hundreds of
/// columns are quicker then, but each column's rounding depends on others'. For networks of a whole
/// file or window, not for streams.
PINNA_API void pinna_plan_take_whole(PinnaPlan* plan);

/// Make this the plan's mistake, unless there is one: for who describes a network and finds that
/// its numbers do not fit
PINNA_API void pinna_plan_refuse(PinnaPlan* plan, const char* why);

/// Give every tensor its place: states, inputs and outputs side by side, scratch shared by what is
/// never alive at once. @return The first mistake of any call, in words in `error`
PINNA_API PinnaStatus pinna_plan_finish(PinnaPlan* plan, PinnaError* error);

/// What a finished plan needs, in floats: for reports and tests
typedef struct {
  size_t n_weights;
  size_t n_state;
  size_t n_io;
  size_t n_scratch;       ///< As placed
  size_t n_scratch_apart; ///< If nothing shared a place
  size_t n_ops;
  double macs; ///< Multiplications of one run
} PinnaPlanFacts;

PINNA_API PinnaPlanFacts pinna_plan_facts(const PinnaPlan* plan);

typedef struct {
  const char* name; ///< Of its kind, "conv" and such; NULL if there is none
  PinnaShape  in;   ///< Of its first input
  PinnaShape  out;
  double      macs;
} PinnaPlanOpFacts;

/// The same of operator i < n_ops of a finished plan
PINNA_API PinnaPlanOpFacts pinna_plan_op_facts(const PinnaPlan* plan, size_t i);

#endif // PINNA_NN_PLAN_H
