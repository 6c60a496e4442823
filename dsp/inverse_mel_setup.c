// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/inverse_mel.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/filterbank_impl.h"
#include "dsp/hermitian.h"
#include "dsp/inverse_mel_impl.h"

#include <complex.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// The pseudo-inverse W (W^T W)^-1 of the filters W; a filter without weights gives nothing

static double
product(const PinnaFilterbank* const bank, const uint32_t i, const uint32_t k) {
  const PinnaBand* const a = &bank->bands[i];
  const PinnaBand* const b = &bank->bands[k];
  const uint32_t         first = a->first > b->first ? a->first : b->first;
  const uint32_t end = a->first + a->n < b->first + b->n ? a->first + a->n : b->first + b->n;
  double         sum = 0.0;
  for (uint32_t f = first; f < end; ++f) {
    sum += (double)bank->weights[a->weights + f - a->first] *
           (double)bank->weights[b->weights + f - b->first];
  }
  return sum;
}

static PinnaStatus
solve(const PinnaFilterbank* const bank, float* const matrix) {
  const uint32_t        n = bank->n_filters;
  double complex* const gram = malloc((size_t)n * n * sizeof(double complex));
  double complex* const inverse = calloc((size_t)n * n, sizeof(double complex));
  if (!gram || !inverse) {
    free(gram);
    free(inverse);
    return PINNA_STATUS_NO_MEM;
  }
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t k = 0U; k < n; ++k) {
      gram[(size_t)i * n + k] = product(bank, i, k);
    }
    const int is_empty = creal(gram[(size_t)i * n + i]) == 0.0;
    gram[(size_t)i * n + i] += is_empty ? 1.0 : 0.0;
    inverse[(size_t)i * n + i] = 1.0;
  }
  pinna_hermitian_solve(gram, n, inverse, n);
  for (uint32_t m = 0U; m < n; ++m) {
    for (uint32_t i = 0U; i < n; ++i) {
      const PinnaBand* const band = &bank->bands[i];
      const float            scale = (float)creal(inverse[(size_t)m * n + i]);
      for (uint32_t f = 0U; f < band->n; ++f) {
        matrix[(size_t)m * bank->n_freqs + band->first + f] +=
            scale * bank->weights[band->weights + f];
      }
    }
  }
  free(gram);
  free(inverse);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_inverse_mel_init(PinnaInverseMel** const self, PinnaArena* const arena,
                       const PinnaFilterbankConfig* const config) {
  *self = NULL;
  PinnaFilterbank*       bank = NULL;
  PinnaInverseMel* const inverse = PINNA_TAKE(arena, 1U, PinnaInverseMel);
  float* const matrix = PINNA_TAKE(arena, (size_t)config->n_filters * config->n_freqs, float);
  PinnaStatus  status = pinna_filterbank_init(&bank, arena, config);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  *inverse = (PinnaInverseMel){
      .n_freqs = config->n_freqs, .n_filters = config->n_filters, .matrix = matrix};
  status = solve(bank, matrix);
  *self = status ? NULL : inverse;
  return status;
}
