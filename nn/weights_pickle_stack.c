// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/grow.h"
#include "nn/weights_pickle_impl.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

// Stack, memo and nodes

/// Those that a hostile or foreign file may hold, for the message
static const struct {
  unsigned    op;
  const char* name;
} opcodes[] = {
    {'i', "INST"},
    {'o', "OBJ"},
    {0x81U, "NEWOBJ"},
    {0x92U, "NEWOBJ_EX"},
    {0x82U, "EXT1"},
    {0x83U, "EXT2"},
    {0x84U, "EXT4"},
    {'P', "PERSID"},
    {'R', "REDUCE"},
    {'b', "BUILD"},
    {'c', "GLOBAL"},
    {0x93U, "STACK_GLOBAL"},
    {'Q', "BINPERSID"},
    {'S', "STRING"},
    {'I', "INT"},
    {'L', "LONG"},
    {'F', "FLOAT"},
    {'V', "UNICODE"},
    {'g', "GET"},
    {'p', "PUT"},
    {'0', "POP"},
    {'1', "POP_MARK"},
    {'2', "DUP"},
    {0x8FU, "EMPTY_SET"},
    {0x90U, "ADDITEMS"},
    {0x91U, "FROZENSET"},
    {0x96U, "BYTEARRAY8"},
    {0x97U, "NEXT_BUFFER"},
    {0x98U, "READONLY_BUFFER"},
};

bool
pinna_pickle_refuse(PinnaPickleMachine* const m, const PinnaStatus status, const char* const why) {
  const char* name = "";
  m->status = m->status ? m->status : status;
  for (size_t i = 0U; i < sizeof(opcodes) / sizeof(opcodes[0]); ++i) {
    name = opcodes[i].op == m->op ? opcodes[i].name : name;
  }
  pinna_fail(m->error, status, "%s: pickle opcode 0x%02X %s before byte %zu: %s", m->label, m->op,
             name, (size_t)(m->p - m->data), why);
  return false;
}

bool
pinna_pickle_bad(PinnaPickleMachine* const m, const char* const why) {
  return pinna_pickle_refuse(m, PINNA_STATUS_BAD_FILE, why);
}

/// Room for one more
static bool
grow(PinnaPickleMachine* const m, void* const array, const size_t n, size_t* const max,
     const size_t size) {
  return pinna_grow(array, n, max, size) ||
         pinna_pickle_refuse(m, PINNA_STATUS_NO_MEM, "out of memory");
}

bool
pinna_pickle_push(PinnaPickleMachine* const m, const uint32_t node) {
  if (!grow(m, &m->stack, m->n_stack, &m->max_stack, sizeof(uint32_t))) {
    return false;
  }
  m->stack[m->n_stack++] = node;
  return true;
}

bool
pinna_pickle_push_node(PinnaPickleMachine* const m, const PinnaPickleNode node) {
  PinnaPickle* const out = m->out;
  if (out->n_nodes >= UINT32_MAX ||
      !grow(m, &out->nodes, out->n_nodes, &out->max_nodes, sizeof(PinnaPickleNode))) {
    return false;
  }
  out->nodes[out->n_nodes] = node;
  return pinna_pickle_push(m, (uint32_t)out->n_nodes++);
}

bool
pinna_pickle_push_kind(PinnaPickleMachine* const m, const PinnaPickleKind kind) {
  return pinna_pickle_push_node(m, (PinnaPickleNode){.kind = kind});
}

bool
pinna_pickle_append(PinnaPickleMachine* const m, const uint32_t to, const uint32_t item) {
  PinnaPickleNode* const node = &m->out->nodes[to];
  if (!grow(m, &node->items, node->n, &node->max_items, sizeof(uint32_t))) {
    return false;
  }
  node->items[node->n++] = item;
  return true;
}

bool
pinna_pickle_peek(PinnaPickleMachine* const m, const size_t depth, const PinnaPickleKind kind,
                  uint32_t* const node) {
  if (depth >= m->n_stack) {
    return pinna_pickle_bad(m, "the stack is empty");
  }
  *node = m->stack[m->n_stack - 1U - depth];
  return m->out->nodes[*node].kind == kind ||
         pinna_pickle_bad(m, "an operand of another kind was expected");
}

bool
pinna_pickle_count_to_mark(PinnaPickleMachine* const m, size_t* const n) {
  for (*n = 0U; *n < m->n_stack; ++*n) {
    if (m->out->nodes[m->stack[m->n_stack - 1U - *n]].kind == PINNA_PICKLE_MARK) {
      return true;
    }
  }
  return pinna_pickle_bad(m, "no mark");
}

