// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/grow.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The pointer is copied as bytes: it may be one to anything

bool
pinna_grow(void* const items, const size_t n, size_t* const max, const size_t size) {
  if (n < *max) {
    return true;
  }
  void* old = NULL;
  memcpy(&old, items, sizeof(old));
  const size_t more = *max ? *max * 2U : 4U;
  void* const  moved = more > *max && more <= SIZE_MAX / size ? realloc(old, more * size) : NULL;
  if (!moved) {
    return false;
  }
  memcpy(items, &moved, sizeof(moved));
  *max = more;
  return true;
}
