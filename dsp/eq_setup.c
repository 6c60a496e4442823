// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"

#include <stddef.h>

// Memory and constants of an equaliser

const PinnaEqKernels*
pinna_eq_kernels(const PinnaIsa isa) {
#if defined(__x86_64__)
  return isa >= PINNA_ISA_AVX512 ? &pinna_eq_kernels_avx512
         : isa >= PINNA_ISA_AVX2 ? &pinna_eq_kernels_avx2
                                 : &pinna_eq_kernels_c;
#else
  (void)isa;
  return &pinna_eq_kernels_c;
#endif
}

/// Knots follow the 4 ms smoothers closely, 4 to 12 of them in one time constant
static uint32_t
segment_length(const double sample_rate) {
  const uint32_t n = sample_rate < 12000.0 ? 8U : sample_rate < 32000.0 ? 16U : 32U;
  return sample_rate < 64000.0 ? n : 64U;
}

PinnaStatus
pinna_eq_init(PinnaEq** const eq, PinnaArena* const arena, const PinnaEqConfig* const config) {
  *eq = NULL;
  if (!(config->sample_rate >= 1000.0 && config->sample_rate <= 768000.0) || config->n_ch < 1U ||
      config->n_ch > 64U || config->n_bands < 1U || config->n_bands > PINNA_EQ_MAX_BANDS) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaEq* const       e = PINNA_TAKE(arena, 1U, PinnaEq);
  PinnaEqMotion* const motion = PINNA_TAKE(arena, 1U, PinnaEqMotion);
  PinnaEqGroup* const  groups = PINNA_TAKE(arena, EQ_N_GROUPS, PinnaEqGroup);
  PinnaEqState* const  states = PINNA_TAKE(arena, (size_t)config->n_ch * EQ_N_GROUPS, PinnaEqState);
  double* const        scratch = PINNA_TAKE(arena, 2U * (EQ_CHUNK + EQ_PAD), double);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *e = (PinnaEq){.kernels = pinna_eq_kernels(pinna_cpu_isa()),
                 .sample_rate = config->sample_rate,
                 .n_ch = config->n_ch,
                 .n_bands = config->n_bands,
                 .segment = segment_length(config->sample_rate),
                 .motion = motion,
                 .groups = groups,
                 .states = states,
                 .scratch = {scratch, scratch + EQ_CHUNK + EQ_PAD}};
  e->step = pinna_smooth_plan(PINNA_SMOOTH_TAU, config->sample_rate, e->segment);
  for (uint32_t b = 0U; b < PINNA_EQ_MAX_BANDS; ++b) {
    e->voices[b].want = PINNA_EQ_BAND_DEFAULT;
  }
  e->ramp_goal[EQ_MIX] = 1.0;
  pinna_eq_snap(e);
  *eq = e;
  return PINNA_STATUS_OK;
}
