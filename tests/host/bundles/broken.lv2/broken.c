// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

// Copies its input, if a host gets so far

static void
run(const LV2_Handle handle, const uint32_t n) {
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
}

TEST_PLUGIN("broken", make_ports, NULL, run, free, NULL)
