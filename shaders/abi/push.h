// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_SHADERS_ABI_PUSH_H
#define PINNA_SHADERS_ABI_PUSH_H

#include "shaders/abi/layout.h"

// Push constants of each shader, at most 128 bytes; offsets and distances in floats of a binding

/// For column i of group g and phase z (0 unless transposed), o = i / n_inner, n = i % n_inner:
///   y[y + g y_group + o y_outer + n y_inner + m] = act(bias[m] + sum over k < n_k of
///     w[k][m] x[x + g x_group + o x_outer + n x_inner + tap(k / k_tap) + k % k_tap])
/// with tap(j) = j / taps_inner * tap_outer + j % taps_inner * tap_inner. Transposed: n counts from
/// the first output of phase z on, output n stride + z - crop, and taps beyond the input are 0.
struct PinnaProductPush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 w;    ///< In vec4: [phase][group][k][rows4]
  PINNA_U32 bias; ///< In vec4: [group][rows4]
  PINNA_U32 n_rows;
  PINNA_U32 n_rows4;
  PINNA_U32 n_k;
  PINNA_U32 k_tap;
  PINNA_U32 n_columns;
  PINNA_U32 n_inner;
  PINNA_U32 x_outer;
  PINNA_U32 x_inner;
  PINNA_U32 y_outer;
  PINNA_U32 y_inner;
  PINNA_U32 taps_inner;
  PINNA_I32 tap_outer;
  PINNA_I32 tap_inner;
  PINNA_U32 n_groups;
  PINNA_U32 x_group;
  PINNA_U32 y_group;
  PINNA_U32 stride;
  PINNA_U32 crop;
  PINNA_U32 n_axis_in;
  PINNA_U32 n_axis_out;
  PINNA_F32 slope;
};

/// The same with one input channel for each of n_rows output channels, w[tap][n_rows]
struct PinnaDepthwisePush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 w;
  PINNA_U32 bias;
  PINNA_U32 n_rows;
  PINNA_U32 n_taps;
  PINNA_U32 n_columns;
  PINNA_U32 n_inner;
  PINNA_U32 x_outer;
  PINNA_U32 x_inner;
  PINNA_U32 taps_inner;
  PINNA_U32 tap_outer;
  PINNA_U32 tap_inner;
  PINNA_F32 slope;
};

/// Steps along t of f sequences; gates W x + b are in a [t x f x gates x n_hidden]
struct PinnaRnnPush {
  PINNA_U32 gates;
  PINNA_U32 y;
  PINNA_U32 w;    ///< [k][gate][n_hidden]
  PINNA_U32 bias; ///< gru: of n alone, [n_hidden]; lstm_norm: its norms' weights
  PINNA_U32 h;    ///< State [f x n_hidden]
  PINNA_U32 c;    ///< lstm: state [f x n_hidden]
  PINNA_U32 n_t;
  PINNA_U32 n_f;
  PINNA_U32 n_hidden;
  PINNA_U32 is_reverse;
  PINNA_U32 has_state;
  PINNA_F32 eps;
};

/// n_sets sets of n_rows rows of n values
struct PinnaNormPush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 weight;
  PINNA_U32 bias;
  PINNA_U32 has_weight;
  PINNA_U32 n_sets;
  PINNA_U32 n_rows;
  PINNA_U32 n;
  PINNA_U32 x_set; ///< From a set to the next
  PINNA_U32 x_row;
  PINNA_U32 y_set;
  PINNA_U32 y_row;
  PINNA_U32 w_set;
  PINNA_F32 eps;
};

/// n_f sequences of n_t rows of n values; state: count, mean and variance of each
struct PinnaNormCumulativePush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 weight;
  PINNA_U32 bias;
  PINNA_U32 has_weight;
  PINNA_U32 state;
  PINNA_U32 n_t;
  PINNA_U32 n_f;
  PINNA_U32 n;
  PINNA_U32 x_row;
  PINNA_F32 eps;
};

/// Rows of n values, x_row apart, to rows n apart: act, affine, softmax; magnitude of halves
struct PinnaRowsPush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 n_rows;
  PINNA_U32 n;
  PINNA_U32 x_row;
  PINNA_U32 scale;
  PINNA_U32 shift;
  PINNA_F32 slope;
};

/// a [t x f x c] with b; b_t and b_f are 0 where b has one row for all
struct PinnaBinaryPush {
  PINNA_U32 a;
  PINNA_U32 b;
  PINNA_U32 y;
  PINNA_U32 n_t;
  PINNA_U32 n_f;
  PINNA_U32 n_c;
  PINNA_U32 a_row;
  PINNA_U32 b_t;
  PINNA_U32 b_f;
};

/// The state's n_past rows of n_row values, then x's n_t rows of n_row / n_c pieces x_piece apart
struct PinnaHistoryPush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 state;
  PINNA_U32 n_past;
  PINNA_U32 n_t;
  PINNA_U32 n_row;
  PINNA_U32 n_c;
  PINNA_U32 x_piece;
  PINNA_U32 span;
  PINNA_U32 rate; ///< 0: there is no span
  PINNA_U32 delay;
};

/// index [n] into a, or behind n_first into b; below 0: a zero
struct PinnaGatherPush {
  PINNA_U32 a;
  PINNA_U32 b;
  PINNA_U32 y;
  PINNA_U32 index;
  PINNA_U32 n;
  PINNA_I32 n_first;
};

/// Rows of values: query t of sequence f is row t n_f + f, and so on
struct PinnaAttentionPush {
  PINNA_U32 q;
  PINNA_U32 k;
  PINNA_U32 v;
  PINNA_U32 bias;
  PINNA_U32 y;
  PINNA_U32 state; ///< Rows of the past that are seen
  PINNA_U32 n_f;
  PINNA_U32 n_heads;
  PINNA_U32 n_keys;
  PINNA_U32 n_q; ///< Channels of a head, of q and k and of v
  PINNA_U32 n_v;
  PINNA_U32 q_row;
  PINNA_U32 k_row;
  PINNA_U32 v_row;
  PINNA_U32 n_past;
  PINNA_U32 has_bias;
  PINNA_U32 bias_head;
  PINNA_U32 bias_query;
  PINNA_F32 scale;
};

struct PinnaCountPush {
  PINNA_U32 state;
  PINNA_U32 n_past;
  PINNA_U32 n_new;
};

/// Rows of n values of a table of n_table rows
struct PinnaEmbeddingPush {
  PINNA_U32 x;
  PINNA_U32 y;
  PINNA_U32 table;
  PINNA_U32 n_rows;
  PINNA_U32 n;
  PINNA_U32 x_row;
  PINNA_U32 n_table;
};

#endif // PINNA_SHADERS_ABI_PUSH_H
