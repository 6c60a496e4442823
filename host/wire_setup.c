// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/wire.h"

#include "host/wire_impl.h"

#include <stdlib.h>

// Allocation of delay lines

PinnaStatus
pinna_delay_new(PinnaDelay** const delay, const uint32_t length) {
  *delay = NULL;
  if (!length) {
    return PINNA_STATUS_OK;
  }

  *delay = (PinnaDelay*)calloc(1U, sizeof(PinnaDelay) + (size_t)length * sizeof(float));
  if (!*delay) {
    return PINNA_STATUS_NO_MEM;
  }

  (*delay)->length = length;
  return PINNA_STATUS_OK;
}

void
pinna_delay_free(PinnaDelay* const delay) {
  free(delay);
}
