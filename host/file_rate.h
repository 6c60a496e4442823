// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_FILE_RATE_H
#define PINNA_HOST_FILE_RATE_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdint.h>

// A file's frames at another sample rate: interleaved in and out, aligned, the length exact

typedef struct PinnaFileRateImpl PinnaFileRate;

/// @param max_in Most frames of one pinna_file_rate_run()
/// @return BAD_ARG (a channel count or ratio that cannot be), NO_MEM
PINNA_API PinnaStatus pinna_file_rate_new(PinnaFileRate** rate, uint32_t n_ch, uint32_t rate_in,
                                          uint32_t rate_out, uint32_t max_in, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_file_rate_free(PinnaFileRate* rate);

/// Most frames that one run or the end can give
PINNA_API uint32_t pinna_file_rate_max_out(const PinnaFileRate* rate);

/// Frames that `n_in` frames become in all: ceil(n_in rate_out / rate_in)
PINNA_API uint64_t pinna_file_rate_length(const PinnaFileRate* rate, uint64_t n_in);

/// Take frames, give those that are complete. Output frame 0 is at the time of input frame 0.
/// @param in  [n_in x n_ch] interleaved; NULL once after the last frame, for the rest
/// @param out [pinna_file_rate_max_out() x n_ch] interleaved
/// @return Frames given
PINNA_API uint32_t pinna_file_rate_run(PinnaFileRate* rate, const float* in, uint32_t n_in,
                                       float* out);

#endif // PINNA_HOST_FILE_RATE_H
