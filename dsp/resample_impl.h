// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_IMPL_H
#define PINNA_DSP_RESAMPLE_IMPL_H

#include "dsp/resample.h"

#include <stddef.h>
#include <stdint.h>

// What the set-up of a polyphase resampler leaves to its realtime side, and the kernels' contract

// Thirty-two outputs in a row (a group) are summed side by side, one per lane: every input sample
// of their common window times a vector of coefficients. Sums run from both ends of the window to
// its middle, four chains a side, so that small terms are added to small sums: that is what keeps
// single precision above 140 dB.
#define PINNA_RESAMPLE_LANES 32U
#define PINNA_RESAMPLE_CHAINS 4U

/// A filter bank and a run of output frames
typedef struct {
  const float*    table;   ///< [n_groups][2 sides][n_steps][chains][lanes], 64-byte aligned
  const uint32_t* offsets; ///< Where each group's window starts [n_groups + 1], from 0 to `m`
  uint32_t        n_steps; ///< Window length / (2 * chains)
  uint32_t        l;       ///< Output frames per turn of the groups
  uint32_t        m;       ///< Input frames per turn
  uint32_t        phase;   ///< First output's place in the turn, [0, l)
  const float*    in;      ///< Channel 0's window of the group of `phase`
  size_t          stride;  ///< From one channel of `in` to the next
  float* const*   out;     ///< Channels [n_ch]
  uint32_t        n_ch;
  size_t          out_start; ///< First frame to write in each of `out`
  size_t          n_out;     ///< Frames
} PinnaResampleSpan;

/// Fills `out`. Each output's order of additions is fixed by its place in the turn alone.
typedef void (*PinnaResampleKernel)(const PinnaResampleSpan* span);

void pinna_resample_kernel_c(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx2(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx512(const PinnaResampleSpan* span) PINNA_RT;

struct PinnaResampleImpl {
  PinnaResampleKernel kernel;
  float*              table;
  uint32_t*           offsets;
  float*              history; ///< [n_ch][stride], always finite
  uint32_t            n_steps;
  uint32_t            n_taps; ///< Length of one output's window
  uint32_t            l;      ///< Ratio in lowest terms
  uint32_t            m;
  uint32_t            n_turns; ///< Times (l, m) that a turn of the groups holds
  uint32_t            n_ch;
  uint32_t            half;     ///< W
  uint32_t            n_before; ///< Zeros in front of the first input frame
  size_t              capacity; ///< Frames of input in `history`
  size_t              stride;   ///< capacity, and what a last group's window reads beyond it
  size_t              fill;     ///< Frames in `history`
  size_t              pos;      ///< Window of the next output's group; may lie beyond `fill`
  uint32_t            phase;    ///< Next output's place in the turn
};

#endif // PINNA_DSP_RESAMPLE_IMPL_H
