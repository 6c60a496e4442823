// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights_pickle.h"

#include "base/status.h"
#include "nn/tensor.h"
#include "nn/weights_pickle_impl.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The stack machine of Python's pickletools, protocols 2 to 5, without anything that acts

typedef enum { NAME_DICT = 0, NAME_TENSOR, NAME_PARAMETER, NAME_SIZE, NAME_STORAGE } NameKind;

static const struct {
  const char* module;
  const char* name;
  NameKind    kind;
  PinnaDtype  dtype;
} names[] = {
    {"collections", "OrderedDict", NAME_DICT, PINNA_N_DTYPES},
    {"torch._utils", "_rebuild_tensor_v2", NAME_TENSOR, PINNA_N_DTYPES},
    {"torch._utils", "_rebuild_parameter", NAME_PARAMETER, PINNA_N_DTYPES},
    {"torch", "Size", NAME_SIZE, PINNA_N_DTYPES},
    {"torch", "FloatStorage", NAME_STORAGE, PINNA_DTYPE_F32},
    {"torch", "DoubleStorage", NAME_STORAGE, PINNA_DTYPE_F64},
    {"torch", "HalfStorage", NAME_STORAGE, PINNA_DTYPE_F16},
    {"torch", "BFloat16Storage", NAME_STORAGE, PINNA_DTYPE_BF16},
    {"torch", "LongStorage", NAME_STORAGE, PINNA_DTYPE_I64},
    {"torch", "IntStorage", NAME_STORAGE, PINNA_DTYPE_I32},
    {"torch", "ShortStorage", NAME_STORAGE, PINNA_DTYPE_I16},
    {"torch", "CharStorage", NAME_STORAGE, PINNA_DTYPE_I8},
    {"torch", "ByteStorage", NAME_STORAGE, PINNA_DTYPE_U8},
    {"torch", "BoolStorage", NAME_STORAGE, PINNA_DTYPE_BOOL},
};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static bool
push_name(PinnaPickleMachine* const m, const char* const module, const size_t n_module,
          const char* const name, const size_t n_name) {
  for (size_t i = 0U; i < N_NAMES; ++i) {
    if (strlen(names[i].module) == n_module && !memcmp(names[i].module, module, n_module) &&
        strlen(names[i].name) == n_name && !memcmp(names[i].name, name, n_name)) {
      return pinna_pickle_push_node(
          m, (PinnaPickleNode){.kind = PINNA_PICKLE_GLOBAL, .i = (int64_t)i});
    }
  }
  pinna_fail(m->error, PINNA_STATUS_UNSUPPORTED,
             "%s: pickle opcode %s wants %.*s.%.*s: only tensors in containers are read; save the "
             "model's state_dict()",
             m->label, m->op == 'c' ? "GLOBAL" : "STACK_GLOBAL",
             n_module < 100U ? (int)n_module : 100, module, n_name < 100U ? (int)n_name : 100,
             name);
  m->status = m->status ? m->status : PINNA_STATUS_UNSUPPORTED;
  return false;
}

static bool
exec_global(PinnaPickleMachine* const m) {
  const char* texts[2] = {NULL, NULL};
  size_t      lengths[2] = {0U, 0U};
  for (int i = 0; i < 2; ++i) {
    const size_t               left = (size_t)(m->end - m->p);
    const unsigned char* const line = left ? (const unsigned char*)memchr(m->p, '\n', left) : NULL;
    if (!line) {
      return pinna_pickle_bad(m, "cut off");
    }
    texts[i] = (const char*)m->p;
    lengths[i] = (size_t)(line - m->p);
    m->p = line + 1;
  }
  return push_name(m, texts[0], lengths[0], texts[1], lengths[1]);
}

static bool
exec_stack_global(PinnaPickleMachine* const m) {
  uint32_t module = 0U;
  uint32_t name = 0U;
  if (!pinna_pickle_peek(m, 1U, PINNA_PICKLE_BYTES, &module) ||
      !pinna_pickle_peek(m, 0U, PINNA_PICKLE_BYTES, &name)) {
    return false;
  }
  m->n_stack -= 2U;
  const PinnaPickleNode* const a = &m->out->nodes[module];
  const PinnaPickleNode* const b = &m->out->nodes[name];
  return push_name(m, a->bytes, a->n, b->bytes, b->n);
}

