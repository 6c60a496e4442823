// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights_safetensors.h"

#include "base/status.h"
#include "nn/json.h"
#include "nn/tensor.h"
#include "nn/weights_impl.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The header: {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..}

#define MAX_HEADER 100000000U
#define MAX_NAME 1024U

typedef struct {
  PinnaJson            json;
  PinnaWeights*        weights;
  const unsigned char* data; ///< First byte behind the header
  uint64_t             size; ///< Bytes behind the header
  PinnaError*          error;
  char*                text; ///< Room for a metadata value
  size_t               text_size;
  PinnaStatus          status; ///< Of the first refusal
} Reader;

/// Refuse, naming the tensor. @return false
static bool
refuse(Reader* const r, const PinnaStatus status, const char* const name, const char* const what) {
  r->status = r->status ? r->status
                        : pinna_fail(r->error, status, "%s: tensor '%s': %s", r->weights->label,
                                     name, what);
  return pinna_json_fail(&r->json, what);
}

static bool
read_dtype(Reader* const r, const char* const name, PinnaDtype* const dtype) {
  char text[32];
  if (!pinna_json_string(&r->json, text, sizeof(text))) {
    return false;
  }
  for (PinnaDtype d = PINNA_DTYPE_F32; d < PINNA_N_DTYPES; ++d) {
    if (!strcmp(text, pinna_dtype_name(d))) {
      *dtype = d;
      return true;
    }
  }
  return refuse(r, PINNA_STATUS_UNSUPPORTED, name, "its type is none that we read");
}

/// [number, ..], at most `most` of them
static bool
read_counts(Reader* const r, uint64_t* const values, const uint32_t most, uint32_t* const n) {
  *n = 0U;
  if (!pinna_json_take(&r->json, '[')) {
    return false;
  }
  if (pinna_json_next(&r->json, ']')) {
    return true;
  }
  do {
    if (*n == most) {
      return pinna_json_fail(&r->json, "a list is too long");
    }
    if (!pinna_json_count(&r->json, &values[(*n)++])) {
      return false;
    }
  } while (pinna_json_next(&r->json, ','));
  return pinna_json_take(&r->json, ']');
}

static bool
add_tensor(Reader* const r, const char* const name, PinnaTensor* const tensor,
           const uint64_t* const shape, const uint64_t* const span) {
  const uint32_t n_dims = tensor->n_dims;
  if (!pinna_tensor_shape(tensor, n_dims, shape)) {
    return refuse(r, PINNA_STATUS_BAD_FILE, name, "its shape is too big");
  }
  if (span[0] > span[1] || span[1] > r->size) {
    return refuse(r, PINNA_STATUS_BAD_FILE, name, "its bytes reach beyond the end of the file");
  }
  if (span[1] - span[0] != pinna_tensor_count(tensor) * pinna_dtype_size(tensor->dtype)) {
    return refuse(r, PINNA_STATUS_BAD_FILE, name, "its bytes are not as many as its shape needs");
  }
  tensor->data = r->data + span[0];
  return !pinna_weights_add(r->weights, name, strlen(name), tensor, r->error) ||
         pinna_json_fail(&r->json, "no memory");
}

static bool
read_tensor(Reader* const r, const char* const name) {
  PinnaTensor tensor = {PINNA_DTYPE_F32, 0U, {0U}, {0U}, NULL};
  uint64_t    shape[PINNA_TENSOR_MAX_DIMS] = {0U};
  uint64_t    span[2] = {0U, 0U};
  uint32_t    n_span = 0U;
  unsigned    seen = 0U;
  if (!pinna_json_take(&r->json, '{')) {
    return false;
  }
  do {
    char     key[32];
    unsigned field = 0U;
    if (!pinna_json_string(&r->json, key, sizeof(key)) || !pinna_json_take(&r->json, ':')) {
      return false;
    }
    bool is_good = false;
    if (!strcmp(key, "dtype")) {
      field = 1U;
      is_good = read_dtype(r, name, &tensor.dtype);
    } else if (!strcmp(key, "shape")) {
      field = 2U;
      is_good = read_counts(r, shape, PINNA_TENSOR_MAX_DIMS, &tensor.n_dims);
    } else if (!strcmp(key, "data_offsets")) {
      field = 4U;
      is_good = read_counts(r, span, 2U, &n_span);
    }
    if (!is_good || (seen & field)) {
      return pinna_json_fail(&r->json, "a field that does not belong there, or twice");
    }
    seen |= field;
  } while (pinna_json_next(&r->json, ','));
  if (!pinna_json_take(&r->json, '}')) {
    return false;
  }
  if (seen != 7U || n_span != 2U) {
    return refuse(r, PINNA_STATUS_BAD_FILE, name, "dtype, shape or data_offsets is missing");
  }
  return add_tensor(r, name, &tensor, shape, span);
}

