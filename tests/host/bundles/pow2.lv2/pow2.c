// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/block_check.h"

// Every run has a length that is a power of two, or is counted

static void
run(const LV2_Handle handle, const uint32_t n) {
  const uint32_t most = ((const BlockCheck*)handle)->max_block;
  block_check_run(handle, n, !n || (n & (n - 1U)) || n > most);
}

TEST_PLUGIN("pow2", block_check_make, NULL, run, free, NULL)
