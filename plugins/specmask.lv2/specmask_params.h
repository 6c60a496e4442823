// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_SPECMASK_SPECMASK_PARAMS_H
#define PINNA_PLUGINS_SPECMASK_SPECMASK_PARAMS_H

#include "dsp/specmask.h"
#include "plugins/specmask.lv2/ports.h"

#include <math.h>
#include <stdint.h>

// What the controls mean to the masker

/// Percent as a share
static inline float
specmask_share(const float* const values, const uint32_t control) {
  return 0.01f * values[control];
}

/// Control values as parameters. Realtime.
static inline PinnaSpecmaskParams
specmask_params(const float* const values) {
  PinnaSpecmaskParams p = {
      .masks = {.seed = (uint64_t)values[SPECMASK_SEED],
                .bpm = values[SPECMASK_BPM],
                .time = {(PinnaMaskTiming)values[SPECMASK_TIME_MODE], values[SPECMASK_TIME_RATE],
                         exp2f(values[SPECMASK_TIME_NOTE] - 3.0f)},
                .time_width = 0.001f * values[SPECMASK_TIME_WIDTH],
                .time_vary = specmask_share(values, SPECMASK_TIME_VARY),
                .chance = specmask_share(values, SPECMASK_TIME_CHANCE),
                .p = specmask_share(values, SPECMASK_TIME_P),
                .freq = {(PinnaMaskTiming)values[SPECMASK_FREQ_MODE], values[SPECMASK_FREQ_RATE],
                         exp2f(values[SPECMASK_FREQ_NOTE] - 3.0f)},
                .n_bands = (uint32_t)values[SPECMASK_FREQ_COUNT],
                .in_hz = values[SPECMASK_FREQ_SCALE] > 0.0f,
                .freq_width = values[values[SPECMASK_FREQ_SCALE] > 0.0f ? SPECMASK_FREQ_HZ
                                                                        : SPECMASK_FREQ_MELS],
                .freq_vary = specmask_share(values, SPECMASK_FREQ_VARY)},
      .fill = (PinnaSpecmaskFill)values[SPECMASK_FILL],
      .depth = specmask_share(values, SPECMASK_DEPTH),
      .mix = specmask_share(values, SPECMASK_MIX),
      .gate = {.enabled = values[SPECMASK_GATE] > 0.0f,
               .invert = values[SPECMASK_GATE_INVERT] > 0.0f,
               .offset_db = values[SPECMASK_GATE_OFFSET],
               .range_db = values[SPECMASK_GATE_RANGE],
               .attack = 0.001f * values[SPECMASK_GATE_ATTACK],
               .release = 0.001f * values[SPECMASK_GATE_RELEASE]},
  };
  for (uint32_t i = 0U; i < PINNA_SPECMASK_N_GATE_BANDS; ++i) {
    p.gate.threshold_db[i] = values[SPECMASK_THRESHOLDS + i];
    p.gate.gain_db[i] = values[SPECMASK_GAINS + i];
  }
  return p;
}

#endif // PINNA_PLUGINS_SPECMASK_SPECMASK_PARAMS_H
