// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/architecture.h"

#include "base/status.h"
#include "models/architecture_impl.h"
#include "models/wav2vec2_names.h"
#include "nn/plan.h"
#include "nn/tensor.h"
#include "nn/weights.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Telltales, lists of tensors, and networks that check themselves

#define MAX_NAME 160U

const PinnaArchitecture*
pinna_architecture_at(const size_t i) {
  return i < pinna_architecture_count ? &pinna_architectures[i].about : NULL;
}

static const Architecture*
find(const PinnaWeights* const weights) {
  for (size_t i = 0U; i < pinna_architecture_count; ++i) {
    if (pinna_weights_find(weights, pinna_architectures[i].telltale)) {
      return &pinna_architectures[i];
    }
  }
  return NULL;
}

/// As the file has its names, without weight normalisation, or with those of Hugging Face or
/// fairseq
static const Architecture*
identify(PinnaWeights* const weights, PinnaError* const error) {
  const Architecture* found = find(weights);
  if (found && !found->tensors) {
    return found; // Its own names; nothing to fold
  }
  if (pinna_weights_fold_norm(weights, error)) {
    return find(weights);
  }
  found = find(weights);
  if (!found && pinna_wav2vec2_layout(weights) != PINNA_WAV2VEC2_TORCHAUDIO &&
      !pinna_wav2vec2_rename(weights, error)) {
    found = find(weights);
  }
  return found;
}

const PinnaArchitecture*
pinna_architecture_of(PinnaWeights* const weights) {
  const Architecture* const found = identify(weights, NULL);
  return found ? &found->about : NULL;
}

/// Letters of shapes, and what they stand for so far
typedef struct {
  uint64_t value[26];
} Letters;

static bool
fits(const PinnaTensor* const tensor, const char* shape, Letters* const letters) {
  uint32_t d = 0U;
  for (;; ++d, ++shape) {
    char*    end = NULL;
    uint64_t wanted = strtoull(shape, &end, 10);
    if (d >= tensor->n_dims) {
      return false;
    }
    if (*shape >= 'A' && *shape <= 'Z') {
      uint64_t* const value = &letters->value[*shape - 'A'];
      *value = *value ? *value : tensor->shape[d];
      wanted = *value;
    } else if (*shape == '?') {
      wanted = tensor->shape[d];
    }
    if (wanted != tensor->shape[d]) {
      return false;
    }
    shape = end > shape ? end : shape + 1;
    if (*shape != ',') {
      return d + 1U == tensor->n_dims;
    }
  }
}

/// "[D x 512]" with what letters stand for
static void
print_shape(char* const text, const size_t size, const char* const shape,
            const Letters* const letters) {
  size_t used = (size_t)snprintf(text, size, "[");
  for (size_t i = 0U; shape[i] && used < size; ++i) {
    const bool     is_letter = shape[i] >= 'A' && shape[i] <= 'Z';
    const uint64_t value = is_letter ? letters->value[shape[i] - 'A'] : 0U;
    used += (size_t)(shape[i] == ',' ? snprintf(text + used, size - used, " x ")
                     : value ? snprintf(text + used, size - used, "%llu", (unsigned long long)value)
                             : snprintf(text + used, size - used, "%c", shape[i]));
  }
  if (used < size) {
    snprintf(text + used, size - used, "]");
  }
}

static bool
is_finite(const PinnaTensor* const tensor, bool* const no_memory) {
  const uint64_t count = pinna_tensor_count(tensor);
  float* const   values = (float*)malloc(((size_t)count + 1U) * sizeof(float));
  bool           finite = values != NULL;
  *no_memory = !values;
  if (values) {
    pinna_tensor_read(tensor, values);
    for (uint64_t i = 0U; i < count && finite; ++i) {
      finite = values[i] - values[i] == 0.0F;
    }
  }
  free(values);
  return finite;
}

