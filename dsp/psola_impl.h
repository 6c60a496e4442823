// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PSOLA_IMPL_H
#define PINNA_DSP_PSOLA_IMPL_H

#include "dsp/psola.h"
#include "dsp/smooth.h"
#include "dsp/yin.h"

#include <stdbool.h>
#include <stdint.h>

// What a pitch-synchronous shifter holds; moments are samples since the start

#define PSOLA_MAX_CHANNELS 8U
#define PSOLA_ZEROS 8U ///< Zero crossings of the interpolator on each side
#define PSOLA_PER_ZERO 256U
#define PSOLA_MAX_SPEED 8U
#define PSOLA_MAX_TAPS (2U * PSOLA_ZEROS * PSOLA_MAX_SPEED)
#define PSOLA_PHASES 64U  ///< Sets of taps per sample, themselves interpolated between
#define PSOLA_EPOCHS 128U ///< The newest epochs that are remembered, a power of two

typedef struct {
  double at;
  double period;
} PsolaEpoch;

struct PinnaPsolaImpl {
  PinnaYin*       yin;
  PinnaSmooth     log_ratio; ///< Octaves
  PinnaSmooth     log_formant;
  PinnaSmooth     share;
  PinnaSmoothStep value_step; ///< Over a step
  PinnaSmoothStep share_step; ///< Over a sample
  double          sample_rate;
  double          glide;
  double          next_out; ///< Where the next grain is centred
  double          period;
  bool            voiced;
  uint32_t        n_channels;
  uint32_t        latency;
  uint32_t        step; ///< Samples between decisions
  uint32_t        mask; ///< Ring length - 1
  int64_t         now;  ///< Samples taken
  uint32_t        n_epochs;
  PsolaEpoch      epochs[PSOLA_EPOCHS];
  float*          kernel; ///< Half the interpolator [PSOLA_ZEROS * PSOLA_PER_ZERO + 2]
  float*          taps;   ///< For `speed` [PSOLA_PHASES + 1][n_taps]
  double          speed;
  uint32_t        n_taps;
  float*          part; ///< Input of a grain in a row [mask + 1]
  float*          mono; ///< Channels added up [mask + 1]
  float*          input[PSOLA_MAX_CHANNELS];
  float*          sum[PSOLA_MAX_CHANNELS]; ///< Grains laid so far, by output moment
};

#endif // PINNA_DSP_PSOLA_IMPL_H
