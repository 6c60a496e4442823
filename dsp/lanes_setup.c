// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lanes.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Factors and twiddles, in double precision

const PinnaLanesKernel*
pinna_lanes_kernel(void) {
#if defined(__x86_64__)
  const PinnaIsa isa = pinna_cpu_isa();
  return isa >= PINNA_ISA_AVX512 ? &pinna_lanes_kernel_avx512
         : isa == PINNA_ISA_AVX2 ? &pinna_lanes_kernel_avx2
                                 : &pinna_lanes_kernel_c;
#else
  return &pinna_lanes_kernel_c;
#endif
}

/// Fill the radices. @return Twiddles (complex values) of all passes, 0 if there is a large factor
static size_t
factorise(PinnaLanesPlan* const plan, const uint32_t n) {
  static const uint32_t radices[] = {5U, 3U, 4U, 2U};
  size_t                n_twiddles = 0U;
  uint32_t              left = n;
  plan->n_passes = 0U;
  for (uint32_t i = 0U; i < 4U; ++i) {
    while (left % radices[i] == 0U && plan->n_passes < PINNA_LANES_MAX_PASSES) {
      left /= radices[i];
      plan->radix[plan->n_passes++] = radices[i];
      n_twiddles += (size_t)left * (radices[i] - 1U);
    }
  }
  return left == 1U ? n_twiddles : 0U;
}

static void
fill_twiddles(const PinnaLanesPlan* const plan, float* w, float* const pairs) {
  uint32_t n = plan->n;
  for (uint32_t i = 0U; i < plan->n_passes; ++i) {
    const uint32_t m = n / plan->radix[i];
    for (uint32_t p = 0U; p < m; ++p) {
      for (uint32_t k = 1U; k < plan->radix[i]; ++k, w += 2) {
        const double angle = -2.0 * M_PI * p * k / n;
        w[0] = (float)cos(angle);
        w[1] = (float)sin(angle);
      }
    }
    n = m;
  }
  for (uint32_t k = 0U; k <= plan->n / 2U; ++k) {
    pairs[2U * k] = (float)(-0.5 * sin(M_PI * k / plan->n));
    pairs[2U * k + 1U] = (float)(-0.5 * cos(M_PI * k / plan->n));
  }
}

PinnaStatus
pinna_lanes_init(PinnaLanes** const self, PinnaArena* const arena, const uint32_t n_fft) {
  *self = NULL;
  PinnaLanesPlan                plan = {0};
  const PinnaLanesKernel* const kernel = pinna_lanes_kernel();
  const size_t                  n_twiddles = n_fft % 2U ? 0U : factorise(&plan, n_fft / 2U);
  plan.n = n_twiddles ? n_fft / 2U : 0U;

  PinnaLanes* const lanes = PINNA_TAKE(arena, 1U, PinnaLanes);
  float* const      twiddle = PINNA_TAKE(arena, 2U * n_twiddles, float);
  float* const      pairs = PINNA_TAKE(arena, n_fft / 2U + 2U, float);
  const size_t      n_column = ((size_t)n_fft + 2U) * kernel->lanes;
  float* const      a = PINNA_TAKE(arena, n_column, float);
  float* const      b = PINNA_TAKE(arena, n_column, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  plan.twiddle = twiddle;
  plan.pairs = pairs;
  if (plan.n) {
    fill_twiddles(&plan, twiddle, pairs);
  }
  *lanes = (PinnaLanes){.kernel = kernel, .plan = plan, .a = a, .b = b};
  *self = lanes;
  return PINNA_STATUS_OK;
}
