// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/architecture.h"
#include "models/embedded.h"
#include "nn/weights.h"
#include "tests/tap.h"

#include <stdint.h>
#include <string.h>

// Weights that are built in: found by name, aligned, whole, of the network they should be

int
main(void) {
  PinnaWeights* weights = NULL;
  PinnaError    error = {""};
  size_t        n = 0U;
  for (; pinna_embedded_at(n); ++n) {
    const PinnaEmbedded* const e = pinna_embedded_at(n);
    tap_ok((uintptr_t)e->data % 64U == 0U, "%s is aligned", e->name);
    tap_ok(pinna_embedded_find(e->name) == e, "%s is found", e->name);
    tap_int(pinna_embedded_open(&weights, e->name, &error), PINNA_STATUS_OK, "%s opens %s", e->name,
            error.text);
    tap_ok(pinna_weights_count(weights) > 0U, "%s has tensors", e->name);
    pinna_weights_free(weights);
    if (n) {
      tap_ok(strcmp(pinna_embedded_at(n - 1U)->name, e->name) < 0, "%s is in order", e->name);
    }
  }
  tap_ok(n > 0U && !pinna_embedded_at(n + 1U), "there is an end");

  const PinnaArchitecture* network = NULL;
  tap_int(pinna_embedded_open(&weights, "denoise_mask", &error), PINNA_STATUS_OK, "denoise_mask");
  tap_int(pinna_architecture_check(weights, &network, &error), PINNA_STATUS_OK,
          "denoise_mask is whole %s", error.text);
  tap_ok(network && !strcmp(network->name, "mask"), "denoise_mask is a mask");
  tap_ok(pinna_embedded_find("denoise_mask")->size <= 1000000U, "denoise_mask is 1 MB at most");
  pinna_weights_free(weights);

  tap_ok(!pinna_embedded_find("nothing"), "an unknown name is not found");
  tap_int(pinna_embedded_open(&weights, "nothing", &error), PINNA_STATUS_NOT_FOUND,
          "and does not open");
  tap_ok(!weights && strstr(error.text, "nothing"), "which is said: %s", error.text);
  return tap_done();
}
