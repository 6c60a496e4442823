// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H
#define PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H

#include "dsp/denoise.h"
#include "dsp/noise_profile.h"
#include "models/neural_mask.h"
#include "plugins/common/file.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What one instance of the denoiser is: an engine for each latency, one profile and one learned
// mask for both

/// The mask that runs, if any, and where it began: it does not run while nobody wants it
typedef struct {
  PinnaNeuralMask* mask;     ///< Or NULL
  bool             is_on;    ///< It is fed
  uint32_t         idle;     ///< Samples since it was last wanted
  uint64_t         n_pushed; ///< Of the denoiser since its reset
  uint64_t         start;    ///< n_pushed when the mask began
} DenoiseMask;

typedef struct {
  PinnaNoiseProfile* profile;
  DenoiseMask        neural;
  PinnaDenoise*      engine[2]; ///< Default and low latency
  _Atomic uint32_t   active;    ///< Which of them runs
  double             rate;      ///< Hz
  bool               was_reset; ///< The reset button is down
  uint32_t           seen;      ///< Version of the view that was last announced
} DenoiseBlock;

/// What the engines ask for a mask; `handle` is the DenoiseMask. Not realtime.
PinnaMaskProvider denoise_provider(DenoiseMask* neural, double rate);

/// Begin or end feeding the mask, as it is wanted. Realtime, before each run of an engine.
void denoise_mask_want(DenoiseMask* neural, bool is_wanted, bool offline, uint32_t n_frames,
                       double rate);

/// A PinnaPluginFile that opens masks
extern const PinnaPluginFile denoise_file;

#endif // PINNA_PLUGINS_DENOISE_DENOISE_BLOCK_H
