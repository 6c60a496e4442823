// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_RESAMPLE_IMPL_H
#define PINNA_DSP_RESAMPLE_IMPL_H

#include "dsp/resample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the set-up of a polyphase resampler leaves to its realtime side, and the kernels' contract

// Outputs in a row (a group), 32 or, where that makes the window much too wide for each, 16, are
// summed side by side, one per lane: every input sample
// of their common window times a vector of coefficients. Sums run from both ends of the window to
// its middle, four chains a side, so that small terms are added to small sums: that is what keeps
// single precision above 140 dB.
#define PINNA_RESAMPLE_LANES 32U
#define PINNA_RESAMPLE_CHAINS 4U

/// A filter bank and a run of output frames
typedef struct {
  const float*    table;   ///< [n_groups][2 sides][n_steps][chains][lanes], 64-byte aligned
  const uint32_t* offsets; ///< Where each group's window starts [n_groups + 1], from 0 to `m`
  uint32_t        n_steps; ///< Window length / (2 * chains)
  uint32_t        lanes;   ///< 16 or 32
  uint32_t        l;       ///< Output frames per turn of the groups
  uint32_t        m;       ///< Input frames per turn
  uint32_t        phase;   ///< First output's place in the turn, [0, l)
  const float*    in;      ///< Channel 0's window of the group of `phase`
  size_t          stride;  ///< From one channel of `in` to the next
  float* const*   out;     ///< Channels [n_ch]
  uint32_t        n_ch;
  size_t          out_start; ///< First frame to write in each of `out`
  size_t          n_out;     ///< Frames
} PinnaResampleSpan;

/// Fills `out`. Each output's order of additions is fixed by its place in the turn alone.
typedef void (*PinnaResampleKernel)(const PinnaResampleSpan* span);

void pinna_resample_kernel_c(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx2(const PinnaResampleSpan* span) PINNA_RT;
void pinna_resample_kernel_avx512(const PinnaResampleSpan* span) PINNA_RT;

// Ratios of small terms have a cheaper way. Lanes l and 31 - l of a set hold outputs whose times
// mirror each other about the set's centre, so their windows do, too: with u = x[i] + x[mirror]
// and v = x[i] - x[mirror], their sum needs u alone and their difference v alone. Half as many
// products; but the whole window of a set must be there before its first output, which makes the
// latency longer. L sets make a turn of 32 L outputs.
#define PINNA_RESAMPLE_MAX_ROWS 1024U
#define PINNA_RESAMPLE_MAX_FOLD 6U ///< Greatest term of such a ratio

typedef struct {
  uint32_t first; ///< Output of lane 0, the next lane's is L later
  uint32_t last;  ///< Output of lane 31, the lane's before is L earlier
  int64_t  left;  ///< Input sample of row 0, re the time of the turn's output 0; then ascending
  int64_t  right; ///< Its mirror image; then descending
} PinnaResampleSet;

typedef struct {
  const float*            table;  ///< [l][n_rows][sums of 16 pairs, differences], 64-byte aligned
  const PinnaResampleSet* sets;   ///< [l]
  uint32_t                n_rows; ///< Outermost first, the centre last; a multiple of the chains
  uint32_t                l;
} PinnaResampleFold;

/// One turn or two, of different times or channels: outputs [32 l] of the input at `in`
/// @param in  The input at the time of the turn's output 0 (the second may be NULL)
typedef void (*PinnaResampleFoldKernel)(const PinnaResampleFold* fold, const float* const* in,
                                        float* const* out);

void pinna_resample_fold_c(const PinnaResampleFold* fold, const float* const* in,
                           float* const* out) PINNA_RT;
void pinna_resample_fold_avx2(const PinnaResampleFold* fold, const float* const* in,
                              float* const* out) PINNA_RT;
void pinna_resample_fold_avx512(const PinnaResampleFold* fold, const float* const* in,
                                float* const* out) PINNA_RT;

/// h(t) of a design
typedef double (*PinnaResampleResponse)(const void* design, double t);

/// Rows of a fold, for windows of `width` input samples on both sides of an output's time
uint32_t pinna_resample_fold_rows(uint32_t l, uint32_t m, double width);

/// Input samples that a turn reads before and after the time of its output 0
void pinna_resample_fold_reach(uint32_t l, uint32_t m, uint32_t n_rows, uint64_t* before,
                               uint64_t* after);

/// Fill `sets` and `table` of a fold
void pinna_resample_fold_fill(const PinnaResampleFold* fold, uint32_t m, float* table,
                              PinnaResampleSet* sets, PinnaResampleResponse response,
                              const void* design);

struct PinnaResampleImpl {
  PinnaResampleKernel     kernel;
  float*                  table;
  uint32_t*               offsets;
  PinnaResampleFoldKernel fold_kernel;
  PinnaResampleFold       fold; ///< Of no rows: `kernel` does it
  PinnaResampleSet*       sets;
  float*                  cache; ///< Turn of the next output [n_ch][32 l]
  bool                    is_cached;
  uint32_t                group;   ///< Outputs from one of `offsets` to the next
  float*                  history; ///< [n_ch][stride], always finite
  uint32_t                n_steps;
  uint32_t                n_taps; ///< Length of one output's window
  uint32_t                l;      ///< Ratio in lowest terms
  uint32_t                m;
  uint32_t                n_turns; ///< Times (l, m) that a turn of the groups holds
  uint32_t                n_ch;
  uint32_t                half;     ///< W
  uint32_t                n_before; ///< Zeros in front of the first input frame
  size_t                  capacity; ///< Frames of input in `history`
  size_t                  stride;   ///< capacity, and what a last group's window reads beyond it
  size_t                  fill;     ///< Frames in `history`
  size_t                  pos;      ///< Window of the next output's group; may lie beyond `fill`
  uint32_t                phase;    ///< Next output's place in the turn
};

#endif // PINNA_DSP_RESAMPLE_IMPL_H
