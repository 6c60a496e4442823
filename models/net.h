// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_NET_H
#define PINNA_MODELS_NET_H

#include "nn/plan.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdint.h>

// torch's layers by their names in a file: one call makes the operator and reads its weights
//
// Sizes that are not given are the file's. Names are printf formats; what is missing or of another
// shape becomes the plan's mistake, by its name. Not realtime.

#define PINNA_NET_NAME 160U ///< Longest name with its end

typedef struct {
  PinnaPlan*          plan;
  const PinnaWeights* weights;
} PinnaNet;

/// Size of a dimension of a tensor; 0 if there is no such tensor or dimension
uint32_t pinna_net_size(const PinnaNet* net, uint32_t dimension, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

/// One more than the greatest number that follows `prefix` in a name: "layers." counts layers.0.x
/// to layers.11.y as 12, whichever is missing between them; 0 if there is none
uint32_t pinna_net_count(const PinnaNet* net, const char* prefix);

/// A weight of this shape
PinnaRef pinna_net_weight(const PinnaNet* net, uint32_t n_dims, const uint64_t* shape,
                          const char* format, ...) __attribute__((format(printf, 4, 5)));

/// torch.nn.Linear, or Conv1d with one tap, called `format`, with its bias
PinnaRef pinna_net_linear(const PinnaNet* net, PinnaRef x, PinnaAct act, const char* format, ...)
    __attribute__((format(printf, 4, 5)));

/// torch.nn.Conv1d along t without padding
PinnaRef pinna_net_conv1d(const PinnaNet* net, PinnaRef x, uint32_t stride, uint32_t dilation,
                          uint32_t groups, bool has_bias, const char* format, ...)
    __attribute__((format(printf, 7, 8)));

/// torch.nn.LayerNorm over channels, or GroupNorm
PinnaRef pinna_net_norm(const PinnaNet* net, PinnaRef x, PinnaNormKind kind, uint32_t groups,
                        float eps, const char* format, ...) __attribute__((format(printf, 6, 7)));

#endif // PINNA_MODELS_NET_H
