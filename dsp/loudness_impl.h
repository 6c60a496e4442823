// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LOUDNESS_IMPL_H
#define PINNA_DSP_LOUDNESS_IMPL_H

#include "dsp/biquad.h"
#include "dsp/k_weighting.h"
#include "dsp/loudness.h"
#include "dsp/true_peak.h"

#include <stdint.h>

// A loudness meter's state: energies of 10 ms in a ring, and blocks counted by level

#define LOUDNESS_SLOTS 300U          ///< Of 10 ms: 3 s
#define LOUDNESS_MOMENTARY_SLOTS 40U ///< 400 ms
#define LOUDNESS_SLOTS_PER_STEP 10U  ///< 100 ms, the hop of gating blocks
#define LOUDNESS_STEPS_PER_RANGE 10U ///< 1 s, the hop of the range's windows
#define LOUDNESS_BINS 4500U          ///< -70 to +20 LUFS
#define LOUDNESS_BIN_LU 0.02
#define LOUDNESS_GATE (-70.0)

/// Blocks by level
typedef struct {
  double   energy[LOUDNESS_BINS]; ///< Sum of their mean energies
  uint64_t count[LOUDNESS_BINS];
} LoudnessHistogram;

typedef struct {
  PinnaBiquadState filters[PINNA_K_WEIGHTING_SECTIONS];
  PinnaTruePeak    peak;
  double           weight;
  double           energy; ///< Of the slot that is filling
} LoudnessChannel;

struct PinnaLoudnessImpl {
  PinnaBiquad       filters[PINNA_K_WEIGHTING_SECTIONS];
  LoudnessChannel*  channels; ///< [n_ch]
  uint32_t          n_ch;
  uint32_t          step_length; ///< Samples in 100 ms
  uint32_t          slot;        ///< Of the step, 0 to 9
  uint32_t          slot_filled; ///< Samples in the slot so far
  uint64_t          n_slots;     ///< Complete, since reset
  double            momentary;   ///< Mean energies
  double            short_term;
  double            momentary_max;
  double            short_term_max;
  double            ring[LOUDNESS_SLOTS];
  LoudnessHistogram blocks; ///< Of 400 ms
  LoudnessHistogram ranges; ///< Of 3 s
};

#endif // PINNA_DSP_LOUDNESS_IMPL_H
