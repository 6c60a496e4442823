// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_VK_SHADERS_H
#define PINNA_NN_VK_SHADERS_H

#include <stddef.h>
#include <stdint.h>

// The compiled shaders of shaders/, one for each .comp

#define PINNA_VK_SHADERS(X)                                                                        \
  X(ACT, act)                                                                                      \
  X(AFFINE, affine)                                                                                \
  X(ATTENTION, attention)                                                                          \
  X(BINARY, binary)                                                                                \
  X(COUNT, count)                                                                                  \
  X(DEPTHWISE, depthwise)                                                                          \
  X(EMBEDDING, embedding)                                                                          \
  X(GATHER, gather)                                                                                \
  X(GLU, glu)                                                                                      \
  X(GRU, gru)                                                                                      \
  X(HISTORY, history)                                                                              \
  X(LSTM, lstm)                                                                                    \
  X(LSTM_NORM, lstm_norm)                                                                          \
  X(MAGNITUDE, magnitude)                                                                          \
  X(MEAN_SQUARE, mean_square)                                                                      \
  X(NORM, norm)                                                                                    \
  X(NORM_CUMULATIVE, norm_cumulative)                                                              \
  X(PRODUCT_SKINNY, product_skinny)                                                                \
  X(PRODUCT_TILED, product_tiled)                                                                  \
  X(SOFTMAX, softmax)

typedef enum {
#define PINNA_VK_SHADER_NUMBER(name, file) PINNA_VK_##name,
  PINNA_VK_SHADERS(PINNA_VK_SHADER_NUMBER)
#undef PINNA_VK_SHADER_NUMBER
      PINNA_VK_N_SHADERS
} PinnaVkShader;

typedef struct {
  const char*     name;
  const uint32_t* words; ///< SPIR-V
  size_t          n_bytes;
} PinnaVkShaderCode;

extern const PinnaVkShaderCode pinna_vk_shaders[PINNA_VK_N_SHADERS];

#define PINNA_VK_HASH_START 0xcbf29ce484222325U

/// FNV-1a over more bytes
uint64_t pinna_vk_hash(uint64_t hash, const void* bytes, size_t n);

/// Of all shaders
uint64_t pinna_vk_shaders_hash(void);

#endif // PINNA_NN_VK_SHADERS_H
