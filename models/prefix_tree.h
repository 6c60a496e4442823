// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_PREFIX_TREE_H
#define PINNA_MODELS_PREFIX_TREE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "models/decoder.h"

#include <stdbool.h>
#include <stdint.h>

// Hypotheses of a beam as nodes of one tree: equal sequences are the same node, common beginnings
// are kept once, and a node goes when neither a hypothesis nor a longer one needs it
//
// Realtime but for init. Node 0 is the empty sequence and always there.

#define PINNA_PREFIX_ROOT 0U
#define PINNA_PREFIX_NONE UINT32_MAX

typedef struct {
  PinnaDecoderToken item;
  uint32_t          parent;
  uint32_t          child;   ///< The newest, or PINNA_PREFIX_NONE
  uint32_t          sibling; ///< The next older, or the next free node
  uint32_t          n_uses;  ///< Children, and hypotheses that hold it
  uint32_t          depth;
} PinnaPrefixNode;

typedef struct {
  PinnaPrefixNode* nodes; ///< [max_nodes]
  uint32_t         max_nodes;
  uint32_t         free; ///< First of the free nodes
} PinnaPrefixTree;

/// @param n_holders How many nodes are held at once, at most
/// @param max_depth Longest sequence
PinnaStatus pinna_prefix_tree_init(PinnaPrefixTree* tree, PinnaArena* arena, uint32_t n_holders,
                                   uint32_t max_depth);

/// Only the root is left
void pinna_prefix_tree_reset(PinnaPrefixTree* tree) PINNA_RT;

/// Child by token and word. @return PINNA_PREFIX_NONE if there is none
uint32_t pinna_prefix_tree_find(const PinnaPrefixTree* tree, uint32_t parent, uint32_t token,
                                uint32_t word) PINNA_RT;

/// Child by token and word, made if it is new. Nobody holds a new child: hold it at once.
/// @param item token, word, frame, log_prob; the last two are for a new child only
/// @param fresh Receives whether it is new
/// @return PINNA_PREFIX_NONE when all nodes are in use
uint32_t pinna_prefix_tree_grow(PinnaPrefixTree* tree, uint32_t parent,
                                const PinnaDecoderToken* item, bool* fresh) PINNA_RT;

/// Hold a node; let it go, and with it what it alone kept
void pinna_prefix_tree_hold(PinnaPrefixTree* tree, uint32_t node) PINNA_RT;
void pinna_prefix_tree_drop(PinnaPrefixTree* tree, uint32_t node) PINNA_RT;

/// Length of the beginning that two sequences share; `a` becomes its last node
uint32_t pinna_prefix_tree_common(const PinnaPrefixTree* tree, uint32_t* a, uint32_t b) PINNA_RT;

/// The items from the root to a node. @return How many there are, also beyond `capacity`
uint32_t pinna_prefix_tree_path(const PinnaPrefixTree* tree, uint32_t node,
                                PinnaDecoderToken* items, uint32_t capacity) PINNA_RT;

#endif // PINNA_MODELS_PREFIX_TREE_H
