// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_BASE_GROW_H
#define PINNA_BASE_GROW_H

#include <stdbool.h>
#include <stddef.h>

// Arrays of which nobody knows the length before

/// Make room for one more item; the room doubles. Not realtime.
/// @param items Address of the pointer to the items, NULL at first; they may move. Freed by free()
/// @param n     Items in use
/// @param max   Items that there is room for, 0 at first
/// @param size  Bytes of an item
/// @return false without memory: nothing has changed
bool pinna_grow(void* items, size_t n, size_t* max, size_t size);

#endif // PINNA_BASE_GROW_H
