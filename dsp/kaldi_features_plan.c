// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/kaldi_features_impl.h"
#include "dsp/kaldi_kernel.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Factors and roots of unity of the double precision transform

static uint32_t
least_factor(const uint32_t n) {
  if (n % 4U == 0U) {
    return 4U;
  }
  for (uint32_t f = 2U; (uint64_t)f * f <= n; ++f) {
    if (n % f == 0U) {
      return f;
    }
  }
  return n;
}

static void
put_root(double* const to, const uint64_t turns, const uint64_t of) {
  const double angle = -2.0 * M_PI * (double)(turns % of) / (double)of;
  to[0] = cos(angle);
  to[1] = sin(angle);
}

static void
fill(const PinnaKaldiPlan* const plan, double* twiddle, double* roots, double* const pairs) {
  const uint32_t* radices = plan->radix;
  for (uint32_t left = plan->n; left > 1U;) {
    const uint32_t radix = *radices++;
    for (uint32_t p = 0U; p < left / radix; ++p) {
      for (uint32_t k = 1U; k < radix; ++k, twiddle += 2) {
        put_root(twiddle, (uint64_t)p * k, left);
      }
    }
    for (uint32_t j = 0U; j < radix; ++j, roots += 2) {
      put_root(roots, j, radix);
    }
    left /= radix;
  }
  for (uint32_t k = 0U; k <= plan->n; ++k) {
    put_root(pairs + 2U * (size_t)k, k, 2U * (uint64_t)plan->n);
  }
}

void
pinna_kaldi_plan(PinnaKaldiPlan* const plan, PinnaArena* const arena, const uint32_t n_samples) {
  size_t n_twiddle = 0U;
  size_t n_roots = 0U;
  *plan = (PinnaKaldiPlan){.n = n_samples / 2U};
  for (uint32_t left = plan->n; left > 1U;) {
    const uint32_t radix = least_factor(left);
    plan->radix[plan->n_passes++] = radix;
    n_twiddle += left / radix * (size_t)(radix - 1U);
    n_roots += radix;
    left /= radix;
  }
  double* const twiddle = PINNA_TAKE(arena, 2U * n_twiddle, double);
  double* const roots = PINNA_TAKE(arena, 2U * n_roots, double);
  double* const pairs = PINNA_TAKE(arena, 2U * ((size_t)plan->n + 1U), double);
  plan->twiddle = twiddle;
  plan->roots = roots;
  plan->pairs = pairs;
  if (!pinna_arena_state(arena)) {
    fill(plan, twiddle, roots, pairs);
  }
}
