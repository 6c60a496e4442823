// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights.h"

#include "base/grow.h"
#include "base/status.h"
#include "nn/tensor.h"
#include "nn/weights_impl.h"
#include "nn/weights_safetensors.h"
#include "nn/weights_torch.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The list of tensors, and which reader fills it

static PinnaStatus
no_memory(PinnaError* const error, const char* const label) {
  return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", label);
}

PinnaStatus
pinna_weights_add(PinnaWeights* const weights, const char* const name, const size_t length,
                  const PinnaTensor* const tensor, PinnaError* const error) {
  char* const copy = strndup(name, length);
  if (!copy ||
      !pinna_grow(&weights->items, weights->n_items, &weights->max_items, sizeof(PinnaWeight))) {
    free(copy);
    return no_memory(error, weights->label);
  }
  weights->items[weights->n_items++] = (PinnaWeight){copy, *tensor, NULL};
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_weights_add_meta(PinnaWeights* const weights, const char* const key, const char* const value,
                       PinnaError* const error) {
  const size_t            size = (weights->n_meta + 1U) * sizeof(PinnaWeightsMeta);
  PinnaWeightsMeta* const meta = (PinnaWeightsMeta*)realloc(weights->meta, size);
  if (!meta) {
    return no_memory(error, weights->label);
  }
  weights->meta = meta;
  PinnaWeightsMeta* const last = &meta[weights->n_meta++];
  last->key = strdup(key);
  last->value = strdup(value);
  return last->key && last->value ? PINNA_STATUS_OK : no_memory(error, weights->label);
}

static int
by_name(const void* const a, const void* const b) {
  return strcmp(((const PinnaWeight*)a)->name, ((const PinnaWeight*)b)->name);
}

PinnaStatus
pinna_weights_sort(PinnaWeights* const weights, PinnaError* const error) {
  if (weights->n_items > 1U) {
    qsort(weights->items, weights->n_items, sizeof(PinnaWeight), by_name);
  }
  for (size_t i = 1U; i < weights->n_items; ++i) {
    if (!by_name(&weights->items[i - 1U], &weights->items[i])) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: two tensors are called '%s'",
                        weights->label, weights->items[i].name);
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_weights_parse(PinnaWeights** const weights, const void* const data, const size_t size,
                    const char* const label, PinnaError* const error) {
  *weights = NULL;
  PinnaWeights* const w = (PinnaWeights*)calloc(1U, sizeof(PinnaWeights));
  if (!w || !(w->label = strdup(label))) {
    free(w);
    return no_memory(error, label);
  }

  const unsigned char* const bytes = (const unsigned char*)data;
  PinnaStatus                status = PINNA_STATUS_OK;
  if (size >= 4U && !memcmp(bytes, "PK\3\4", 4U)) {
    status = pinna_weights_read_torch_zip(w, bytes, size, error);
  } else if (size >= 2U && bytes[0] == 0x80U && !(size > 8U && bytes[8] == '{')) {
    status = pinna_weights_read_torch_legacy(w, bytes, size, error);
  } else {
    status = pinna_weights_read_safetensors(w, bytes, size, error);
  }
  if (!status) {
    status = pinna_weights_sort(w, error);
  }
  if (status) {
    pinna_weights_free(w);
    return status;
  }
  *weights = w;
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_weights_open(PinnaWeights** const weights, const char* const path, PinnaError* const error) {
  *weights = NULL;
  const int   fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (fd < 0 || fstat(fd, &info)) {
    if (fd >= 0) {
      close(fd);
    }
    return pinna_fail(error, PINNA_STATUS_IO, "%s: cannot be opened", path);
  }
  if (!S_ISREG(info.st_mode) || info.st_size <= 0) {
    close(fd);
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: empty, or not a file", path);
  }

  const size_t size = (size_t)info.st_size;
  void* const  map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (map == MAP_FAILED) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: cannot be mapped", path);
  }
  const PinnaStatus status = pinna_weights_parse(weights, map, size, path, error);
  if (!*weights) {
    munmap(map, size);
    return status;
  }
  (*weights)->map = map;
  (*weights)->map_size = size;
  return PINNA_STATUS_OK;
}

void
pinna_weights_free(PinnaWeights* const weights) {
  if (!weights) {
    return;
  }
  for (size_t i = 0U; i < weights->n_items; ++i) {
    free(weights->items[i].name);
    free(weights->items[i].owned);
  }
  for (size_t i = 0U; i < weights->n_meta; ++i) {
    free(weights->meta[i].key);
    free(weights->meta[i].value);
  }
  if (weights->map) {
    munmap(weights->map, weights->map_size);
  }
  free(weights->items);
  free(weights->meta);
  free(weights->label);
  free(weights);
}

size_t
pinna_weights_count(const PinnaWeights* const weights) {
  return weights->n_items;
}

const char*
pinna_weights_name(const PinnaWeights* const weights, const size_t i) {
  return i < weights->n_items ? weights->items[i].name : NULL;
}

const PinnaTensor*
pinna_weights_at(const PinnaWeights* const weights, const size_t i) {
  return i < weights->n_items ? &weights->items[i].tensor : NULL;
}

const PinnaTensor*
pinna_weights_find(const PinnaWeights* const weights, const char* const name) {

  const PinnaWeight key = {(char*)(name), {0}, NULL};
  const void* const found = weights->n_items ? bsearch(&key, weights->items, weights->n_items,
                                                       sizeof(PinnaWeight), by_name)
                                             : NULL;
  return found ? &((const PinnaWeight*)found)->tensor : NULL;
}

const char*
pinna_weights_metadata(const PinnaWeights* const weights, const char* const key) {
  for (size_t i = 0U; i < weights->n_meta; ++i) {
    if (!strcmp(weights->meta[i].key, key)) {
      return weights->meta[i].value;
    }
  }
  return NULL;
}

PinnaStatus
pinna_weights_read(const PinnaWeights* const weights, const char* const name, const uint32_t n_dims,
                   const uint64_t* const shape, float* const out, PinnaError* const error) {
  const PinnaTensor* const tensor = pinna_weights_find(weights, name);
  if (!tensor) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: no tensor '%s'", weights->label, name);
  }
  if (tensor->n_dims != n_dims || memcmp(tensor->shape, shape, n_dims * sizeof(shape[0])) != 0) {
    char ours[192];
    char theirs[192];
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: tensor '%s' is %s, not %s", weights->label,
                      name, pinna_shape_text(tensor->n_dims, tensor->shape, theirs, sizeof(theirs)),
                      pinna_shape_text(n_dims, shape, ours, sizeof(ours)));
  }

  pinna_tensor_read(tensor, out);
  const uint64_t count = pinna_tensor_count(tensor);
  for (uint64_t i = 0U; i < count; ++i) {
    if (!isfinite(out[i])) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: value %llu of tensor '%s' is not finite",
                        weights->label, (unsigned long long)i, name);
    }
  }
  return PINNA_STATUS_OK;
}
