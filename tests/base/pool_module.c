// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/pool.h"

// A module with its own copy of the pool's code, as a plugin bundle has

PINNA_API PinnaPool* pool_module_acquire(void);

PinnaPool*
pool_module_acquire(void) {
  return pinna_pool_acquire();
}
