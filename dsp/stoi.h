// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_STOI_H
#define PINNA_DSP_STOI_H

#include "base/attributes.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

// Short-time objective intelligibility of a processed signal, given the clean one
//
// Taal, Hendriks, Heusdens & Jensen, "An algorithm for intelligibility prediction of time-frequency
// weighted noisy speech", IEEE TASL 19(7), 2011: at 10 kHz, frames of 256 every 128, those more
// than 40 dB below the loudest left out, 15 third-octaves from 150 Hz, correlation over 30 frames
// after limiting the error to -15 dB.

/// Score of whole signals. Not realtime, allocates.
/// @param score Receives 0 or a little below (nothing) to 1 (all)
/// @param clean Samples [n], aligned with `other` [n]
/// @param rate  Hz, 8000 or more
/// @return BAD_ARG (fewer than 30 frames of speech, or the rate), NO_MEM
PINNA_API PinnaStatus pinna_stoi(double* score, const float* clean, const float* other, size_t n,
                                 uint32_t rate);

#endif // PINNA_DSP_STOI_H
