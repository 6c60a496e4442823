// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/rt_trap_impl.h"

// Engine of the realtime trap: RealtimeSanitizer's runtime, which ends the process at an offence

void __rtsan_init(void);
void __rtsan_realtime_enter(void);
void __rtsan_realtime_exit(void);

const char* const rt_trap_engine_name = "rtsan";

__attribute__((constructor)) static void
start(void) {
  __rtsan_init();
}

void
rt_trap_engine_enter(void) {
  __rtsan_realtime_enter();
}

void
rt_trap_engine_leave(void) {
  __rtsan_realtime_exit();
}
