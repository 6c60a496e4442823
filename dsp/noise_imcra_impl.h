// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_NOISE_IMCRA_IMPL_H
#define PINNA_DSP_NOISE_IMCRA_IMPL_H

#include "dsp/denoise_kernel.h"
#include "dsp/noise_imcra.h"

#include <stdint.h>

// What the tracker holds: smoothed powers and their minima over parts of a window

#define PINNA_IMCRA_PARTS 8U

/// Lowest bins, smoothed without their neighbours: rumble and pink noise fall steeply there
#define PINNA_IMCRA_LONE 2U

/// Frames that are taken as noise at the start
#define PINNA_NOISE_FIRST_FRAMES 8U

struct PinnaNoiseImcraImpl {
  const PinnaDenoiseKernel* kernel;
  PinnaImcraRows            rows;
  float*                    s_part[PINNA_IMCRA_PARTS]; ///< Minima of the finished parts [n]
  float*                    t_part[PINNA_IMCRA_PARTS];
  double                    hop_s;
  uint32_t                  n_bins;
  uint32_t                  n;           ///< n_bins in whole vectors
  uint32_t                  part_frames; ///< Frames in a part of the window
  uint32_t                  at_frame;    ///< Frames of the present part that are done
  uint32_t                  at_part;     ///< Part that is replaced next
  uint32_t                  low;         ///< Bins below: of a voice's fundamental
  uint32_t                  high;        ///< Bins from `low` up to here tell whether all is louder
  uint32_t                  n_seen;      ///< Frames since reset, up to PINNA_NOISE_FIRST_FRAMES
};

#endif // PINNA_DSP_NOISE_IMCRA_IMPL_H
