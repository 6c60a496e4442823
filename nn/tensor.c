// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/tensor.h"

#include <stdio.h>
#include <string.h>

// Types, shapes, and the one reader of values

static const struct {
  const char* name;
  size_t      size;
} dtypes[PINNA_N_DTYPES] = {
    [PINNA_DTYPE_F32] = {"F32", 4U}, [PINNA_DTYPE_F64] = {"F64", 8U},
    [PINNA_DTYPE_F16] = {"F16", 2U}, [PINNA_DTYPE_BF16] = {"BF16", 2U},
    [PINNA_DTYPE_I64] = {"I64", 8U}, [PINNA_DTYPE_I32] = {"I32", 4U},
    [PINNA_DTYPE_I16] = {"I16", 2U}, [PINNA_DTYPE_I8] = {"I8", 1U},
    [PINNA_DTYPE_U8] = {"U8", 1U},   [PINNA_DTYPE_BOOL] = {"BOOL", 1U},
};

const char*
pinna_dtype_name(const PinnaDtype dtype) {
  return (unsigned)dtype < PINNA_N_DTYPES ? dtypes[dtype].name : "unknown";
}

size_t
pinna_dtype_size(const PinnaDtype dtype) {
  return (unsigned)dtype < PINNA_N_DTYPES ? dtypes[dtype].size : 0U;
}

bool
pinna_tensor_shape(PinnaTensor* const tensor, const uint32_t n_dims, const uint64_t* const shape) {
  const uint64_t most = (uint64_t)INT64_MAX / 8U;
  uint64_t       count = 1U;
  if (n_dims > PINNA_TENSOR_MAX_DIMS) {
    return false;
  }
  tensor->n_dims = n_dims;
  for (uint32_t d = n_dims; d-- > 0U;) {
    tensor->shape[d] = shape[d];
    tensor->stride[d] = count;
    if (shape[d] && count > most / shape[d]) {
      return false;
    }
    count *= shape[d] ? shape[d] : 1U;
  }
  return true;
}

uint64_t
pinna_tensor_count(const PinnaTensor* const tensor) {
  uint64_t count = 1U;
  for (uint32_t d = 0U; d < tensor->n_dims; ++d) {
    count *= tensor->shape[d];
  }
  return count;
}

const char*
pinna_shape_text(const uint32_t n_dims, const uint64_t* const shape, char* const text,
                 const size_t size) {
  size_t at = 0U;
  snprintf(text, size, "[]");
  for (uint32_t d = 0U; d < n_dims && at < size; ++d) {
    const int n = snprintf(text + at, size - at, "%s%llu%s", d ? " x " : "[",
                           (unsigned long long)shape[d], d + 1U == n_dims ? "]" : "");
    at += n > 0 ? (size_t)n : size;
  }
  return text;
}

static float
from_half(const uint16_t bits) {
  const uint32_t sign = (uint32_t)(bits & 0x8000U) << 16U;
  const uint32_t exponent = (bits >> 10U) & 0x1FU;
  uint32_t       mantissa = bits & 0x3FFU;
  uint32_t       single = 0U;
  if (exponent == 31U) {
    single = 0x7F800000U | (mantissa << 13U);
  } else if (exponent) {
    single = ((exponent + 112U) << 23U) | (mantissa << 13U);
  } else if (mantissa) {
    uint32_t shift = 113U;
    for (; !(mantissa & 0x400U); mantissa <<= 1U) {
      --shift;
    }
    single = (shift << 23U) | ((mantissa & 0x3FFU) << 13U);
  }
  single |= sign;
  float value = 0.0F;
  memcpy(&value, &single, sizeof(value));
  return value;
}

#define READ_AS(type)                                                                              \
  {                                                                                                \
    type v;                                                                                        \
    memcpy(&v, p, sizeof(v));                                                                      \
    return (float)v;                                                                               \
  }

static float
read_value(const PinnaDtype dtype, const char* const p) {
  switch (dtype) {
  case PINNA_DTYPE_F32:
    READ_AS(float)
  case PINNA_DTYPE_F64:
    READ_AS(double)
  case PINNA_DTYPE_I64:
    READ_AS(int64_t)
  case PINNA_DTYPE_I32:
    READ_AS(int32_t)
  case PINNA_DTYPE_I16:
    READ_AS(int16_t)
  case PINNA_DTYPE_I8:
    READ_AS(int8_t)
  case PINNA_DTYPE_F16: {
    uint16_t bits;
    memcpy(&bits, p, sizeof(bits));
    return from_half(bits);
  }
  case PINNA_DTYPE_BF16: {
    uint8_t bits[4] = {0U, 0U, 0U, 0U};
    memcpy(bits + 2, p, 2U);
    float value;
    memcpy(&value, bits, sizeof(value));
    return value;
  }
  default:
    return (float)*(const unsigned char*)p;
  }
}

void
pinna_tensor_read(const PinnaTensor* const tensor, float* const out) {
  const size_t   size = pinna_dtype_size(tensor->dtype);
  const uint64_t count = pinna_tensor_count(tensor);
  uint64_t       index[PINNA_TENSOR_MAX_DIMS] = {0U};
  const char*    p = (const char*)tensor->data;
  for (uint64_t i = 0U; i < count; ++i) {
    out[i] = read_value(tensor->dtype, p);
    for (uint32_t d = tensor->n_dims; d-- > 0U;) {
      p += tensor->stride[d] * size;
      if (++index[d] < tensor->shape[d]) {
        break;
      }
      p -= tensor->stride[d] * size * tensor->shape[d];
      index[d] = 0U;
    }
  }
}
