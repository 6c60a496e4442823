// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/prefix_tree.h"

// Memory for the tree of hypotheses: no two of them need share more than the root

PinnaStatus
pinna_prefix_tree_init(PinnaPrefixTree* const tree, PinnaArena* const arena,
                       const uint32_t n_holders, const uint32_t max_depth) {
  const uint64_t max_nodes = 1U + (uint64_t)n_holders * max_depth;
  if (max_nodes >= PINNA_PREFIX_NONE) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaPrefixNode* const nodes = PINNA_TAKE(arena, (size_t)max_nodes, PinnaPrefixNode);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *tree = (PinnaPrefixTree){nodes, (uint32_t)max_nodes, PINNA_PREFIX_NONE};
  pinna_prefix_tree_reset(tree);
  return PINNA_STATUS_OK;
}
