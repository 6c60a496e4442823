// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_SCROLL_H
#define PINNA_DSP_SCROLL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/status.h"

#include <complex.h>
#include <stdint.h>

// The last seconds of a stream's spectra for a picture: one thread writes, any other looks

#define PINNA_SCROLL_ROWS 160U    ///< On a logarithmic scale of frequency, row 0 lowest
#define PINNA_SCROLL_COLUMNS 512U ///< Moments

/// Levels are stored in steps of half a decibel above this
#define PINNA_SCROLL_LOWEST_DB (-120.0f)

typedef struct PinnaScrollImpl PinnaScroll;

typedef struct {
  double       sample_rate; ///< Hz
  uint32_t     n_fft;
  const float* window; ///< Of the frames [win_length]; only read by pinna_scroll_init()
  uint32_t     win_length;
  double       lowest_hz;  ///< Centre of row 0
  double       highest_hz; ///< Centre of the last row; rows above half the rate stay silent
  uint32_t     n_frames;   ///< Frames in a column, 1 or more: the loudest counts
} PinnaScrollConfig;

/// Plan and allocate. With a measuring arena only counts bytes. Not realtime.
/// @return BAD_ARG, NO_MEM
PINNA_API PinnaStatus pinna_scroll_init(PinnaScroll** scroll, PinnaArena* arena,
                                        const PinnaScrollConfig* config);

/// Add a frame. One writer; realtime.
/// @param bins [n_fft / 2 + 1]
/// @return Columns that are complete since init
PINNA_API uint32_t pinna_scroll_frame(PinnaScroll* scroll, const float complex* bins) PINNA_RT;

/// Columns that are complete since init. Any thread.
PINNA_API uint32_t pinna_scroll_n_columns(const PinnaScroll* scroll) PINNA_RT;

/// Level of a full-scale sine = 0 dB. Any thread; an old column may just be being replaced.
/// @param column Counted from init; those before the last PINNA_SCROLL_COLUMNS are gone, and -120
/// @param levels Decibels [PINNA_SCROLL_ROWS]
PINNA_API void pinna_scroll_read(const PinnaScroll* scroll, uint32_t column,
                                 float* levels) PINNA_RT;

#endif // PINNA_DSP_SCROLL_H
