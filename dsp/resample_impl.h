// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_IMPL_H
#define PINNA_DSP_RESAMPLE_IMPL_H

#include "dsp/resample.h"

#include <stddef.h>
#include <stdint.h>

// What the set-up of a polyphase resampler leaves to its realtime side, and the kernels' contract

/// Rows are padded to a multiple of this many taps: one AVX-512 vector
#define PINNA_RESAMPLE_LANES 16U

/// A run of output frames, and where it starts
typedef struct {
  const float*  rows;   ///< Coefficients [l][n_taps], oldest input first, 64-byte aligned rows
  uint32_t      n_taps; ///< Multiple of PINNA_RESAMPLE_LANES
  uint32_t      l;      ///< Output frames per turn of the phase
  uint32_t      m;      ///< Input frames per turn of the phase
  uint32_t      phase;  ///< Row of the first output, [0, l)
  const float*  in;     ///< Channel 0's first window; channel c is `in_stride` floats further
  size_t        in_stride;
  float* const* out; ///< Channels [n_ch]
  uint32_t      n_ch;
  size_t        out_start; ///< First frame to write in each of `out`
  size_t        n_out;     ///< Frames
} PinnaResampleSpan;

/// Each output is a dot product summed in an order that depends on n_taps only
typedef void (*PinnaResampleKernel)(const PinnaResampleSpan* span);

void pinna_resample_kernel_c(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx2(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx512(const PinnaResampleSpan* span) PINNA_RT;

struct PinnaResampleImpl {
  PinnaResampleKernel kernel;
  float*              rows;    ///< [l][n_taps]
  float*              history; ///< [n_ch][capacity]
  uint32_t            n_taps;
  uint32_t            l;
  uint32_t            m;
  uint32_t            n_ch;
  uint32_t            half;     ///< W
  uint32_t            n_before; ///< Zeros in front of the first input frame
  size_t              capacity;
  size_t              fill;  ///< Frames in `history`
  size_t              pos;   ///< First frame of the next window; may lie beyond `fill`
  uint32_t            phase; ///< Row of the next output
};

#endif // PINNA_DSP_RESAMPLE_IMPL_H
