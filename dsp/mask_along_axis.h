// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_MASK_ALONG_AXIS_H
#define PINNA_DSP_MASK_ALONG_AXIS_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// SpecAugment on whole spectrograms (Park et al. 2019): torchaudio.functional.mask_along_axis() and
// mask_along_axis_iid(), from random numbers that the caller draws

/// What is masked in a contiguous array [n_examples][n_outer][n_axis][n_inner]
typedef struct {
  size_t   n_outer;    ///< Product of the sizes between the examples' axis and the masked one
  size_t   n_axis;     ///< Size of the masked axis
  size_t   n_inner;    ///< Product of the sizes behind it
  uint32_t mask_param; ///< Masks are shorter than this
  double   p;          ///< Greatest share of n_axis that may be masked, 0 to 1
  float    mask_value; ///< What masked cells become
} PinnaMaskAxis;

/// Where a mask lies: single precision and truncation as in TorchAudio.
/// @param u_length First number drawn, uniform in [0, 1)
/// @param u_start  Second number drawn
/// @param start    First masked index
/// @param end      One past the last; equal to `start` if nothing is masked
/// @return BAD_ARG (p, or a number not in [0, 1))
PINNA_API PinnaStatus pinna_mask_span(const PinnaMaskAxis* axis, float u_length, float u_start,
                                      size_t* start, size_t* end) PINNA_RT;

/// mask_along_axis(): one mask for the whole of x [n_outer][n_axis][n_inner]. Realtime.
/// @return BAD_ARG (as above, and a mask as long as mask_param, which TorchAudio refuses too)
PINNA_API PinnaStatus pinna_mask_along_axis(float* x, const PinnaMaskAxis* axis, float u_length,
                                            float u_start) PINNA_RT;

/// mask_along_axis_iid(): a mask of its own for each example. Realtime.
/// @param x        [n_examples][n_outer][n_axis][n_inner]; examples are TorchAudio's batch x
/// channel
/// @param u_length First numbers drawn [n_examples]
/// @param u_start  Second numbers drawn [n_examples]
/// @return BAD_ARG
PINNA_API PinnaStatus pinna_mask_along_axis_iid(float* x, size_t n_examples,
                                                const PinnaMaskAxis* axis, const float* u_length,
                                                const float* u_start) PINNA_RT;

#endif // PINNA_DSP_MASK_ALONG_AXIS_H
