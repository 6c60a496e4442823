// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights.h"

#include "base/status.h"
#include "nn/tensor.h"
#include "nn/weights_impl.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Weight normalisation (Salimans and Kingma 2016), undone once at load

static const struct {
  const char* g;
  const char* v;
} layouts[] = {
    {".weight_g", ".weight_v"},
    {".parametrizations.weight.original0", ".parametrizations.weight.original1"},
};

/// Group of values that share one norm, of the value at this place in rows
static uint64_t
group_of(const PinnaTensor* const g, const PinnaTensor* const v, uint64_t place) {
  uint64_t group = 0U;
  uint64_t step = 1U;
  for (uint32_t d = v->n_dims; d-- > 0U;) {
    const uint64_t at = place % v->shape[d];
    place /= v->shape[d];
    if (g->shape[d] != 1U) {
      group += at * step;
      step *= g->shape[d];
    }
  }
  return group;
}

static bool
match(const PinnaTensor* const g, const PinnaTensor* const v) {
  bool is_match = g->n_dims == v->n_dims && pinna_tensor_count(v) > 0U;
  for (uint32_t d = 0U; is_match && d < v->n_dims; ++d) {
    is_match = g->shape[d] == 1U || g->shape[d] == v->shape[d];
  }
  return is_match;
}

/// g v / |v| in rows, to be freed, or NULL
static float*
fold(const PinnaTensor* const g, const PinnaTensor* const v) {
  const uint64_t n = pinna_tensor_count(v);
  const uint64_t n_groups = pinna_tensor_count(g);
  float* const   out = (float*)malloc((size_t)n * sizeof(float));
  float* const   gain = (float*)malloc((size_t)n_groups * sizeof(float));
  double* const  energy = (double*)calloc((size_t)n_groups, sizeof(double));
  if (out && gain && energy) {
    pinna_tensor_read(v, out);
    pinna_tensor_read(g, gain);
    for (uint64_t i = 0U; i < n; ++i) {
      energy[group_of(g, v, i)] += (double)out[i] * out[i];
    }
    for (uint64_t i = 0U; i < n; ++i) {
      const uint64_t k = group_of(g, v, i);
      out[i] = (float)(gain[k] * (double)out[i] / sqrt(energy[k]));
    }
    free(gain);
    free(energy);
    return out;
  }
  free(out);
  free(gain);
  free(energy);
  return NULL;
}

/// Length of a name before this suffix, or 0
static size_t
stem_of(const char* const name, const char* const suffix) {
  const size_t n_name = strlen(name);
  const size_t n_suffix = strlen(suffix);
  return n_name > n_suffix && !strcmp(name + n_name - n_suffix, suffix) ? n_name - n_suffix : 0U;
}

/// Put the product into the directions beside these gains
static PinnaStatus
fold_pair(PinnaWeights* const w, const PinnaWeight* const g, const size_t n_stem,
          const char* const v_suffix, PinnaError* const error) {
  char* const name = (char*)malloc(n_stem + strlen(v_suffix) + 1U);
  if (!name) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", w->label);
  }
  memcpy(name, g->name, n_stem);
  memcpy(name + n_stem, v_suffix, strlen(v_suffix) + 1U);
  const PinnaTensor* const tensor = pinna_weights_find(w, name);
  free(name);
  if (!tensor || !match(&g->tensor, tensor)) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: tensor '%s' %s", w->label, g->name,
                      tensor ? "does not fit the directions it scales"
                             : "has no directions beside it");
  }
  float* const values = fold(&g->tensor, tensor);
  if (!values) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", w->label);
  }

  const size_t       place = (size_t)((const char*)tensor - (const char*)w->items);
  PinnaWeight* const v = &w->items[place / sizeof(PinnaWeight)];
  v->owned = values;
  v->tensor.dtype = PINNA_DTYPE_F32;
  v->tensor.data = values;
  pinna_tensor_shape(&v->tensor, v->tensor.n_dims, v->tensor.shape);
  return PINNA_STATUS_OK;
}

/// Drop the gains of this layout and give the products their name
static void
tidy(PinnaWeights* const w, const char* const g_suffix, const char* const v_suffix) {
  size_t n = 0U;
  for (size_t i = 0U; i < w->n_items; ++i) {
    PinnaWeight* const item = &w->items[i];
    if (stem_of(item->name, g_suffix)) {
      free(item->name);
      free(item->owned);
      continue;
    }
    const size_t n_stem = item->owned ? stem_of(item->name, v_suffix) : 0U;
    if (n_stem) {
      memcpy(item->name + n_stem, ".weight", sizeof(".weight"));
    }
    w->items[n++] = *item;
  }
  w->n_items = n;
}

PinnaStatus
pinna_weights_fold_norm(PinnaWeights* const weights, PinnaError* const error) {
  for (size_t l = 0U; l < sizeof(layouts) / sizeof(layouts[0]); ++l) {
    for (size_t i = 0U; i < weights->n_items; ++i) {
      const size_t      n_stem = stem_of(weights->items[i].name, layouts[l].g);
      const PinnaStatus status =
          n_stem ? fold_pair(weights, &weights->items[i], n_stem, layouts[l].v, error)
                 : PINNA_STATUS_OK;
      if (status) {
        return status;
      }
    }
    tidy(weights, layouts[l].g, layouts[l].v);
    const PinnaStatus status = pinna_weights_sort(weights, error);
    if (status) {
      return status;
    }
  }
  return PINNA_STATUS_OK;
}
