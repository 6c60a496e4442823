// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_SESSION_IMPL_H
#define PINNA_NN_SESSION_IMPL_H

#include "nn/cpu/runner.h"
#include "nn/session.h"
#include "nn/vk/device.h"
#include "nn/vk/runner.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// A processor's runner, and a device's before it when there is one

struct PinnaSessionImpl {
  void*                memory;
  PinnaRunner*         cpu; ///< Holds the tensors that callers see
  float*               io;  ///< All of them
  PinnaVkDevice*       device;
  PinnaVkRunner*       vk; ///< Or NULL
  atomic_bool          is_on_device;
  uint32_t             n_wait;   ///< Chunks until a late device is tried again
  uint32_t             patience; ///< n_wait after the next time that it is late
  PinnaSessionCounters counters;
  char                 cpu_name[32];
  char                 device_name[288];
};

#endif // PINNA_NN_SESSION_IMPL_H
