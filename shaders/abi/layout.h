// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_SHADERS_ABI_LAYOUT_H
#define PINNA_SHADERS_ABI_LAYOUT_H

// What C and the shaders agree on: types, bindings, constants of a pipeline, activations

#ifdef VULKAN
#define PINNA_U32 uint
#define PINNA_I32 int
#define PINNA_F32 float
#else
#include <stdint.h>
#define PINNA_U32 uint32_t
#define PINNA_I32 int32_t
#define PINNA_F32 float
#endif

// Bindings of set 0, all storage buffers: a window of an arena each
#define PINNA_BIND_WEIGHTS 0
#define PINNA_BIND_A 1
#define PINNA_BIND_B 2
#define PINNA_BIND_Y 3
#define PINNA_BIND_STATE 4
#define PINNA_BIND_BIAS 5 // attention, whose v is in place of the weights
#define PINNA_N_BINDS 6

// Specialisation constants; every pipeline sets all, each shader says what 2 to 4 mean
#define PINNA_SPEC_X 0 // Size of a workgroup
#define PINNA_SPEC_Y 1
#define PINNA_SPEC_ACT 2     // products, act: the activation
#define PINNA_SPEC_COLUMNS 3 // product_skinny: of a workgroup
#define PINNA_SPEC_BOUNDED 4 // products: a transposed convolution
#define PINNA_SPEC_STATE 2   // gru, lstm: floats of two states h, of c, of normed gates
#define PINNA_SPEC_PARTS 3   // gru, lstm: floats of partial sums
#define PINNA_SPEC_QUERY 2   // attention: channels of a head, of q and of v
#define PINNA_SPEC_VALUE 3
#define PINNA_SPEC_MUL 2 // binary: multiply
#define PINNA_SPEC_Z 5   // product_skinny: size of a workgroup
#define PINNA_N_SPECS 6

#define PINNA_PRODUCT_THREADS 128
#define PINNA_TILE_ROWS 64
#define PINNA_TILE_COLUMNS 64
#define PINNA_NORM_THREADS 64
#define PINNA_ATTENTION_THREADS 64

// PinnaAct of nn/plan.h
#define PINNA_SHADER_ACT_NONE 0
#define PINNA_SHADER_ACT_RELU 1
#define PINNA_SHADER_ACT_LEAKY 2
#define PINNA_SHADER_ACT_SIGMOID 3
#define PINNA_SHADER_ACT_TANH 4
#define PINNA_SHADER_ACT_SILU 5
#define PINNA_SHADER_ACT_GELU 6

#endif // PINNA_SHADERS_ABI_LAYOUT_H
