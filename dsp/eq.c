// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq.h"

#include "base/denormal.h"
#include "dsp/eq_impl.h"

#include <float.h>
#include <math.h>
#include <string.h>

// The audio path: samples in, gain, groups of sections, gain, samples out

#define LN10_20 0.11512925464970229 ///< ln(10) / 20

void
pinna_eq_set_band(PinnaEq* const eq, const uint32_t band, const PinnaEqBand* const target) {
  if (band >= eq->n_bands) {
    return;
  }
  PinnaEqVoice* const      v = &eq->voices[band];
  const PinnaEqBand* const old = &v->want;
  const PinnaEqBand        want = pinna_eq_clamped(target, eq->sample_rate);
  if ((want.enabled != old->enabled || want.type != old->type || want.shape != old->shape ||
       want.order != old->order || want.freq_hz != old->freq_hz || want.gain_db != old->gain_db ||
       want.q != old->q)) {
    v->want = want;
    v->dirty = true;
    eq->dirty = true;
  }
}

static void
set_ramp(PinnaEq* const eq, const uint32_t ramp, const double goal) {
  if (goal != eq->ramp_goal[ramp]) {
    eq->ramp_goal[ramp] = goal;
    eq->dirty = true;
  }
}

void
pinna_eq_set_gains(PinnaEq* const eq, const double input_db, const double output_db) {
  set_ramp(eq, EQ_GAIN_IN, isfinite(input_db) ? LN10_20 * fmin(fmax(input_db, -60.0), 60.0) : 0.0);
  set_ramp(eq, EQ_GAIN_OUT,
           isfinite(output_db) ? LN10_20 * fmin(fmax(output_db, -60.0), 60.0) : 0.0);
}

void
pinna_eq_set_enabled(PinnaEq* const eq, const bool enabled) {
  set_ramp(eq, EQ_MIX, enabled ? 1.0 : 0.0);
}

void
pinna_eq_clear(PinnaEq* const eq) {
  memset(eq->states, 0, (size_t)eq->n_ch * EQ_N_GROUPS * sizeof(PinnaEqState));
}

void
pinna_eq_snap(PinnaEq* const eq) {
  pinna_eq_place(eq);
  pinna_eq_clear(eq);
  for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
    pinna_smooth_snap(&eq->ramps[r], eq->ramp_goal[r]);
    eq->ramp_knot[r][0] = r == EQ_MIX ? eq->ramp_goal[r] : exp(eq->ramp_goal[r]);
    eq->ramp_knot[r][1] = 0.0;
  }
  eq->phase = eq->n_segments = 0U;
  eq->gliding = false;
}

bool
pinna_eq_is_settled(const PinnaEq* const eq) {
  return !eq->gliding && !eq->dirty;
}

/// A ramp's value at each frame of a chunk
static void
unroll(const PinnaEq* const eq, const uint32_t ramp, double* const values, const uint32_t n) {
  uint32_t            skip = eq->segment - (EQ_WIDTH - 1U) + eq->phase;
  const PinnaEqCurve* piece = eq->ramp_pieces[ramp];
  PinnaEqCurve        q = *piece;
  uint32_t            left = eq->segment;
  for (uint32_t i = 0U; i < n;) {
    if (!left) {
      q = *++piece;
      left = eq->segment;
    }
    if (skip) {
      --skip;
    } else {
      values[i++] = q.c;
    }
    q.c += q.d;
    q.d += q.e;
    q.e += q.f;
    --left;
  }
}

static void
filter(PinnaEq* const eq, const uint32_t first_ch, const uint32_t n_ch, const uint32_t n) {
  const uint32_t offset = eq->segment - (EQ_WIDTH - 1U) + eq->phase;
  for (uint32_t g = 0U; g < eq->n_groups; ++g) {
    PinnaEqState* const       states[2] = {&eq->states[first_ch * EQ_N_GROUPS + g],
                                           &eq->states[(first_ch + n_ch - 1U) * EQ_N_GROUPS + g]};
    const PinnaEqGroup* const group = &eq->groups[g];
    if (eq->gliding) {
      eq->kernels->glide(group->pieces, eq->segment, offset, states, eq->scratch, n_ch, n);
    } else {
      eq->kernels->hold(group->fixed, states, eq->scratch, n_ch, n);
    }
  }
}

