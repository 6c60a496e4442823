// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_EQ_IMPL_H
#define PINNA_DSP_EQ_IMPL_H

#include "dsp/eq.h"
#include "dsp/eq_kernel.h"
#include "dsp/smooth.h"
#include "dsp/svf.h"

// The equaliser's insides: bands are state-variable sections, one per lane of the kernels

#define EQ_LANES (EQ_N_GROUPS * EQ_WIDTH) ///< Sections of all bands together, at most
#define EQ_BAND_LANES 4U                  ///< Sections of one band, at most

/// Static shape of one band: what cannot be morphed, only faded
typedef struct {
  PinnaEqType  type;
  PinnaEqShape shape;
  uint32_t     order;
} PinnaEqKind;

/// How the sections of one kind follow its parameters
typedef struct {
  uint32_t n_sections;                     ///< 1 to EQ_BAND_LANES
  bool     free;                           ///< Only pinna_eq_design() knows; no form
  double   q_power, a_power;               ///< k's factor is exp(-(q_power ln Q + a_power ln A))
  double   form[EQ_BAND_LANES][EQ_N_FORM]; ///< See eq_kernel.h
} PinnaEqPlan;

/// Smoothed coordinates of a band: ln(pi f / fs), ln A = dB ln 10 / 40, ln Q
typedef struct {
  double u, v, w;
} PinnaEqPoint;

typedef enum {
  EQ_BAND_OFF = 0, ///< No lanes
  EQ_BAND_ON,      ///< Follows its target
  EQ_BAND_LEAVING, ///< Fades out, because it is disabled or must change its kind
  EQ_BAND_COOLING  ///< Silent; its lanes pass samples that are still under way
} PinnaEqStage;

typedef struct {
  PinnaEqBand  want;                ///< Last target from the caller, clamped
  PinnaEqKind  kind;                ///< What runs in the lanes
  PinnaEqPlan  plan;                ///< Of that kind
  PinnaEqPoint goal;                ///< Where the smoothers head for
  PinnaEqStage stage;               ///< Life of its lanes
  uint32_t     lane[EQ_BAND_LANES]; ///< Lanes of its sections, in order
  bool         dirty;               ///< `want` is newer than what was last looked at
  bool         moving;              ///< A smoother is under way
} PinnaEqVoice;

/// Scalars that move: ln gain before, ln gain after, share of the filtered signal
enum { EQ_GAIN_IN, EQ_GAIN_OUT, EQ_MIX, EQ_N_RAMPS };

struct PinnaEqImpl {
  const PinnaEqKernels* kernels;     ///< Of this processor
  double                sample_rate; ///< Hz
  uint32_t              n_ch;        ///< Channels
  uint32_t              n_bands;     ///< Bands
  uint32_t              segment;     ///< Frames between two knots
  PinnaSmoothStep       step;        ///< Of one segment

  uint32_t phase;      ///< Frames since the last knot
  uint32_t n_segments; ///< Segments in the tables: the last one played, and those ahead
  uint32_t n_level;    ///< Segments since a gain moved or dry sound was in the output
  uint32_t n_groups;   ///< Groups of lanes in use
  bool     gliding;    ///< Coefficients are taken from the tables
  bool     resting;    ///< The last segment moved nothing
  bool     dirty;      ///< Some target is newer than the last knot

  PinnaEqVoice   voices[PINNA_EQ_MAX_BANDS];
  PinnaEqMotion* motion; ///< The bands' smoothers
  PinnaEqGroup*  groups; ///< Lanes [EQ_N_GROUPS]
  PinnaEqState*  states; ///< Filter memory [n_ch][EQ_N_GROUPS]
  double*        scratch[2];

  PinnaSmooth  ramps[EQ_N_RAMPS];
  double       ramp_goal[EQ_N_RAMPS];                  ///< Newest targets
  double       ramp_knot[EQ_N_RAMPS][2];               ///< Value and slope at the last knot
  PinnaEqCurve ramp_pieces[EQ_N_RAMPS][EQ_MAX_PIECES]; ///< Pieces of the tables' segments
};

/// Kind of a band: order and shape matter only where they apply
PinnaEqKind pinna_eq_kind(const PinnaEqBand* band) PINNA_RT;

/// Smoothed coordinates of a band; those which its type ignores stay put
PinnaEqPoint pinna_eq_point(const PinnaEqBand* band, double sample_rate) PINNA_RT;

/// Sections of a kind
void pinna_eq_plan(PinnaEqPlan* plan, const PinnaEqKind* kind, double sample_rate) PINNA_RT;

/// Section `index` of a plan at a point
PinnaSvf pinna_eq_design(const PinnaEqPlan* plan, const PinnaEqKind* kind, uint32_t index,
                         const PinnaEqPoint* point, double sample_rate) PINNA_RT;

/// Values in range: what pinna_eq_set_band() stores
PinnaEqBand pinna_eq_clamped(const PinnaEqBand* band, double sample_rate) PINNA_RT;

/// Look at new targets, at a knot: start, stop and replace bands. Realtime.
void pinna_eq_latch(PinnaEq* eq) PINNA_RT;

/// Put every band where its target is, its lanes from 0 up. Realtime.
void pinna_eq_place(PinnaEq* eq) PINNA_RT;

/// Close the gaps that stopped bands left among the lanes, order kept. Only when settled. Realtime.
void pinna_eq_compact(PinnaEq* eq) PINNA_RT;

/// Is a band on its way out? Realtime.
bool pinna_eq_is_leaving(const PinnaEq* eq) PINNA_RT;

/// Is a smoother under way? Realtime.
bool pinna_eq_is_moving(const PinnaEq* eq) PINNA_RT;

/// A band begins to move, or has come to rest. Realtime.
void pinna_eq_mark(PinnaEq* eq, uint32_t band, bool moving) PINNA_RT;

/// Coefficients of all sections of a band at its goal, with `share` of 1 or 0. Realtime.
void pinna_eq_fix(PinnaEq* eq, uint32_t band, double share) PINNA_RT;

/// Frames to filter next, n at most, all of them settled or all gliding; looks at new targets and
/// lays tables as needed. Realtime.
uint32_t pinna_eq_plan_chunk(PinnaEq* eq, uint32_t n) PINNA_RT;

/// Let n planned frames pass. Realtime.
void pinna_eq_elapse(PinnaEq* eq, uint32_t n) PINNA_RT;

/// Forget past sound. Realtime.
void pinna_eq_clear(PinnaEq* eq) PINNA_RT;

#endif // PINNA_DSP_EQ_IMPL_H
