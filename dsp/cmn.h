// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_CMN_H
#define PINNA_DSP_CMN_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sliding-window mean (and variance) normalisation: torchaudio.functional.sliding_window_cmn()

/// TorchAudio's arguments; start from pinna_cmn_config()
typedef struct {
  uint32_t cmn_window;     ///< Frames, 1 or more (600)
  uint32_t min_cmn_window; ///< Frames that the start waits for, unless `center` (100)
  bool     center;         ///< Window around the frame, else up to it (false)
  bool     norm_vars;      ///< Variance to one, too (false)
} PinnaCmnConfig;

/// The defaults above
PINNA_API PinnaCmnConfig pinna_cmn_config(void);

/// Subtract each window's mean. Sums are kept in double precision and slide, so that a frame costs
/// the same whatever the window. Realtime.
/// @param in  Features [n_frames][n_cols]
/// @param out [n_frames][n_cols], not overlapping `in`
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_cmn_run(const PinnaCmnConfig* config, const float* in, size_t n_frames,
                                    uint32_t n_cols, float* out) PINNA_RT;

#endif // PINNA_DSP_CMN_H
