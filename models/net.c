// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/net.h"

#include "nn/plan.h"
#include "nn/tensor.h"
#include "nn/weights.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Names to tensors to operators

#define PRINT_NAME(name, format)                                                                   \
  do {                                                                                             \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    vsnprintf((name), PINNA_NET_NAME, (format), args);                                             \
    va_end(args);                                                                                  \
  } while (0)

uint32_t
pinna_net_size(const PinnaNet* const net, const uint32_t dimension, const char* const format, ...) {
  char name[PINNA_NET_NAME];
  PRINT_NAME(name, format);
  const PinnaTensor* const t = pinna_weights_find(net->weights, name);
  return t && dimension < t->n_dims && t->shape[dimension] <= UINT32_MAX
             ? (uint32_t)t->shape[dimension]
             : 0U;
}

uint32_t
pinna_net_count(const PinnaNet* const net, const char* const prefix) {
  const size_t  n = strlen(prefix);
  unsigned long count = 0U;
  for (size_t i = 0U; i < pinna_weights_count(net->weights); ++i) {
    const char* const name = pinna_weights_name(net->weights, i);
    if (!strncmp(name, prefix, n) && name[n] >= '0' && name[n] <= '9') {
      const unsigned long number = strtoul(name + n, NULL, 10);
      count = number >= count && number < 65536U ? number + 1U : count;
    }
  }
  return (uint32_t)count;
}

PinnaRef
pinna_net_weight(const PinnaNet* const net, const uint32_t n_dims, const uint64_t* const shape,
                 const char* const format, ...) {
  char name[PINNA_NET_NAME];
  PRINT_NAME(name, format);
  return pinna_plan_weight(net->plan, net->weights, name, n_dims, shape);
}

/// Size of a dimension of a layer's weight; 1 if it has none, so that reading it says its name
static uint32_t
size_of(const PinnaNet* const net, const char* const layer, const uint32_t dimension) {
  const uint32_t n = pinna_net_size(net, dimension, "%s.weight", layer);
  return n ? n : 1U;
}

PinnaRef
pinna_net_linear(const PinnaNet* const net, const PinnaRef x, const PinnaAct act,
                 const char* const format, ...) {
  char layer[PINNA_NET_NAME];
  PRINT_NAME(layer, format);
  PinnaConvConfig conv = pinna_conv_config(size_of(net, layer, 0U));
  const uint64_t  shape[] = {conv.n_out, pinna_plan_shape(net->plan, x).c, 1U};
  const uint32_t  n_dims = pinna_net_size(net, 2U, "%s.weight", layer) ? 3U : 2U;
  conv.act = act;
  const PinnaRef weight = pinna_net_weight(net, n_dims, shape, "%s.weight", layer);
  const PinnaRef bias = pinna_net_weight(net, 1U, shape, "%s.bias", layer);
  return pinna_plan_conv(net->plan, x, &conv, weight, bias);
}

PinnaRef
pinna_net_conv1d(const PinnaNet* const net, const PinnaRef x, const uint32_t stride,
                 const uint32_t dilation, const uint32_t groups, const bool has_bias,
                 const char* const format, ...) {
  char layer[PINNA_NET_NAME];
  PRINT_NAME(layer, format);
  PinnaConvConfig conv = pinna_conv_config(size_of(net, layer, 0U));
  conv.kernel[0] = size_of(net, layer, 2U);
  conv.stride[0] = stride;
  conv.dilation[0] = dilation;
  conv.groups = groups;
  const uint64_t shape[] = {conv.n_out, pinna_plan_shape(net->plan, x).c / groups, conv.kernel[0]};
  const PinnaRef weight = pinna_net_weight(net, 3U, shape, "%s.weight", layer);
  const PinnaRef bias = has_bias ? pinna_net_weight(net, 1U, shape, "%s.bias", layer) : 0U;
  return pinna_plan_conv(net->plan, x, &conv, weight, bias);
}

PinnaRef
pinna_net_norm(const PinnaNet* const net, const PinnaRef x, const PinnaNormKind kind,
               const uint32_t groups, const float eps, const char* const format, ...) {
  char           layer[PINNA_NET_NAME];
  const uint64_t n = pinna_plan_shape(net->plan, x).c;
  PRINT_NAME(layer, format);
  const PinnaRef weight = pinna_net_weight(net, 1U, &n, "%s.weight", layer);
  const PinnaRef bias = pinna_net_weight(net, 1U, &n, "%s.bias", layer);
  return pinna_plan_norm(net->plan, x, kind, groups, eps, weight, bias);
}
