// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/centroid.h"

#include "base/arena.h"
#include "base/status.h"
#include "dsp/centroid_impl.h"
#include "dsp/spectrogram.h"

#include <stdint.h>

// Checking and memory

PinnaStatus
pinna_centroid_init(PinnaCentroid** const self, PinnaArena* const arena,
                    const PinnaCentroidConfig* const config) {
  *self = NULL;
  const uint32_t n_bins = config->spectrogram.n_fft / 2U + 1U;
  if (!config->sample_rate || !config->spectrogram.onesided) {
    return PINNA_STATUS_BAD_ARG;
  }

  PinnaSpectrogram*    spectrogram = NULL;
  PinnaCentroid* const centroid = PINNA_TAKE(arena, 1U, PinnaCentroid);
  const PinnaStatus    status = pinna_spectrogram_init(&spectrogram, arena, &config->spectrogram);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }

  *centroid = (PinnaCentroid){.spectrogram = spectrogram,
                              .n_bins = n_bins,
                              .hz = (float)((double)(config->sample_rate / 2U) / (n_bins - 1U)),
                              .torchaudio = config->torchaudio};
  *self = centroid;
  return PINNA_STATUS_OK;
}
