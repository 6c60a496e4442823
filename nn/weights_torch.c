// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights_torch.h"

#include "base/status.h"
#include "nn/tensor.h"
#include "nn/weights_impl.h"
#include "nn/weights_pickle.h"
#include "nn/weights_zip.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// From the pickle's nodes to tensors, and the two places where their bytes are

#define MAX_NAME 1024U
#define MAX_DEPTH 8U
#define MAX_KEY 64U

typedef struct {
  const char*          key;
  size_t               n_key;
  PinnaDtype           dtype;
  uint64_t             count; ///< Values
  const unsigned char* data;  ///< NULL until it is found
} Storage;

typedef struct {
  PinnaWeights* weights;
  PinnaPickle   pickle;
  PinnaZip      zip;
  const char*   prefix; ///< The archive's folder, its slash included
  size_t        n_prefix;
  Storage*      storages; ///< Of a legacy file, sorted by key
  size_t        n_storages;
  uint64_t      n_visits; ///< Left: a pickle can hold itself many times over
  PinnaError*   error;
} Reader;

static PinnaStatus
refuse(Reader* const r, const char* const name, const char* const why) {
  return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: tensor '%s': %s", r->weights->label, name,
                    why);
}

/// ('storage', torch.FloatStorage, '17', 'cpu', 1024[, None])
static bool
describe(const Reader* const r, const PinnaPickleNode* const node, Storage* const out) {
  const PinnaPickle* const     p = &r->pickle;
  const PinnaPickleNode* const tuple = pinna_pickle_item(p, node, 0U, PINNA_PICKLE_TUPLE);
  const PinnaPickleNode* const kind = pinna_pickle_item(p, tuple, 0U, PINNA_PICKLE_BYTES);
  const PinnaPickleNode* const key = pinna_pickle_item(p, tuple, 2U, PINNA_PICKLE_BYTES);
  const PinnaPickleNode* const count = pinna_pickle_item(p, tuple, 4U, PINNA_PICKLE_INT);
  if (!kind || kind->n != 7U || memcmp(kind->bytes, "storage", 7U) != 0 || !key || !key->n ||
      key->n > MAX_KEY || !count || count->i < 0 || count->i > INT64_MAX / 8 ||
      (tuple->n > 5U && !pinna_pickle_item(p, tuple, 5U, PINNA_PICKLE_OTHER))) {
    return false;
  }
  *out = (Storage){key->bytes, key->n,
                   pinna_pickle_dtype(pinna_pickle_item(p, tuple, 1U, PINNA_PICKLE_GLOBAL)),
                   (uint64_t)count->i, NULL};
  return out->dtype != PINNA_N_DTYPES;
}

static int
by_key(const void* const a, const void* const b) {
  const Storage* const s = (const Storage*)a;
  const Storage* const t = (const Storage*)b;
  const int            order = memcmp(s->key, t->key, s->n_key < t->n_key ? s->n_key : t->n_key);
  return order ? order : (s->n_key > t->n_key) - (s->n_key < t->n_key);
}

/// NULL, or what is wrong
static const char*
find_bytes(const Reader* const r, Storage* const storage) {
  if (r->storages) {
    const Storage* const found =
        (const Storage*)bsearch(storage, r->storages, r->n_storages, sizeof(Storage), by_key);
    storage->data = found ? found->data : NULL;
    return storage->data ? NULL : "its storage is not in the file";
  }

  char path[MAX_KEY + 256U];
  if (!r->zip.members || r->n_prefix > 200U) {
    return "its storage is not in the file";
  }
  memcpy(path, r->prefix, r->n_prefix);
  memcpy(path + r->n_prefix, "data/", 5U);
  memcpy(path + r->n_prefix + 5U, storage->key, storage->n_key);
  const PinnaZipMember* const member =
      pinna_zip_find(&r->zip, path, r->n_prefix + 5U + storage->n_key);
  if (!member) {
    return "its storage is not in the archive";
  }
  if (member->size != storage->count * pinna_dtype_size(storage->dtype)) {
    return "its storage has not the size that the pickle says";
  }
  storage->data = member->data;
  return NULL;
}

