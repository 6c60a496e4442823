// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_INVERSE_MEL_H
#define PINNA_DSP_INVERSE_MEL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"
#include "dsp/filterbank.h"

#include <stddef.h>
#include <stdint.h>

// From mel bands back to bins: torchaudio 2.x transforms.InverseMelScale
//
// Bins are the shortest ones that have these bands (least squares), and at least 0. TorchAudio
// 0.13.1 seeks the same by gradient descent from random bins.

typedef struct PinnaInverseMelImpl PinnaInverseMel;

/// Solve once and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_inverse_mel_init(PinnaInverseMel** self, PinnaArena* arena,
                                             const PinnaFilterbankConfig* config);

/// One frame. Realtime.
/// @param in  Bands [n_filters]
/// @param out Bins [n_freqs], not overlapping `in`
PINNA_API void pinna_inverse_mel_apply(const PinnaInverseMel* self, const float* in,
                                       float* out) PINNA_RT;

#endif // PINNA_DSP_INVERSE_MEL_H
