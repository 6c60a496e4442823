// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/embedded.h"

#include "base/status.h"
#include "models/embedded_impl.h"
#include "nn/weights.h"

#include <stdio.h>
#include <string.h>

// Finds weights in the table that the build made

const PinnaEmbedded*
pinna_embedded_at(const size_t i) {
  return i < pinna_embedded_count ? &pinna_embedded_all[i] : NULL;
}

const PinnaEmbedded*
pinna_embedded_find(const char* const name) {
  for (size_t i = 0U; i < pinna_embedded_count; ++i) {
    if (!strcmp(pinna_embedded_all[i].name, name)) {
      return &pinna_embedded_all[i];
    }
  }
  return NULL;
}

PinnaStatus
pinna_embedded_open(PinnaWeights** const weights, const char* const name, PinnaError* const error) {
  const PinnaEmbedded* const found = pinna_embedded_find(name);
  char                       label[128];
  *weights = NULL;
  if (!found) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND, "%s: no weights of this name are built in",
                      name);
  }
  snprintf(label, sizeof(label), "built-in %s", name);
  return pinna_weights_parse(weights, found->data, found->size, label, error);
}
