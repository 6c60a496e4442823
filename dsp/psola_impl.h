// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_PSOLA_IMPL_H
#define PINNA_DSP_PSOLA_IMPL_H

#include "base/attributes.h"
#include "dsp/psola.h"
#include "dsp/smooth.h"
#include "dsp/tract.h"
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

/// What is taken out of grains before they are cut and put back behind
typedef struct {
  PinnaFormant formants[PINNA_TRACT_FORMANTS];
  float        corners[2]; ///< Where the even slope begins, Hz; 0: nothing is known
} PsolaColour;

typedef struct {
  double      at;
  double      period;
  PsolaColour colour;
} PsolaEpoch;

#define PSOLA_PAIRS (PINNA_TRACT_FORMANTS + 1U)

/// Pairs of zeros and poles in a row; the last is the slope's
typedef struct {
  double zeros[PSOLA_PAIRS][2];
  double poles[PSOLA_PAIRS][2];
  double state[PSOLA_PAIRS][2];
} PsolaFilter;

struct PinnaPsolaImpl {
  PinnaYin*       yin;
  PinnaTract*     tract;
  PsolaColour     colour; ///< The newest
  PsolaFilter     bare_filter;
  double          heard;     ///< The last epoch that told about the tract
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
  float           row[PSOLA_MAX_TAPS];
  uint32_t        n_taps;
  float*          part;  ///< Input of a grain in a row [mask + 1]
  float*          grain; ///< A grain and how it dies away [mask + 1]
  float*          mono;  ///< Channels added up [mask + 1]
  float*          bare;  ///< The same without `colour` [mask + 1]
  float*          input[PSOLA_MAX_CHANNELS];
  float*          sum[PSOLA_MAX_CHANNELS]; ///< Grains laid so far, by output moment
};

/// Find what colours the voice around an epoch: `colour`. Realtime.
void pinna_psola_listen(PinnaPsola* self, const PsolaEpoch* epoch) PINNA_RT;

/// Bring `bare_filter` up to `colour`. Realtime.
void pinna_psola_plan_bare(PinnaPsola* self) PINNA_RT;

/// Filter `n` samples in place. Realtime.
void pinna_psola_filter(PsolaFilter* filter, float* x, uint32_t n) PINNA_RT;

/// Take a colour out of `n` samples in place. Realtime.
void pinna_psola_strip(const PinnaPsola* self, const PsolaColour* colour, float* x,
                       uint32_t n) PINNA_RT;

/// Give a bare grain whose centre is sample `centre` and which spans `half` to either side what the
/// partials below its own fundamental need: `ratio` < 1 is theirs over it. Realtime.
void pinna_psola_deepen(float* x, uint32_t n, double centre, double half, double ratio) PINNA_RT;

/// Put it back, moved, into `n` samples in place and let it die away behind. Realtime.
/// @return How many samples there are then, `most` at most
uint32_t pinna_psola_colour(const PinnaPsola* self, const PsolaColour* colour, double speed,
                            float* x, uint32_t n, uint32_t most) PINNA_RT;

#endif // PINNA_DSP_PSOLA_IMPL_H