/// What is not a number counts as silence
static inline double
sane(const float x) {
  return fabsf(x) <= FLT_MAX ? (double)x : 0.0;
}

/// Constant gains and nothing dry in the output
static void
run_level(PinnaEq* const eq, const float* const* const in, float* const* const out,
          const uint32_t at, const uint32_t n) {
  const double gain_in = eq->ramp_knot[EQ_GAIN_IN][0];
  const double gain_out = eq->ramp_knot[EQ_GAIN_OUT][0];
  for (uint32_t ch = 0U; ch < eq->n_ch; ch += 2U) {
    const uint32_t n_ch = eq->n_ch - ch < 2U ? 1U : 2U;
    for (uint32_t k = 0U; k < n_ch; ++k) {
      const float* const x = in[ch + k] + at;
      for (uint32_t i = 0U; i < n; ++i) {
        eq->scratch[k][i] = gain_in * sane(x[i]);
      }
    }
    filter(eq, ch, n_ch, n);
    for (uint32_t k = 0U; k < n_ch; ++k) {
      float* const y = out[ch + k] + at;
      for (uint32_t i = 0U; i < n; ++i) {
        y[i] = (float)(gain_out * eq->scratch[k][i]);
      }
    }
  }
}

/// Gains or the share of the filtered sound move
static void
run_ramps(PinnaEq* const eq, const float* const* const in, float* const* const out,
          const uint32_t at, const uint32_t n) {
  double ramps[EQ_N_RAMPS][EQ_CHUNK];
  for (uint32_t r = 0U; r < EQ_N_RAMPS; ++r) {
    unroll(eq, r, ramps[r], n);
  }
  for (uint32_t ch = 0U; ch < eq->n_ch; ch += 2U) {
    const uint32_t n_ch = eq->n_ch - ch < 2U ? 1U : 2U;
    for (uint32_t k = 0U; k < n_ch; ++k) {
      const float* const x = in[ch + k] + at;
      for (uint32_t i = 0U; i < n; ++i) {
        eq->scratch[k][i] = ramps[EQ_GAIN_IN][i] * sane(x[i]);
      }
    }
    filter(eq, ch, n_ch, n);
    for (uint32_t k = 0U; k < n_ch; ++k) {
      const float* const x = in[ch + k] + at;
      float* const       y = out[ch + k] + at;
      for (uint32_t i = 0U; i < n; ++i) {
        const double dry = sane(x[i]);
        const double wet = ramps[EQ_GAIN_OUT][i] * eq->scratch[k][i];
        y[i] = (float)(ramps[EQ_MIX][i] * wet + (1.0 - ramps[EQ_MIX][i]) * dry);
      }
    }
  }
}

static void
bypass(const PinnaEq* const eq, const float* const* const in, float* const* const out,
       const uint32_t at, const uint32_t n) {
  for (uint32_t ch = 0U; ch < eq->n_ch; ++ch) {
    memmove(out[ch] + at, in[ch] + at, n * sizeof(float));
  }
}

void
pinna_eq_run(PinnaEq* const eq, const float* const* const in, float* const* const out,
             const uint32_t n_frames) {
  const PinnaFpMode mode = pinna_denormal_enter();
  for (uint32_t at = 0U, n; at < n_frames; at += n) {
    n = pinna_eq_plan_chunk(eq, n_frames - at);
    if (eq->gliding && eq->n_level < eq->n_segments) {
      run_ramps(eq, in, out, at, n);
    } else if (eq->gliding || eq->ramp_knot[EQ_MIX][0] != 0.0) {
      run_level(eq, in, out, at, n);
    } else {
      bypass(eq, in, out, at, n);
    }
    pinna_eq_elapse(eq, n);
  }

  double sum = 0.0;
  for (uint32_t i = 0U; i < eq->n_ch * EQ_N_GROUPS; ++i) {
    for (uint32_t l = 0U; l < EQ_WIDTH; ++l) {
      sum += 0.0 * (eq->states[i].s1[l] + eq->states[i].s2[l]);
    }
  }
  if (sum != 0.0) {
    pinna_eq_clear(eq);
  }
  pinna_denormal_leave(mode);
}
