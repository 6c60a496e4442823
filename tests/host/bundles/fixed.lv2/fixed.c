// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/block_check.h"

// Every run has the longest length, or is counted

static void
run(const LV2_Handle handle, const uint32_t n) {
  const uint32_t most = ((const BlockCheck*)handle)->max_block;
  block_check_run(handle, n, n != most);
}

TEST_PLUGIN("fixed", block_check_make, NULL, run, free, NULL)