/// A tuple of at most PINNA_TENSOR_MAX_DIMS numbers that are not negative
static bool
read_counts(const Reader* const r, const PinnaPickleNode* const tuple, uint64_t* const values) {
  for (size_t d = 0U; tuple && tuple->n <= PINNA_TENSOR_MAX_DIMS && d < tuple->n; ++d) {
    const PinnaPickleNode* const n = pinna_pickle_item(&r->pickle, tuple, d, PINNA_PICKLE_INT);
    if (!n || n->i < 0) {
      return false;
    }
    values[d] = (uint64_t)n->i;
  }
  return tuple && tuple->n <= PINNA_TENSOR_MAX_DIMS;
}

/// Whether all values are within the storage, and are not more than it has
static bool
fits(const PinnaTensor* const t, const uint64_t offset, const uint64_t count) {
  uint64_t       last = offset;
  const uint64_t n = pinna_tensor_count(t);
  for (uint32_t d = 0U; n && d < t->n_dims; ++d) {
    if (t->shape[d] > 1U && t->stride[d] > count / (t->shape[d] - 1U)) {
      return false;
    }
    last += t->stride[d] * (t->shape[d] - 1U);
    if (last > (uint64_t)INT64_MAX / 2U) {
      return false;
    }
  }
  return n == 0U || (last < count && n <= count);
}

/// (storage, offset, size, stride, ..)
static PinnaStatus
add_tensor(Reader* const r, const char* const name, const PinnaPickleNode* const node) {
  const PinnaPickle* const     p = &r->pickle;
  const PinnaPickleNode* const args = pinna_pickle_item(p, node, 0U, PINNA_PICKLE_TUPLE);
  const PinnaPickleNode* const from = pinna_pickle_item(p, args, 0U, PINNA_PICKLE_STORAGE);
  const PinnaPickleNode* const offset = pinna_pickle_item(p, args, 1U, PINNA_PICKLE_INT);
  const PinnaPickleNode* const size = pinna_pickle_item(p, args, 2U, PINNA_PICKLE_TUPLE);
  const PinnaPickleNode* const strides = pinna_pickle_item(p, args, 3U, PINNA_PICKLE_TUPLE);
  Storage                      storage;
  PinnaTensor                  tensor = {PINNA_DTYPE_F32, 0U, {0U}, {0U}, NULL};
  uint64_t                     shape[PINNA_TENSOR_MAX_DIMS] = {0U};
  uint64_t                     stride[PINNA_TENSOR_MAX_DIMS] = {0U};
  if (!from || !describe(r, from, &storage) || !offset || offset->i < 0 ||
      !read_counts(r, size, shape) || !read_counts(r, strides, stride) || size->n != strides->n ||
      !pinna_tensor_shape(&tensor, (uint32_t)size->n, shape)) {
    return refuse(r, name, "its description is malformed");
  }
  memcpy(tensor.stride, stride, sizeof(stride));
  tensor.dtype = storage.dtype;
  const char* const why = find_bytes(r, &storage);
  if (why) {
    return refuse(r, name, why);
  }
  if ((uint64_t)offset->i > storage.count || !fits(&tensor, (uint64_t)offset->i, storage.count)) {
    return refuse(r, name, "it reaches beyond its storage");
  }
  tensor.data = storage.data + (uint64_t)offset->i * pinna_dtype_size(storage.dtype);
  return pinna_weights_add(r->weights, name, strlen(name), &tensor, r->error);
}

/// All tensors under a dictionary; name [MAX_NAME] holds the n_name characters before its keys
static PinnaStatus
add_all(Reader* const r, const PinnaPickleNode* const dict, char* const name, const size_t n_name,
        const unsigned depth) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (size_t i = 0U; !status && i + 1U < dict->n; i += 2U) {
    const PinnaPickleNode* const key = pinna_pickle_item(&r->pickle, dict, i, PINNA_PICKLE_BYTES);
    const PinnaPickleNode* const value = &r->pickle.nodes[dict->items[i + 1U]];
    const bool                   is_tensor = value->kind == PINNA_PICKLE_TENSOR;
    if (!r->n_visits || !--r->n_visits) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: the pickle holds itself",
                        r->weights->label);
    }
    if (!key || (!is_tensor && value->kind != PINNA_PICKLE_DICT)) {
      continue;
    }
    if (key->n > MAX_NAME - 2U - n_name || memchr(key->bytes, '\0', key->n) || depth > MAX_DEPTH) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE,
                        "%s: under '%.*s': a key too long, or dictionaries too deep",
                        r->weights->label, (int)n_name, name);
    }
    memcpy(name + n_name, key->bytes, key->n);
    name[n_name + key->n] = is_tensor ? '\0' : '.';
    status = is_tensor ? add_tensor(r, name, value)
                       : add_all(r, value, name, n_name + key->n + 1U, depth + 1U);
  }
  return status;
}