/// A call: of the four callables of the table, and only as torch writes them
static bool
exec_reduce(PinnaPickleMachine* const m) {
  uint32_t function = 0U;
  uint32_t args = 0U;
  if (!pinna_pickle_peek(m, 1U, PINNA_PICKLE_GLOBAL, &function) ||
      !pinna_pickle_peek(m, 0U, PINNA_PICKLE_TUPLE, &args)) {
    return false;
  }
  m->n_stack -= 2U;
  const PinnaPickleNode* const tuple = &m->out->nodes[args];
  const NameKind               kind = names[m->out->nodes[function].i].kind;
  const size_t                 n = tuple->n;
  const uint32_t               first = n ? tuple->items[0] : 0U;
  if (kind == NAME_DICT && n == 0U) {
    return pinna_pickle_push_kind(m, PINNA_PICKLE_DICT);
  }
  if (kind == NAME_PARAMETER && n && m->out->nodes[first].kind == PINNA_PICKLE_TENSOR) {
    return pinna_pickle_push(m, first);
  }
  if (kind == NAME_SIZE && n == 1U && m->out->nodes[first].kind == PINNA_PICKLE_TUPLE) {
    return pinna_pickle_push(m, first);
  }
  return kind == NAME_TENSOR && n >= 4U
             ? pinna_pickle_push_kind(m, PINNA_PICKLE_TENSOR) &&
                   pinna_pickle_append(m, m->stack[m->n_stack - 1U], args)
             : pinna_pickle_bad(m, "a call with arguments that torch would not write");
}

static bool
exec_persistent(PinnaPickleMachine* const m) {
  uint32_t tuple = 0U;
  if (!pinna_pickle_peek(m, 0U, PINNA_PICKLE_TUPLE, &tuple)) {
    return false;
  }
  --m->n_stack;
  return pinna_pickle_push_kind(m, PINNA_PICKLE_STORAGE) &&
         pinna_pickle_append(m, m->stack[m->n_stack - 1U], tuple);
}

/// Attributes of a container, such as a state dict's _metadata, are dropped
static bool
exec_build(PinnaPickleMachine* const m) {
  uint32_t object = 0U;
  return pinna_pickle_peek(m, 1U, PINNA_PICKLE_DICT, &object) && m->n_stack-- > 0U;
}

static bool
exec_scalar(PinnaPickleMachine* const m) {
  const unsigned char* p = NULL;
  switch (m->op) {
  case 0x95U: // FRAME
    return pinna_pickle_take(m, 8U, &p);
  case 'N':
  case 0x88U: // NEWTRUE
  case 0x89U: // NEWFALSE
    return pinna_pickle_push_kind(m, PINNA_PICKLE_OTHER);
  case 'G': // BINFLOAT
    return pinna_pickle_take(m, 8U, &p) && pinna_pickle_push_kind(m, PINNA_PICKLE_OTHER);
  case 'J':
    return pinna_pickle_push_int(m, 4U, true);
  case 'K':
    return pinna_pickle_push_int(m, 1U, false);
  case 'M':
    return pinna_pickle_push_int(m, 2U, false);
  case 0x8AU: // LONG1
    return pinna_pickle_push_long(m);
  case 'X': // BINUNICODE
  case 'T': // BINSTRING
  case 'B': // BINBYTES
    return pinna_pickle_push_bytes(m, 4U);
  case 0x8CU: // SHORT_BINUNICODE
  case 'U':   // SHORT_BINSTRING
  case 'C':   // SHORT_BINBYTES
    return pinna_pickle_push_bytes(m, 1U);
  case 0x8DU: // BINUNICODE8
  case 0x8EU: // BINBYTES8
    return pinna_pickle_push_bytes(m, 8U);
  default:
    return pinna_pickle_refuse(m, PINNA_STATUS_UNSUPPORTED, "not allowed in a file of weights");
  }
}

static bool
exec_memo(PinnaPickleMachine* const m) {
  uint64_t index = 0U;
  switch (m->op) {
  case 'q': // BINPUT
    return pinna_pickle_take_number(m, 1U, &index) && pinna_pickle_memo_put(m, index);
  case 'r': // LONG_BINPUT
    return pinna_pickle_take_number(m, 4U, &index) && pinna_pickle_memo_put(m, index);
  case 'h': // BINGET
    return pinna_pickle_take_number(m, 1U, &index) && pinna_pickle_memo_get(m, index);
  case 'j': // LONG_BINGET
    return pinna_pickle_take_number(m, 4U, &index) && pinna_pickle_memo_get(m, index);
  default:
    return exec_scalar(m);
  }
}

