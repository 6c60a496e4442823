// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"

#include <string.h>

// The life of bands: where their sections live, when they start, leave and change their kind

static PinnaEqGroup*
group_of(PinnaEq* const eq, const uint32_t lane) {
  return &eq->groups[lane / EQ_WIDTH];
}

/// Array element of a lane: the first section of a group comes last
static uint32_t
element_of(const uint32_t lane) {
  return EQ_WIDTH - 1U - lane % EQ_WIDTH;
}

static void
write_coefs(double table[EQ_N_COEFS][EQ_WIDTH], const uint32_t l, const PinnaSvfStep* const c) {
  table[EQ_M][l] = c->m;
  table[EQ_P][l] = c->p;
  table[EQ_R][l] = c->r;
  table[EQ_C1][l] = c->c1;
  table[EQ_C2][l] = c->c2;
  table[EQ_D][l] = c->d;
}

/// From the next segment on, the lane passes sound unchanged
static void
vacate(PinnaEqGroup* const group, const uint32_t l) {
  const PinnaSvfStep through = {.d = 1.0};
  write_coefs(group->fixed, l, &through);
  write_coefs(group->value, l, &through);
  for (uint32_t i = 0U; i < EQ_N_FORM; ++i) {
    group->form[i][l] = 0.0;
  }
  for (uint32_t i = 0U; i < EQ_N_COEFS; ++i) {
    group->slope[i][l] = 0.0;
  }
  group->band[l] = 0;
  group->moving[l] = 0;
}

static void
forget_sound(PinnaEq* const eq, const uint32_t lane) {
  for (uint32_t ch = 0U; ch < eq->n_ch; ++ch) {
    PinnaEqState* const state = &eq->states[ch * EQ_N_GROUPS + lane / EQ_WIDTH];
    state->s1[element_of(lane)] = 0.0;
    state->s2[element_of(lane)] = 0.0;
  }
}

static void
occupy(PinnaEq* const eq, const uint32_t band, const uint32_t section, const uint32_t lane) {
  PinnaEqGroup* const group = group_of(eq, lane);
  const uint32_t      l = element_of(lane);
  for (uint32_t i = 0U; i < EQ_N_FORM; ++i) {
    group->form[i][l] = eq->voices[band].plan.form[section][i];
  }
  group->band[l] = band;
  group->used[l] = 1;
  eq->voices[band].lane[section] = lane;
}

void
pinna_eq_fix(PinnaEq* const eq, const uint32_t band, const double share) {
  const PinnaEqVoice* const v = &eq->voices[band];
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    PinnaSvf svf = pinna_eq_design(&v->plan, &v->kind, i, &v->goal, eq->sample_rate);
    svf.m0 = 1.0 + share * (svf.m0 - 1.0);
    svf.m1 *= share;
    svf.m2 *= share;
    const PinnaSvfStep step = pinna_svf_step(&svf);
    write_coefs(group_of(eq, v->lane[i])->fixed, element_of(v->lane[i]), &step);
  }
}

void
pinna_eq_mark(PinnaEq* const eq, const uint32_t band, const bool moving) {
  PinnaEqVoice* const v = &eq->voices[band];
  v->moving = moving;
  eq->motion->near[band] = 0;
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    group_of(eq, v->lane[i])->moving[element_of(v->lane[i])] = moving ? -1 : 0;
  }
}

/// What the lanes of a band are at the present knot
static void
set_knot(PinnaEq* const eq, const uint32_t band) {
  const PinnaEqVoice* const v = &eq->voices[band];
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    PinnaEqGroup* const group = group_of(eq, v->lane[i]);
    const uint32_t      l = element_of(v->lane[i]);
    for (uint32_t c = 0U; c < EQ_N_COEFS; ++c) {
      group->value[c][l] = group->fixed[c][l];
      group->slope[c][l] = 0.0;
    }
  }
}

/// Put the band's smoothers at its goal, its share at `share` on the way to 1
static void
place_smoothers(PinnaEq* const eq, const uint32_t band, const double share) {
  PinnaEqMotion* const m = eq->motion;
  PinnaEqVoice* const  v = &eq->voices[band];
  v->goal = pinna_eq_point(&v->want, eq->sample_rate);
  m->target[EQ_U][band] = v->goal.u;
  m->target[EQ_V][band] = v->goal.v;
  m->target[EQ_W][band] = v->goal.w;
  m->target[EQ_Z][band] = 1.0;
  for (uint32_t k = 0U; k < 3U; ++k) {
    m->error[k][EQ_U][band] = m->error[k][EQ_V][band] = m->error[k][EQ_W][band] = 0.0;
    m->error[k][EQ_Z][band] = share - 1.0;
  }
  m->q_power[band] = v->plan.q_power;
  m->a_power[band] = v->plan.a_power;
}

/// Head for a new target in one coordinate. Returns true if it is one.
static bool
redirect(PinnaEqMotion* const m, const uint32_t param, const uint32_t band, const double target) {
  const double moved = m->target[param][band] - target;
  m->target[param][band] = target;
  for (uint32_t k = 0U; k < 3U; ++k) {
    m->error[k][param][band] += moved;
  }
  return moved != 0.0;
}

/// A group that comes into use while others glide has passed sound unchanged so far
static void
open_groups(PinnaEq* const eq, const uint32_t n_groups) {
  for (; eq->n_groups < n_groups; ++eq->n_groups) {
    PinnaEqGroup* const group = &eq->groups[eq->n_groups];
    PinnaEqPiece* const past = &group->pieces[0];
    memset(past, 0, sizeof(*past));
    memcpy(past->c, group->value, sizeof(group->value));
  }
}

