// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/descriptors.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/descriptors_impl.h"

// Memory

PinnaStatus
pinna_descriptors_init(PinnaDescriptors** const self, PinnaArena* const arena,
                       const PinnaDescriptorsConfig* const config) {
  *self = NULL;
  if (!(config->sample_rate > 0.0) || config->n_fft < 16U || config->n_fft > 65536U ||
      config->n_fft % 2U || !(config->rolloff >= 0.0 && config->rolloff <= 1.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t          n_bins = config->n_fft / 2U + 1U;
  PinnaDescriptors* const descriptors = PINNA_TAKE(arena, 1U, PinnaDescriptors);
  float* const            now = PINNA_TAKE(arena, n_bins, float);
  float* const            last = PINNA_TAKE(arena, n_bins, float);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *descriptors = (PinnaDescriptors){
      .now = now,
      .last = last,
      .n_bins = n_bins,
      .bin_hz = (float)(config->sample_rate / config->n_fft),
      .rolloff = config->rolloff > 0.0 ? (float)config->rolloff : 0.85f,
  };
  *self = descriptors;
  return PINNA_STATUS_OK;
}
