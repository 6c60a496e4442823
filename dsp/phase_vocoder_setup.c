// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/phase_vocoder.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/lanes.h"
#include "dsp/phase_vocoder_impl.h"

#include <complex.h>
#include <stdint.h>

// Checking and memory

PinnaStatus
pinna_phase_vocoder_init(PinnaPhaseVocoder** const self, PinnaArena* const arena,
                         const PinnaPhaseVocoderConfig* const config) {
  *self = NULL;
  if (config->n_bins < 2U || config->n_bins > 1U << 24U ||
      !(config->rate >= 0x1p-20 && config->rate <= 0x1p20)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const PinnaLanesKernel* const kernel = pinna_lanes_kernel();
  const uint32_t                n_groups = (config->n_bins + kernel->lanes - 1U) / kernel->lanes;
  PinnaPhaseVocoder* const      vocoder = PINNA_TAKE(arena, 1U, PinnaPhaseVocoder);
  float* const         phasors = PINNA_TAKE(arena, (size_t)n_groups * 2U * kernel->lanes, float);
  float complex* const silence = PINNA_TAKE(arena, config->n_bins, float complex);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }

  *vocoder = (PinnaPhaseVocoder){
      .config = *config, .kernel = kernel, .phasors = phasors, .silence = silence};
  *self = vocoder;
  return PINNA_STATUS_OK;
}