static bool
exec(PinnaPickleMachine* const m, uint64_t* const n_memoized) {
  size_t n = 0U;
  switch (m->op) {
  case '}':
    return pinna_pickle_push_kind(m, PINNA_PICKLE_DICT);
  case ']':
    return pinna_pickle_push_kind(m, PINNA_PICKLE_LIST);
  case ')':
    return pinna_pickle_push_kind(m, PINNA_PICKLE_TUPLE);
  case '(':
    return pinna_pickle_push_kind(m, PINNA_PICKLE_MARK);
  case 't':
    return pinna_pickle_count_to_mark(m, &n) &&
           pinna_pickle_collect(m, n, PINNA_PICKLE_TUPLE, true);
  case 'l':
    return pinna_pickle_count_to_mark(m, &n) && pinna_pickle_collect(m, n, PINNA_PICKLE_LIST, true);
  case 'd':
    return pinna_pickle_count_to_mark(m, &n) && n % 2U == 0U &&
           pinna_pickle_collect(m, n, PINNA_PICKLE_DICT, true);
  case 0x85U: // TUPLE1 to TUPLE3
  case 0x86U:
  case 0x87U:
    return pinna_pickle_collect(m, m->op - 0x84U, PINNA_PICKLE_TUPLE, false);
  case 'a':
    return pinna_pickle_extend(m, 1U, PINNA_PICKLE_LIST, false);
  case 'e':
    return pinna_pickle_count_to_mark(m, &n) && pinna_pickle_extend(m, n, PINNA_PICKLE_LIST, true);
  case 's':
    return pinna_pickle_extend(m, 2U, PINNA_PICKLE_DICT, false);
  case 'u':
    return pinna_pickle_count_to_mark(m, &n) && pinna_pickle_extend(m, n, PINNA_PICKLE_DICT, true);
  case 0x94U: // MEMOIZE
    return pinna_pickle_memo_put(m, (*n_memoized)++);
  case 'c':
    return exec_global(m);
  case 0x93U:
    return exec_stack_global(m);
  case 'R':
    return exec_reduce(m);
  case 'Q':
    return exec_persistent(m);
  case 'b':
    return exec_build(m);
  default:
    return exec_memo(m);
  }
}

static bool
run(PinnaPickleMachine* const m) {
  uint64_t n_memoized = 0U;
  uint64_t version = 0U;
  if (m->p == m->end || (m->op = *m->p++) != 0x80U || !pinna_pickle_take_number(m, 1U, &version) ||
      version > 5U) {
    return pinna_pickle_bad(m, "not a pickle of protocol 2 to 5");
  }
  while (m->p < m->end) {
    m->op = *m->p++;
    if (m->op == '.') {
      return m->n_stack == 1U || pinna_pickle_bad(m, "the pickle leaves other than one value");
    }
    if (!exec(m, &n_memoized)) {
      return pinna_pickle_bad(m, "malformed");
    }
  }
  return pinna_pickle_bad(m, "the pickle is cut off");
}

PinnaStatus
pinna_pickle_load(PinnaPickle* const pickle, const unsigned char* const data, const size_t size,
                  size_t* const used, const char* const label, PinnaError* const error) {
  PinnaError         why = {""};
  PinnaPickleMachine m = {
      .data = data, .p = data, .end = data + size, .out = pickle, .label = label, .error = &why};
  *pickle = (PinnaPickle){NULL, 0U, 0U, 0U};
  const bool is_good = run(&m);
  pickle->root = is_good ? m.stack[0] : 0U;
  *used = (size_t)(m.p - data);
  free(m.stack);
  free(m.memo);
  if (is_good) {
    return PINNA_STATUS_OK;
  }
  pinna_pickle_free(pickle);
  return pinna_fail(error, m.status, "%s", why.text);
}

void
pinna_pickle_free(PinnaPickle* const pickle) {
  for (size_t i = 0U; i < pickle->n_nodes; ++i) {
    free(pickle->nodes[i].items);
  }
  free(pickle->nodes);
  *pickle = (PinnaPickle){NULL, 0U, 0U, 0U};
}

const PinnaPickleNode*
pinna_pickle_item(const PinnaPickle* const pickle, const PinnaPickleNode* const node,
                  const size_t k, const PinnaPickleKind kind) {
  const bool                   is_there = node && node->items && k < node->n;
  const PinnaPickleNode* const item = is_there ? &pickle->nodes[node->items[k]] : NULL;
  return item && item->kind == kind ? item : NULL;
}

PinnaDtype
pinna_pickle_dtype(const PinnaPickleNode* const node) {
  return node && node->kind == PINNA_PICKLE_GLOBAL ? names[node->i].dtype : PINNA_N_DTYPES;
}
