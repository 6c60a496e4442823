// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/rt_trap_impl.h"

#include <stddef.h>

// No engine of the realtime trap: for sanitizer builds, which need the C library for themselves

const char* const rt_trap_engine_name = NULL;

void
rt_trap_engine_enter(void) {
}

void
rt_trap_engine_leave(void) {
}