/// The state dict: see the header
static const PinnaPickleNode*
find_dict(const PinnaPickle* const pickle) {
  static const char* const wrappers[] = {"state_dict", "model_state_dict", "model", "generator",
                                         "params"};

  const PinnaPickleNode* const root = &pickle->nodes[pickle->root];
  if (root->kind != PINNA_PICKLE_DICT) {
    return NULL;
  }
  for (size_t w = 0U; w < sizeof(wrappers) / sizeof(wrappers[0]); ++w) {
    for (size_t i = 0U; i + 1U < root->n; i += 2U) {
      const PinnaPickleNode* const key = pinna_pickle_item(pickle, root, i, PINNA_PICKLE_BYTES);
      const PinnaPickleNode* const inner =
          pinna_pickle_item(pickle, root, i + 1U, PINNA_PICKLE_DICT);
      if (key && inner && key->n == strlen(wrappers[w]) &&
          !memcmp(key->bytes, wrappers[w], key->n)) {
        return inner;
      }
    }
  }
  return root;
}

static PinnaStatus
add_state_dict(Reader* const r) {
  const PinnaPickleNode* const dict = find_dict(&r->pickle);
  char                         name[MAX_NAME];
  r->n_visits = 8U * (uint64_t)r->pickle.n_nodes + 16U;
  if (!dict) {
    return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: holds no dictionary of tensors",
                      r->weights->label);
  }
  return add_all(r, dict, name, 0U, 0U);
}

static bool
is_big_endian(const Reader* const r) {
  char path[256];
  if (r->n_prefix > sizeof(path) - 9U) {
    return false;
  }
  memcpy(path, r->prefix, r->n_prefix);
  memcpy(path + r->n_prefix, "byteorder", 9U);
  const PinnaZipMember* const order = pinna_zip_find(&r->zip, path, r->n_prefix + 9U);
  return order && order->size >= 3U && !memcmp(order->data, "big", 3U);
}

PinnaStatus
pinna_weights_read_torch_zip(PinnaWeights* const weights, const unsigned char* const data,
                             const size_t size, PinnaError* const error) {
  static const char file[] = "/data.pkl";
  Reader            r = {.weights = weights, .error = error};
  size_t            used = 0U;
  PinnaStatus       status = pinna_zip_open(&r.zip, data, size, weights->label, error);
  if (status) {
    return status;
  }

  const PinnaZipMember* pickle = NULL;
  for (size_t i = 0U; i < r.zip.n_members && !pickle; ++i) {
    const PinnaZipMember* const m = &r.zip.members[i];
    const char* const           slash =
        m->name_length ? (const char*)memchr(m->name, '/', m->name_length) : NULL;
    if (slash && m->name_length - (size_t)(slash - m->name) == sizeof(file) - 1U &&
        !memcmp(slash, file, sizeof(file) - 1U)) {
      pickle = m;
    }
  }
  if (!pickle) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: a zip archive without data.pkl",
                        weights->label);
  } else {
    r.prefix = pickle->name;
    r.n_prefix = pickle->name_length - (sizeof(file) - 1U) + 1U;
    status = pinna_pickle_load(&r.pickle, pickle->data, pickle->size, &used, weights->label, error);
  }
  if (!status && is_big_endian(&r)) {
    status = pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "%s: written by a big-endian machine",
                        weights->label);
  }
  if (!status) {
    status = add_state_dict(&r);
  }
  pinna_pickle_free(&r.pickle);
  free(r.zip.members);
  return status;
}

