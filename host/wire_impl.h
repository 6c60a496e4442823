// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_WIRE_IMPL_H
#define PINNA_HOST_WIRE_IMPL_H

#include "host/wire.h"

#include <stdint.h>

// A delay line: a ring as long as the delay, where the oldest sample gives its place to the newest

struct PinnaDelayImpl {
  uint32_t length;
  uint32_t at;
  float    samples[];
};

#endif // PINNA_HOST_WIRE_IMPL_H