bool
pinna_pickle_take(PinnaPickleMachine* const m, const uint64_t n,
                  const unsigned char** const bytes) {
  if (n > (uint64_t)(m->end - m->p)) {
    return pinna_pickle_bad(m, "cut off");
  }
  *bytes = m->p;
  m->p += n;
  return true;
}

bool
pinna_pickle_take_number(PinnaPickleMachine* const m, const unsigned n, uint64_t* const value) {
  const unsigned char* p = m->p;
  *value = 0U;
  if (!pinna_pickle_take(m, n, &p)) {
    return false;
  }
  for (unsigned i = 0U; i < n; ++i) {
    *value |= (uint64_t)p[i] << (8U * i);
  }
  return true;
}

bool
pinna_pickle_push_bytes(PinnaPickleMachine* const m, const unsigned n_length) {
  const unsigned char* p = NULL;
  uint64_t             n = 0U;
  return pinna_pickle_take_number(m, n_length, &n) && pinna_pickle_take(m, n, &p) &&
         pinna_pickle_push_node(m, (PinnaPickleNode){.kind = PINNA_PICKLE_BYTES,
                                                     .bytes = (const char*)p,
                                                     .n = (size_t)n});
}

bool
pinna_pickle_push_int(PinnaPickleMachine* const m, const unsigned n_bytes, const bool is_signed) {
  uint64_t value = 0U;
  if (!pinna_pickle_take_number(m, n_bytes, &value)) {
    return false;
  }
  if (is_signed && n_bytes && n_bytes < 8U && (value >> (8U * n_bytes - 1U))) {
    value |= UINT64_MAX << (8U * n_bytes);
  }
  return pinna_pickle_push_node(m,
                                (PinnaPickleNode){.kind = PINNA_PICKLE_INT, .i = (int64_t)value});
}

bool
pinna_pickle_push_long(PinnaPickleMachine* const m) {
  if (m->p<m->end&& * m->p> 8U) {
    return pinna_pickle_push_bytes(m, 1U);
  }
  uint64_t n = 0U;
  return pinna_pickle_take_number(m, 1U, &n) && pinna_pickle_push_int(m, (unsigned)n, true);
}

bool
pinna_pickle_collect(PinnaPickleMachine* const m, const size_t n, const PinnaPickleKind kind,
                     const bool has_mark) {
  if (n > m->n_stack) {
    return pinna_pickle_bad(m, "the stack is empty");
  }
  const size_t first = m->n_stack - n;
  if (!pinna_pickle_push_kind(m, kind)) {
    return false;
  }
  const uint32_t node = m->stack[m->n_stack - 1U];
  for (size_t i = 0U; i < n; ++i) {
    if (!pinna_pickle_append(m, node, m->stack[first + i])) {
      return false;
    }
  }
  m->n_stack = first - has_mark;
  return pinna_pickle_push(m, node);
}

bool
pinna_pickle_extend(PinnaPickleMachine* const m, const size_t n, const PinnaPickleKind kind,
                    const bool has_mark) {
  uint32_t to = 0U;
  if (!pinna_pickle_peek(m, n + has_mark, kind, &to) || (kind == PINNA_PICKLE_DICT && n % 2U)) {
    return pinna_pickle_bad(m, "the items do not fit their container");
  }
  for (size_t i = 0U; i < n; ++i) {
    if (!pinna_pickle_append(m, to, m->stack[m->n_stack - n + i])) {
      return false;
    }
  }
  m->n_stack -= n + has_mark;
  return true;
}

bool
pinna_pickle_memo_put(PinnaPickleMachine* const m, const uint64_t index) {
  if (!m->n_stack || index > (uint64_t)(m->end - m->data)) {
    return pinna_pickle_bad(m, "a memo number that no writer would use");
  }
  if (index >= m->n_memo) {
    const size_t    n = (size_t)index * 2U + 64U;
    uint32_t* const memo = (uint32_t*)realloc(m->memo, n * sizeof(uint32_t));
    if (!memo) {
      return pinna_pickle_refuse(m, PINNA_STATUS_NO_MEM, "out of memory");
    }
    memset(memo + m->n_memo, 0xFF, (n - m->n_memo) * sizeof(uint32_t));
    m->memo = memo;
    m->n_memo = n;
  }
  m->memo[index] = m->stack[m->n_stack - 1U];
  return true;
}

bool
pinna_pickle_memo_get(PinnaPickleMachine* const m, const uint64_t index) {
  return index < m->n_memo && m->memo[index] != UINT32_MAX ? pinna_pickle_push(m, m->memo[index])
                                                           : pinna_pickle_bad(m, "an empty memo");
}
