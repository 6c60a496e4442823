// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_DENOISE_PARAMS_H
#define PINNA_PLUGINS_DENOISE_DENOISE_PARAMS_H

#include "dsp/denoise.h"
#include "plugins/denoise.lv2/ports.h"

// What the controls mean to the denoiser

/// Realtime
static inline PinnaDenoiseParams
denoise_params(const float* const values) {
  return (PinnaDenoiseParams){
      .mode = (PinnaDenoiseMode)values[DENOISE_MODE],
      .method = (PinnaDenoiseMethod)values[DENOISE_METHOD],
      .statistic = (PinnaProfileStatistic)values[DENOISE_STATISTIC],
      .gate = (PinnaGateKind)values[DENOISE_GATE],
      .learn = values[DENOISE_LEARN] > 0.0f,
      .listen = values[DENOISE_LISTEN] > 0.0f,
      .reduction_db = (double)values[DENOISE_REDUCTION],
      .sensitivity = 0.01 * (double)values[DENOISE_SENSITIVITY],
      .speed_s = (double)values[DENOISE_SPEED],
      .smoothing = 0.01 * (double)values[DENOISE_SMOOTHING],
      .preserve = 0.01 * (double)values[DENOISE_PRESERVE],
      .whitening = 0.01 * (double)values[DENOISE_WHITENING],
      .hum_hz = values[DENOISE_HUM] >= 40.0f ? (double)values[DENOISE_HUM] : 0.0,
      .rumble_hz = (double)values[DENOISE_RUMBLE],
      .dereverb = 0.01 * (double)values[DENOISE_DEREVERB],
      .rt60_s = (double)values[DENOISE_RT60],
      .threshold_db = (double)values[DENOISE_THRESHOLD],
      .hold_s = 0.001 * (double)values[DENOISE_HOLD],
      .range_db = (double)values[DENOISE_RANGE],
      .mask = 0.01 * (double)values[DENOISE_NEURAL],
      .mix = 0.01 * (double)values[DENOISE_MIX],
  };
}

#endif // PINNA_PLUGINS_DENOISE_DENOISE_PARAMS_H