static bool
read_metadata(Reader* const r) {
  if (!pinna_json_take(&r->json, '{')) {
    return false;
  }
  if (pinna_json_next(&r->json, '}')) {
    return true;
  }
  do {
    char key[256];
    if (!pinna_json_string(&r->json, key, sizeof(key)) || !pinna_json_take(&r->json, ':') ||
        !pinna_json_string(&r->json, r->text, r->text_size)) {
      return false;
    }
    if (pinna_weights_add_meta(r->weights, key, r->text, r->error)) {
      return pinna_json_fail(&r->json, "no memory");
    }
  } while (pinna_json_next(&r->json, ','));
  return pinna_json_take(&r->json, '}');
}

static bool
read_header(Reader* const r) {
  bool has_metadata = false;
  if (!pinna_json_take(&r->json, '{')) {
    return false;
  }
  if (!pinna_json_next(&r->json, '}')) {
    do {
      char name[MAX_NAME];
      if (!pinna_json_string(&r->json, name, sizeof(name)) || !pinna_json_take(&r->json, ':')) {
        return false;
      }
      if (strcmp(name, "__metadata__") != 0) {
        if (!read_tensor(r, name)) {
          return refuse(r, PINNA_STATUS_BAD_FILE, name, r->json.why);
        }
      } else if (has_metadata || !read_metadata(r)) {
        return pinna_json_fail(&r->json, "__metadata__ twice");
      } else {
        has_metadata = true;
      }
    } while (pinna_json_next(&r->json, ','));
    if (!pinna_json_take(&r->json, '}')) {
      return false;
    }
  }
  return pinna_json_end(&r->json) || pinna_json_fail(&r->json, "text behind the last brace");
}

static int
by_data(const void* const a, const void* const b) {
  const PinnaTensor* const s = &((const PinnaWeight*)a)->tensor;
  const PinnaTensor* const t = &((const PinnaWeight*)b)->tensor;
  if (s->data != t->data) {
    return (const char*)s->data < (const char*)t->data ? -1 : 1;
  }
  // Empty ones first, so that they do not look as if they overlapped
  return (pinna_tensor_count(s) != 0U) - (pinna_tensor_count(t) != 0U);
}

static PinnaStatus
check_cover(const Reader* const r) {
  const PinnaWeights* const w = r->weights;
  const unsigned char*      next = r->data;
  if (w->n_items > 1U) {
    qsort(w->items, w->n_items, sizeof(PinnaWeight), by_data);
  }
  for (size_t i = 0U; i < w->n_items; ++i) {
    const PinnaTensor* const   t = &w->items[i].tensor;
    const unsigned char* const begin = (const unsigned char*)t->data;
    if (begin != next) {
      return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: tensor '%s' %s", w->label,
                        w->items[i].name,
                        begin < next ? "overlaps another" : "follows bytes that nothing owns");
    }
    next = begin + pinna_tensor_count(t) * pinna_dtype_size(t->dtype);
  }
  if (next != r->data + r->size) {
    return pinna_fail(r->error, PINNA_STATUS_BAD_FILE, "%s: bytes behind the last tensor",
                      w->label);
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_weights_read_safetensors(PinnaWeights* const weights, const unsigned char* const data,
                               const size_t size, PinnaError* const error) {
  uint64_t length = 0U;
  for (size_t i = 0U; i < 8U && size >= 8U; ++i) {
    length |= (uint64_t)data[i] << (8U * i);
  }
  if (size < 10U || length < 2U || length > MAX_HEADER || length > size - 8U || data[8] != '{') {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "%s: neither safetensors nor a torch checkpoint, or cut off", weights->label);
  }

  const char* const header = (const char*)data + 8U;
  char* const       text = (char*)malloc((size_t)length + 1U);
  if (!text) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", weights->label);
  }
  Reader     r = {{header, header + length, NULL, header},
                  weights,
                  data + 8U + length,
                  size - 8U - length,
                  error,
                  text,
                  (size_t)length + 1U,
                  PINNA_STATUS_OK};
  const bool is_good = read_header(&r);
  free(text);
  if (!is_good) {
    return pinna_fail(error, r.status ? r.status : PINNA_STATUS_BAD_FILE,
                      "%s: header, byte %zu: %s", weights->label, (size_t)(r.json.p - r.json.from),
                      r.json.why);
  }
  return check_cover(&r);
}