static void
start(PinnaEq* const eq, const uint32_t band, const double share) {
  PinnaEqVoice* const v = &eq->voices[band];
  v->kind = pinna_eq_kind(&v->want);
  pinna_eq_plan(&v->plan, &v->kind, eq->sample_rate);
  uint32_t lane = 0U;
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    while (group_of(eq, lane)->used[element_of(lane)]) {
      ++lane;
    }
    open_groups(eq, lane / EQ_WIDTH + 1U);
    occupy(eq, band, i, lane);
    forget_sound(eq, lane);
  }
  place_smoothers(eq, band, share);
  pinna_eq_fix(eq, band, share);
  set_knot(eq, band);
  v->stage = EQ_BAND_ON;
  pinna_eq_mark(eq, band, share != 1.0);
}

static void
stop(PinnaEq* const eq, const uint32_t band) {
  PinnaEqVoice* const v = &eq->voices[band];
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    vacate(group_of(eq, v->lane[i]), element_of(v->lane[i]));
  }
  v->stage = EQ_BAND_COOLING;
}

static void
free_lanes(PinnaEq* const eq, const uint32_t band) {
  PinnaEqVoice* const v = &eq->voices[band];
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    group_of(eq, v->lane[i])->used[element_of(v->lane[i])] = 0;
  }
  v->stage = EQ_BAND_OFF;
}

static bool
same_kind(const PinnaEqKind* const a, const PinnaEqKind* const b) {
  return a->type == b->type && a->shape == b->shape && a->order == b->order;
}

/// A band with lanes: follow, or leave
static void
steer(PinnaEq* const eq, const uint32_t band) {
  PinnaEqVoice* const v = &eq->voices[band];
  const PinnaEqKind   kind = pinna_eq_kind(&v->want);
  const bool          stay = v->want.enabled && same_kind(&kind, &v->kind);
  bool                moved = redirect(eq->motion, EQ_Z, band, stay ? 1.0 : 0.0);
  v->stage = stay ? EQ_BAND_ON : EQ_BAND_LEAVING;
  if (stay) {
    v->goal = pinna_eq_point(&v->want, eq->sample_rate);
    moved |= redirect(eq->motion, EQ_U, band, v->goal.u);
    moved |= redirect(eq->motion, EQ_V, band, v->goal.v);
    moved |= redirect(eq->motion, EQ_W, band, v->goal.w);
  }
  if (moved) {
    pinna_eq_mark(eq, band, true);
  }
}

void
pinna_eq_latch(PinnaEq* const eq) {
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    PinnaEqVoice* const v = &eq->voices[b];
    if (v->stage == EQ_BAND_COOLING) {
      free_lanes(eq, b);
      v->dirty = true;
    }
    if (v->dirty && v->stage != EQ_BAND_OFF) {
      steer(eq, b);
    }
    if (v->stage == EQ_BAND_LEAVING && !v->moving) {
      stop(eq, b);
    } else if (v->stage == EQ_BAND_OFF && v->dirty && v->want.enabled) {
      start(eq, b, 0.0);
    }
    v->dirty = false;
  }
  for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
    pinna_smooth_set(&eq->ramps[r], eq->ramp_goal[r]);
  }
  eq->dirty = false;
}

void
pinna_eq_place(PinnaEq* const eq) {
  eq->n_groups = 0U;
  for (uint32_t lane = 0U; lane < EQ_LANES; ++lane) {
    vacate(group_of(eq, lane), element_of(lane));
    group_of(eq, lane)->used[element_of(lane)] = 0;
  }
  memset(eq->motion, 0, sizeof(*eq->motion));
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    PinnaEqVoice* const v = &eq->voices[b];
    v->stage = EQ_BAND_OFF;
    v->moving = v->dirty = false;
    if (v->want.enabled) {
      start(eq, b, 1.0);
    }
  }
  eq->dirty = false;
}

static void
move_lane(PinnaEq* const eq, const uint32_t from, const uint32_t to) {
  PinnaEqGroup* const a = group_of(eq, from);
  PinnaEqGroup* const b = group_of(eq, to);
  const uint32_t      la = element_of(from);
  const uint32_t      lb = element_of(to);
  PinnaEqVoice* const v = &eq->voices[a->band[la]];
  for (uint32_t i = 0U; i < v->plan.n_sections; ++i) {
    if (v->lane[i] == from) {
      occupy(eq, (uint32_t)a->band[la], i, to);
      break;
    }
  }
  for (uint32_t c = 0U; c < EQ_N_COEFS; ++c) {
    b->fixed[c][lb] = b->value[c][lb] = a->fixed[c][la];
  }
  for (uint32_t ch = 0U; ch < eq->n_ch; ++ch) {
    PinnaEqState* const s = &eq->states[ch * EQ_N_GROUPS];
    s[to / EQ_WIDTH].s1[lb] = s[from / EQ_WIDTH].s1[la];
    s[to / EQ_WIDTH].s2[lb] = s[from / EQ_WIDTH].s2[la];
  }
  vacate(a, la);
  a->used[la] = 0;
}

void
pinna_eq_compact(PinnaEq* const eq) {
  uint32_t n_used = 0U;
  for (uint32_t lane = 0U; lane < eq->n_groups * EQ_WIDTH; ++lane) {
    if (group_of(eq, lane)->used[element_of(lane)]) {
      if (lane != n_used) {
        move_lane(eq, lane, n_used);
      }
      ++n_used;
    }
  }
  eq->n_groups = (n_used + EQ_WIDTH - 1U) / EQ_WIDTH;
}

bool
pinna_eq_is_leaving(const PinnaEq* const eq) {
  bool leaving = false;
  for (uint32_t b = 0U; b < eq->n_bands; ++b) {
    leaving |= eq->voices[b].stage >= EQ_BAND_LEAVING;
  }
  return leaving;
}