/// List the storages that the pickle speaks of, each key once
static PinnaStatus
list_storages(Reader* const r) {
  r->storages = (Storage*)calloc(r->pickle.n_nodes, sizeof(Storage));
  if (!r->storages) {
    return pinna_fail(r->error, PINNA_STATUS_NO_MEM, "%s: out of memory", r->weights->label);
  }
  for (size_t i = 0U; i < r->pickle.n_nodes; ++i) {
    if (r->pickle.nodes[i].kind == PINNA_PICKLE_STORAGE &&
        !describe(r, &r->pickle.nodes[i], &r->storages[r->n_storages++])) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: a malformed storage",
                        r->weights->label);
    }
  }
  qsort(r->storages, r->n_storages, sizeof(Storage), by_key);

  size_t n = 0U;
  for (size_t i = 0U; i < r->n_storages; ++i) {
    const Storage* const s = &r->storages[i];
    if (n && !by_key(s, &r->storages[n - 1U])) {
      if (s->dtype != r->storages[n - 1U].dtype || s->count != r->storages[n - 1U].count) {
        return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: storage '%.*s' is described twice",
                          r->weights->label, (int)s->n_key, s->key);
      }
    } else {
      r->storages[n++] = *s;
    }
  }
  r->n_storages = n;
  return PINNA_STATUS_OK;
}

/// The bytes follow in the order of a list of keys: a count of 8 bytes, then the values
static PinnaStatus
place_storages(Reader* const r, const PinnaPickle* const keys, const unsigned char* p,
               size_t left) {
  const PinnaPickleNode* const list = &keys->nodes[keys->root];
  for (size_t i = 0U; i < list->n; ++i) {
    const PinnaPickleNode* const key = pinna_pickle_item(keys, list, i, PINNA_PICKLE_BYTES);
    const Storage  want = {key ? key->bytes : "", key ? key->n : 0U, PINNA_N_DTYPES, 0U, NULL};
    Storage* const s = (Storage*)bsearch(&want, r->storages, r->n_storages, sizeof(want), by_key);
    uint64_t       count = 0U;
    for (size_t b = 0U; b < 8U && left >= 8U; ++b) {
      count |= (uint64_t)p[b] << (8U * b);
    }
    const uint64_t n_bytes = s ? s->count * pinna_dtype_size(s->dtype) : 0U;
    if (!s || s->data || left < 8U || count != s->count || n_bytes > left - 8U) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: storage '%.*s' is cut off or unknown",
                        r->weights->label, (int)(want.n_key < MAX_KEY ? want.n_key : MAX_KEY),
                        want.key);
    }
    s->data = p + 8U;
    p += 8U + n_bytes;
    left -= 8U + (size_t)n_bytes;
  }
  return PINNA_STATUS_OK;
}

/// Magic number, version, byte order and sizes, the object, the storages' keys: five pickles
static PinnaStatus
read_pickles(Reader* const r, const unsigned char* const data, const size_t size,
             PinnaPickle* const pickles) {
  static const unsigned char magic[] = {0x6CU, 0xFCU, 0x9CU, 0x46U, 0xF9U,
                                        0x20U, 0x6AU, 0xA8U, 0x50U, 0x19U};

  size_t at = 0U;
  for (int i = 0; i < 5; ++i) {
    size_t            used = 0U;
    const PinnaStatus status =
        pinna_pickle_load(&pickles[i], data + at, size - at, &used, r->weights->label, r->error);
    if (status) {
      return status;
    }
    at += used;
    const PinnaPickleNode* const root = &pickles[i].nodes[pickles[i].root];
    if (i == 0 && (root->kind != PINNA_PICKLE_BYTES || root->n != sizeof(magic) ||
                   memcmp(root->bytes, magic, sizeof(magic)) != 0)) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: a pickle, but not one of torch",
                        r->weights->label);
    }
  }
  r->pickle = pickles[3];
  PinnaStatus status = list_storages(r);
  if (!status) {
    status = place_storages(r, &pickles[4], data + at, size - at);
  }
  return status ? status : add_state_dict(r);
}

PinnaStatus
pinna_weights_read_torch_legacy(PinnaWeights* const weights, const unsigned char* const data,
                                const size_t size, PinnaError* const error) {
  Reader            r = {.weights = weights, .error = error};
  PinnaPickle       pickles[5] = {{NULL, 0U, 0U, 0U}};
  const PinnaStatus status = read_pickles(&r, data, size, pickles);
  for (int i = 0; i < 5; ++i) {
    pinna_pickle_free(&pickles[i]);
  }
  free(r.storages);
  return status;
}
