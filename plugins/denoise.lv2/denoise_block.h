// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H
#define PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H

#include "dsp/denoise.h"
#include "dsp/noise_profile.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What one instance of the denoiser is: an engine for each latency, one profile for both

typedef struct {
  PinnaNoiseProfile* profile;
  PinnaDenoise*      engine[2]; ///< Default and low latency
  _Atomic uint32_t   active;    ///< Which of them runs
  bool               was_reset; ///< The reset button is down
  uint32_t           seen;      ///< Version of the view that was last announced
} DenoiseBlock;

#endif // PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H