static PinnaStatus
check_tensor(const PinnaWeights* const weights, const char* const name, const char* const shape,
             Letters* const letters, PinnaError* const error) {
  const PinnaTensor* const tensor = pinna_weights_find(weights, name);
  char                     have[128];
  char                     want[128];
  bool                     no_memory = false;
  if (!tensor) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "no tensor '%s'", name);
  }
  if (!fits(tensor, shape, letters)) {
    print_shape(want, sizeof(want), shape, letters);
    pinna_shape_text(tensor->n_dims, tensor->shape, have, sizeof(have));
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "tensor '%s' is %s, not %s", name, have, want);
  }
  if (!is_finite(tensor, &no_memory)) {
    return no_memory ? pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for '%s'", name)
                     : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                                  "tensor '%s' holds values that are not finite", name);
  }
  return PINNA_STATUS_OK;
}

/// How many of # = 0, 1, ... have a tensor of any kind, at least 1
static unsigned
count_layers(const PinnaWeights* const weights, const char* const pattern, const char* const hash) {
  unsigned most = 1U;
  for (size_t i = 0U; i < pinna_weights_count(weights); ++i) {
    const char* const name = pinna_weights_name(weights, i);
    if (!strncmp(name, pattern, (size_t)(hash - pattern))) {
      char*               end = NULL;
      const unsigned long layer = strtoul(name + (hash - pattern), &end, 10);
      most = *end == '.' && layer + 1U > most && layer < 1000U ? (unsigned)layer + 1U : most;
    }
  }
  return most;
}

/// One tensor, or one of every layer; `end` is put behind the name
static PinnaStatus
check_layers(const PinnaWeights* const weights, const char* const pattern, const char* const end,
             const char* const shape, Letters* const letters, PinnaError* const error) {
  const char* const hash = strchr(pattern, '#');
  const unsigned    n = hash ? count_layers(weights, pattern, hash) : 1U;
  PinnaStatus       status = PINNA_STATUS_OK;
  for (unsigned i = 0U; i < n && !status; ++i) {
    char name[MAX_NAME + 32U];
    if (hash) {
      snprintf(name, sizeof(name), "%.*s%u%s%s", (int)(hash - pattern), pattern, i, hash + 1, end);
    } else {
      snprintf(name, sizeof(name), "%s%s", pattern, end);
    }
    status = check_tensor(weights, name, shape, letters, error);
  }
  return status;
}

static PinnaStatus
check_line(const PinnaWeights* const weights, const char* const line, Letters* const letters,
           PinnaError* const error) {
  char        name[MAX_NAME];
  char        shape[2][32];
  const int   n_read = sscanf(line, "%159s %31s%*[ ]%31[^\n ]", name, shape[0], shape[1]);
  const bool  is_pair = n_read == 3;
  PinnaStatus status =
      check_layers(weights, name, is_pair ? ".weight" : "", shape[0], letters, error);
  if (is_pair && !status) {
    status = check_layers(weights, name, ".bias", shape[1], letters, error);
  }
  return status;
}

static PinnaStatus
check_plans(const Architecture* const found, const PinnaWeights* const weights,
            PinnaError* const error) {
  PinnaPlan* plans[2] = {pinna_plan_new(), pinna_plan_new()};
  if (!plans[0] || !plans[1]) {
    pinna_plan_free(plans[0]);
    pinna_plan_free(plans[1]);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a plan");
  }
  found->describe(plans, weights);
  PinnaStatus status = PINNA_STATUS_OK;
  for (unsigned i = 0U; i < found->n_plans && !status; ++i) {
    status = pinna_plan_finish(plans[i], error);
  }
  pinna_plan_free(plans[0]);
  pinna_plan_free(plans[1]);
  return status;
}

PinnaStatus
pinna_architecture_check(PinnaWeights* const weights, const PinnaArchitecture** const found,
                         PinnaError* const error) {
  PinnaError                ignored = {""};
  const Architecture* const network = identify(weights, &ignored);
  Letters                   letters = {{0U}};
  PinnaStatus               status = PINNA_STATUS_OK;
  *found = network ? &network->about : NULL;
  if (ignored.text[0]) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s", ignored.text);
  }
  if (!network) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                      "no network known here has these tensors; the first is '%s'",
                      pinna_weights_count(weights) ? pinna_weights_name(weights, 0U) : "none");
  }
  if (!network->tensors) {
    return check_plans(network, weights, error);
  }
  for (const char* line = network->tensors; *line && !status; line += strcspn(line, "\n") + 1U) {
    status = check_line(weights, line, &letters, error);
  }
  return status;
}
