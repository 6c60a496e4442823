// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"

#include <math.h>
#include <string.h>

// Time: knots at a fixed distance from the start, and tables of coefficients between them

bool
pinna_eq_is_moving(const PinnaEq* const eq) {
  bool moving = false;
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    moving |= eq->voices[b].moving;
  }
  for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
    moving |= !pinna_smooth_is_near(&eq->ramps[r], 0.0);
  }
  return moving;
}

/// A band that is as good as there arrives with this segment
static void
come_home(PinnaEq* const eq, const uint32_t band) {
  PinnaEqMotion* const m = eq->motion;
  for (uint32_t k = 0U; k < 3U; ++k) {
    for (uint32_t i = 0U; i < EQ_N_PARAMS; ++i) {
      m->error[k][i][band] = 0.0;
    }
  }
  pinna_eq_mark(eq, band, false);
  pinna_eq_fix(eq, band, m->target[EQ_Z][band]);
}

/// Sections without a form: designed at the knot, with slopes from two points beside it
static void
design_free(PinnaEq* const eq, const uint32_t band) {
  const PinnaEqMotion* const m = eq->motion;
  const PinnaEqVoice* const  v = &eq->voices[band];
  const double               du = m->slope[EQ_U][band];
  const double               dv = m->slope[EQ_V][band];
  const double               dw = m->slope[EQ_W][band];
  const double               speed = fabs(du) + fabs(dv) + fabs(dw);
  const double               t = speed > 0.0 ? 1e-5 / speed : 0.0;
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    PinnaSvf f[3];
    for (int32_t side = -1; side <= 1; ++side) {
      const PinnaEqPoint at = {fmin(m->value[EQ_U][band] + side * t * du, 0.43),
                               m->value[EQ_V][band] + side * t * dv,
                               m->value[EQ_W][band] + side * t * dw};
      f[side + 1] = pinna_eq_design(&v->plan, &v->kind, i, &at, eq->sample_rate);
    }
    const double        per = t > 0.0 ? 0.5 / t : 0.0;
    PinnaEqGroup* const group = &eq->groups[v->lane[i] / EQ_WIDTH];
    const uint32_t      l = EQ_WIDTH - 1U - v->lane[i] % EQ_WIDTH;
    group->form[EQ_G_0][l] = f[1].g;
    group->form[EQ_K_0][l] = f[1].k;
    group->form[EQ_M0_1][l] = f[1].m0;
    group->form[EQ_M1_0][l] = f[1].m1;
    group->form[EQ_M2_1][l] = f[1].m2;
    group->form[EQ_SLOPE_G][l] = per * (f[2].g - f[0].g);
    group->form[EQ_SLOPE_K][l] = per * (f[2].k - f[0].k);
    group->form[EQ_SLOPE_M0][l] = per * (f[2].m0 - f[0].m0);
    group->form[EQ_SLOPE_M1][l] = per * (f[2].m1 - f[0].m1);
    group->form[EQ_SLOPE_M2][l] = per * (f[2].m2 - f[0].m2);
  }
}

/// Scalar twin of lay_piece() in eq_knot.h
static PinnaEqCurve
lay_ramp(double knot[2], const double end, const double rise, const double length) {
  const double chord = (end - knot[0]) / length;
  const double curve = (2.0 * (chord - knot[1]) + (chord - rise)) / length;
  const double twist = (knot[1] + rise - 2.0 * chord) / (length * length);
  const double c = knot[0];
  const double d = knot[1] + curve + twist;
  knot[0] = end;
  knot[1] = rise;
  return (PinnaEqCurve){c, d, 2.0 * curve + 6.0 * twist, 6.0 * twist};
}

static bool
append_ramp(PinnaEq* const eq, const uint32_t r) {
  PinnaSmooth* const s = &eq->ramps[r];
  if (pinna_smooth_is_near(s, 0.0) && eq->ramp_knot[r][1] == 0.0) {
    eq->ramp_pieces[r][eq->n_segments] = (PinnaEqCurve){.c = eq->ramp_knot[r][0]};
    return false;
  }
  if (!pinna_smooth_is_near(s, EQ_TOLERANCE)) {
    pinna_smooth_advance(s, &eq->step);
  } else {
    pinna_smooth_snap(s, s->target);
  }
  const double value = pinna_smooth_value(s);
  const double slope = pinna_smooth_slope(s, &eq->step);
  const double end = r == EQ_MIX ? value : exp(value);
  eq->ramp_pieces[r][eq->n_segments] =
      lay_ramp(eq->ramp_knot[r], end, r == EQ_MIX ? slope : end * slope, eq->segment);
  return true;
}

