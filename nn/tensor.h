// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_TENSOR_H
#define PINNA_NN_TENSOR_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A typed array in memory that somebody else owns: what a weights file holds under one name

#define PINNA_TENSOR_MAX_DIMS 8U

typedef enum {
  PINNA_DTYPE_F32 = 0,
  PINNA_DTYPE_F64,
  PINNA_DTYPE_F16,
  PINNA_DTYPE_BF16,
  PINNA_DTYPE_I64,
  PINNA_DTYPE_I32,
  PINNA_DTYPE_I16,
  PINNA_DTYPE_I8,
  PINNA_DTYPE_U8,
  PINNA_DTYPE_BOOL,
  PINNA_N_DTYPES
} PinnaDtype;

/// Little-endian values, in rows unless the strides say otherwise
typedef struct {
  PinnaDtype  dtype;
  uint32_t    n_dims;                        ///< 0 (one value) to PINNA_TENSOR_MAX_DIMS
  uint64_t    shape[PINNA_TENSOR_MAX_DIMS];  ///< Outermost dimension first
  uint64_t    stride[PINNA_TENSOR_MAX_DIMS]; ///< In values, as torch has them
  const void* data;                          ///< First value; may be unaligned, see read()
} PinnaTensor;

/// "F32", "BF16" and so on, as safetensors spells them
PINNA_API const char* pinna_dtype_name(PinnaDtype dtype);

/// Bytes of one value
PINNA_API size_t pinna_dtype_size(PinnaDtype dtype);

/// Give a tensor this shape, in rows. @return Whether its size in bytes fits 63 bits
PINNA_API bool pinna_tensor_shape(PinnaTensor* tensor, uint32_t n_dims, const uint64_t* shape);

/// Number of values: the product of the shape
PINNA_API uint64_t pinna_tensor_count(const PinnaTensor* tensor);

/// "[16 x 9 x 1 x 5]" into text [size]. @return text
PINNA_API const char* pinna_shape_text(uint32_t n_dims, const uint64_t* shape, char* text,
                                       size_t size);

/// All values in rows as floats [count], whatever their type, strides and alignment
PINNA_API void pinna_tensor_read(const PinnaTensor* tensor, float* out);

#endif // PINNA_NN_TENSOR_H
