// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PITCH_NCCF_IMPL_H
#define PINNA_DSP_PITCH_NCCF_IMPL_H

#include "dsp/pitch_nccf.h"

#include <stdint.h>

// Lengths in samples

struct PinnaPitchNccfImpl {
  uint32_t sample_rate;
  uint32_t frame_size;
  uint32_t n_lags; ///< Lags 1 to n_lags are correlated
  uint32_t lag_min;
  uint32_t win_length;
};

#endif // PINNA_DSP_PITCH_NCCF_IMPL_H
