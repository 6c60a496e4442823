// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/prefix_tree.h"

// Growing and pruning of the tree of hypotheses

void
pinna_prefix_tree_reset(PinnaPrefixTree* const tree) {
  for (uint32_t i = 1U; i < tree->max_nodes; ++i) {
    tree->nodes[i].sibling = i + 1U < tree->max_nodes ? i + 1U : PINNA_PREFIX_NONE;
  }
  tree->nodes[PINNA_PREFIX_ROOT] = (PinnaPrefixNode){{UINT32_MAX, PINNA_NO_WORD, 0U, 0.0F},
                                                     PINNA_PREFIX_NONE,
                                                     PINNA_PREFIX_NONE,
                                                     PINNA_PREFIX_NONE,
                                                     1U,
                                                     0U};
  tree->free = tree->max_nodes > 1U ? 1U : PINNA_PREFIX_NONE;
}

uint32_t
pinna_prefix_tree_find(const PinnaPrefixTree* const tree, const uint32_t parent,
                       const uint32_t token, const uint32_t word) {
  uint32_t node = tree->nodes[parent].child;
  while (node != PINNA_PREFIX_NONE &&
         (tree->nodes[node].item.token != token || tree->nodes[node].item.word != word)) {
    node = tree->nodes[node].sibling;
  }
  return node;
}

uint32_t
pinna_prefix_tree_grow(PinnaPrefixTree* const tree, const uint32_t parent,
                       const PinnaDecoderToken* const item, bool* const fresh) {
  const uint32_t there = pinna_prefix_tree_find(tree, parent, item->token, item->word);
  *fresh = there == PINNA_PREFIX_NONE;
  if (!*fresh || tree->free == PINNA_PREFIX_NONE) {
    return there;
  }
  PinnaPrefixNode* const nodes = tree->nodes;
  const uint32_t         node = tree->free;
  tree->free = nodes[node].sibling;
  nodes[node] = (PinnaPrefixNode){
      *item, parent, PINNA_PREFIX_NONE, nodes[parent].child, 0U, nodes[parent].depth + 1U};
  nodes[parent].child = node;
  ++nodes[parent].n_uses;
  return node;
}

void
pinna_prefix_tree_hold(PinnaPrefixTree* const tree, const uint32_t node) {
  ++tree->nodes[node].n_uses;
}

void
pinna_prefix_tree_drop(PinnaPrefixTree* const tree, uint32_t node) {
  PinnaPrefixNode* const nodes = tree->nodes;
  while (--nodes[node].n_uses == 0U) {
    const uint32_t parent = nodes[node].parent;
    uint32_t*      link = &nodes[parent].child;
    while (*link != node) {
      link = &nodes[*link].sibling;
    }
    *link = nodes[node].sibling;
    nodes[node].sibling = tree->free;
    tree->free = node;
    node = parent;
  }
}

uint32_t
pinna_prefix_tree_common(const PinnaPrefixTree* const tree, uint32_t* const a, const uint32_t b) {
  const PinnaPrefixNode* const nodes = tree->nodes;
  uint32_t                     x = *a;
  uint32_t                     y = b;
  while (x != y) {
    if (nodes[x].depth > nodes[y].depth) {
      x = nodes[x].parent;
    } else {
      y = nodes[y].parent;
    }
  }
  *a = x;
  return nodes[x].depth;
}

uint32_t
pinna_prefix_tree_path(const PinnaPrefixTree* const tree, uint32_t node,
                       PinnaDecoderToken* const items, const uint32_t capacity) {
  const uint32_t depth = tree->nodes[node].depth;
  for (uint32_t i = depth; i > 0U; --i) {
    if (items && i <= capacity) {
      items[i - 1U] = tree->nodes[node].item;
    }
    node = tree->nodes[node].parent;
  }
  return depth;
}
