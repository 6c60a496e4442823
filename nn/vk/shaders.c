// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/shaders.h"

#include "nn/plan.h"
#include "shaders/abi/layout.h"
#include "shaders/abi/push.h"
#include "shaders/act.spv.h"
#include "shaders/affine.spv.h"
#include "shaders/attention.spv.h"
#include "shaders/binary.spv.h"
#include "shaders/count.spv.h"
#include "shaders/depthwise.spv.h"
#include "shaders/embedding.spv.h"
#include "shaders/gather.spv.h"
#include "shaders/glu.spv.h"
#include "shaders/gru.spv.h"
#include "shaders/history.spv.h"
#include "shaders/lstm.spv.h"
#include "shaders/lstm_norm.spv.h"
#include "shaders/magnitude.spv.h"
#include "shaders/mean_square.spv.h"
#include "shaders/norm.spv.h"
#include "shaders/norm_cumulative.spv.h"
#include "shaders/product_skinny.spv.h"
#include "shaders/product_tiled.spv.h"
#include "shaders/softmax.spv.h"

// SPIR-V by number

#define CODE(name, file) [PINNA_VK_##name] = {#file, spv_##file, sizeof(spv_##file)},

const PinnaVkShaderCode pinna_vk_shaders[PINNA_VK_N_SHADERS] = {PINNA_VK_SHADERS(CODE)};

_Static_assert(sizeof(struct PinnaProductPush) <= 128U, "every device takes 128 bytes");
_Static_assert((int)PINNA_ACT_RELU == PINNA_SHADER_ACT_RELU &&
                   (int)PINNA_ACT_LEAKY == PINNA_SHADER_ACT_LEAKY &&
                   (int)PINNA_ACT_SIGMOID == PINNA_SHADER_ACT_SIGMOID &&
                   (int)PINNA_ACT_TANH == PINNA_SHADER_ACT_TANH &&
                   (int)PINNA_ACT_SILU == PINNA_SHADER_ACT_SILU &&
                   (int)PINNA_ACT_GELU == PINNA_SHADER_ACT_GELU &&
                   (int)PINNA_N_ACTS == PINNA_SHADER_ACT_GELU + 1,
               "shaders count activations as the plan does");

uint64_t
pinna_vk_hash(uint64_t hash, const void* const bytes, const size_t n) {
  const uint8_t* const b = (const uint8_t*)bytes;
  for (size_t i = 0U; i < n; ++i) {
    hash = (hash ^ b[i]) * 0x100000001b3U;
  }
  return hash;
}

uint64_t
pinna_vk_shaders_hash(void) {
  uint64_t hash = PINNA_VK_HASH_START;
  for (int i = 0; i < PINNA_VK_N_SHADERS; ++i) {
    hash = pinna_vk_hash(hash, pinna_vk_shaders[i].words, pinna_vk_shaders[i].n_bytes);
  }
  return hash;
}