/// One more segment at the end of the tables
static void
append(PinnaEq* const eq) {
  bool moved = false;
  bool moving = false;
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    PinnaEqVoice* const v = &eq->voices[b];
    moved |= v->moving;
    if (v->moving && eq->motion->near[b]) {
      come_home(eq, b);
    }
    moving |= v->moving;
  }
  if (moving) {
    eq->kernels->advance(eq->motion, eq->step.decay, eq->step.ratio, eq->step.rate);
    for (uint32_t b = 0U; b < eq->n_bands; ++b) {
      if (eq->voices[b].moving && eq->voices[b].plan.free) {
        design_free(eq, b);
      }
    }
  }
  for (uint32_t g = 0U; g < eq->n_groups; ++g) {
    eq->kernels->segment(&eq->groups[g], eq->motion, &eq->groups[g].pieces[eq->n_segments],
                         eq->segment);
  }
  const bool whole = eq->ramp_knot[EQ_MIX][0] == 1.0;
  bool       still = true;
  for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
    still = !append_ramp(eq, r) && still;
  }
  eq->n_level = still && whole ? eq->n_level + 1U : 0U;
  eq->resting = still && !moved;
  ++eq->n_segments;
}

/// Keep the last `keep` segments of the tables
static void
shift_tables(PinnaEq* const eq, const uint32_t keep) {
  const uint32_t from = eq->n_segments - keep;
  eq->n_segments = keep;
  if (from) {
    for (uint32_t g = 0U; g < eq->n_groups; ++g) {
      PinnaEqPiece* const pieces = eq->groups[g].pieces;
      memmove(pieces, pieces + from, keep * sizeof(pieces[0]));
    }
    for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
      PinnaEqCurve* const pieces = eq->ramp_pieces[r];
      memmove(pieces, pieces + from, keep * sizeof(pieces[0]));
    }
  }
}

/// From settled to gliding: the segment before this knot stood still
static void
start_gliding(PinnaEq* const eq) {
  eq->gliding = eq->resting = true;
  eq->n_segments = eq->n_level = 0U;
  append(eq);
}

static void
pass_knot(PinnaEq* const eq) {
  if (eq->gliding) {
    shift_tables(eq, 1U);
  } else {
    start_gliding(eq);
  }
  pinna_eq_latch(eq);
  if (eq->resting && !pinna_eq_is_moving(eq) && !pinna_eq_is_leaving(eq)) {
    eq->gliding = false;
    pinna_eq_compact(eq);
    if (eq->ramp_knot[EQ_MIX][0] == 0.0) {
      pinna_eq_clear(eq);
    }
  } else {
    append(eq);
  }
}

/// Is there something that only a knot at the start of a chunk can do?
static bool
is_due(const PinnaEq* const eq) {
  bool due = eq->dirty || eq->resting;
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    const PinnaEqVoice* const v = &eq->voices[b];
    due |= v->stage == EQ_BAND_COOLING || (v->stage == EQ_BAND_LEAVING && !v->moving);
  }
  return due;
}

uint32_t
pinna_eq_plan_chunk(PinnaEq* const eq, const uint32_t n) {
  if (!eq->phase && (eq->gliding || eq->dirty)) {
    pass_knot(eq);
  }
  uint32_t covered = eq->gliding || eq->dirty ? eq->segment - eq->phase : EQ_CHUNK;
  while (eq->gliding && covered < n && eq->n_segments <= EQ_MAX_AHEAD && !is_due(eq)) {
    append(eq);
    covered += eq->segment;
  }
  return n < covered ? n : covered;
}

void
pinna_eq_elapse(PinnaEq* const eq, const uint32_t n) {
  eq->phase = (eq->phase + n) % eq->segment;
  if (eq->gliding && eq->phase) {
    shift_tables(eq, 2U);
  }
}
