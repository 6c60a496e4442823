// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq_impl.h"

#include <math.h>
#include <stddef.h>

// From a band's settings to its sections, in one form that scalar and vector code share

#define PI 3.14159265358979323846
#define LN10_40 0.057564627324851142 ///< ln(10) / 40
#define BUTTERWORTH 0.70710678118654752

typedef enum { USES_F = 1, USES_GAIN = 2, USES_Q = 4, HAS_ORDER = 8, HAS_SHAPE = 16 } Traits;

static const struct {
  const char*           name;
  unsigned              traits;
  PinnaBiquadDesignFunc fixed;   ///< Design without any parameter, or with no form
  PinnaBiquadDesignFunc matched; ///< Analogue shape
} types[PINNA_EQ_N_TYPES] = {
    [PINNA_EQ_BELL] = {"bell", 23U, NULL, pinna_biquad_matched_bell},
    [PINNA_EQ_LOW_SHELF] = {"low_shelf", 23U, NULL, pinna_biquad_matched_low_shelf},
    [PINNA_EQ_HIGH_SHELF] = {"high_shelf", 23U, NULL, pinna_biquad_matched_high_shelf},
    [PINNA_EQ_LOW_PASS] = {"low_pass", 29U, NULL, pinna_biquad_matched_lowpass},
    [PINNA_EQ_HIGH_PASS] = {"high_pass", 29U, NULL, pinna_biquad_matched_highpass},
    [PINNA_EQ_BAND_PASS] = {"band_pass", 5U, NULL, NULL},
    [PINNA_EQ_NOTCH] = {"notch", 5U, NULL, NULL},
    [PINNA_EQ_ALL_PASS] = {"all_pass", 5U, NULL, NULL},
    [PINNA_EQ_BASS] = {"bass", 7U, NULL, NULL},
    [PINNA_EQ_TREBLE] = {"treble", 7U, NULL, NULL},
    [PINNA_EQ_EQUALIZER] = {"equalizer", 7U, NULL, NULL},
    [PINNA_EQ_BAND] = {"band", 5U, pinna_biquad_band, NULL},
    [PINNA_EQ_BANDPASS] = {"bandpass", 5U, NULL, NULL},
    [PINNA_EQ_BANDREJECT] = {"bandreject", 5U, NULL, NULL},
    [PINNA_EQ_RIAA] = {"riaa", 0U, pinna_biquad_riaa, NULL},
    [PINNA_EQ_DEEMPH] = {"deemph", 0U, pinna_biquad_deemph, NULL},
    [PINNA_EQ_BAND_NOISE] = {"band_noise", 5U, pinna_biquad_band_noise, NULL},
    [PINNA_EQ_BANDPASS_SKIRT] = {"bandpass_skirt", 5U, NULL, NULL},
};

const char*
pinna_eq_type_name(const PinnaEqType type) {
  return (unsigned)type < PINNA_EQ_N_TYPES ? types[type].name : NULL;
}

static double
clamped(const double value, const double low, const double high, const double otherwise) {
  return value >= low && value <= high ? value
         : isfinite(value)             ? (value < low ? low : high)
                                       : otherwise;
}

PinnaEqBand
pinna_eq_clamped(const PinnaEqBand* const band, const double sample_rate) {
  const PinnaEqBand usual = PINNA_EQ_BAND_DEFAULT;
  const double      top = fmin(24000.0, 0.49 * sample_rate);
  PinnaEqBand       b = *band;
  b.type = (unsigned)b.type < PINNA_EQ_N_TYPES ? b.type : usual.type;
  b.shape = (unsigned)b.shape < PINNA_EQ_N_SHAPES ? b.shape : usual.shape;
  b.order = b.order < 1U ? 1U : b.order > PINNA_EQ_MAX_ORDER ? PINNA_EQ_MAX_ORDER : b.order;
  b.freq_hz = clamped(b.freq_hz, 10.0, top, fmin(usual.freq_hz, top));
  b.gain_db = clamped(b.gain_db, -24.0, 24.0, usual.gain_db);
  b.q = clamped(b.q, 0.05, 40.0, usual.q);
  return b;
}

PinnaEqKind
pinna_eq_kind(const PinnaEqBand* const band) {
  const unsigned traits = types[band->type].traits;
  return (PinnaEqKind){band->type, traits & HAS_SHAPE ? band->shape : PINNA_EQ_SHAPE_RBJ,
                       traits & HAS_ORDER ? band->order : 2U};
}

PinnaEqPoint
pinna_eq_point(const PinnaEqBand* const band, const double sample_rate) {
  const unsigned traits = types[band->type].traits;
  const bool     first = (traits & HAS_ORDER) && band->order == 1U;
  return (PinnaEqPoint){traits & USES_F ? log(PI * band->freq_hz / sample_rate) : 0.0,
                        traits & USES_GAIN ? LN10_40 * band->gain_db : 0.0,
                        (traits & USES_Q) && !first ? log(band->q) : 0.0};
}

/// Q of pair `index` (0 first) of a Butterworth filter: 1 / (2 cos(angle of the pole))
static double
butterworth_q(const uint32_t order, const uint32_t index) {
  const double angle = PI * ((order % 2U ? 2.0 : 1.0) + 2.0 * index) / (2.0 * order);
  return 0.5 / cos(angle);
}

static void
plan_cascade(PinnaEqPlan* const plan, const PinnaEqKind* const kind) {
  const uint32_t n_pairs = kind->order / 2U;
  const uint32_t n_single = kind->order % 2U;
  const bool     low = kind->type == PINNA_EQ_LOW_PASS;
  plan->n_sections = n_pairs + n_single;
  plan->q_power = n_pairs ? 1.0 / n_pairs : 0.0;
  for (uint32_t i = 0U; i < plan->n_sections; ++i) {
    double* const f = plan->form[i];
    const bool    single = i < n_single;
    f[EQ_G_1] = 1.0;
    if (single) { // 1 / (s + 1) as (s + 1) / (s + 1)^2
      f[EQ_K_0] = 2.0;
      f[EQ_M0_1] = low ? 0.0 : 1.0;
      f[EQ_M1_0] = low ? 1.0 : -1.0;
      f[EQ_M2_1] = low ? 1.0 : -1.0;
    } else {
      f[EQ_K_F] = pow(BUTTERWORTH, plan->q_power) / butterworth_q(kind->order, i - n_single);
      f[EQ_M0_1] = low ? 0.0 : 1.0;
      f[EQ_M1_1] = low ? 0.0 : -1.0;
      f[EQ_M2_1] = low ? 1.0 : -1.0;
    }
  }
}

static void
plan_fixed(PinnaEqPlan* const plan, const PinnaEqKind* const kind, const double sample_rate) {
  const PinnaBiquadSpec spec = {sample_rate, 0.0, 0.0, 1.0};
  const PinnaBiquad     biquad = types[kind->type].fixed(&spec);
  const PinnaSvf        svf = pinna_svf_from_biquad(&biquad);
  double* const         f = plan->form[0];
  f[EQ_G_0] = svf.g;
  f[EQ_K_0] = svf.k;
  f[EQ_M0_1] = svf.m0;
  f[EQ_M1_0] = svf.m1;
  f[EQ_M2_1] = svf.m2;
}

static void
plan_single(PinnaEqPlan* const plan, const PinnaEqType type) {
  double* const f = plan->form[0];
  plan->q_power = 1.0;
  f[EQ_G_1] = f[EQ_K_F] = f[EQ_M0_1] = 1.0;
  if (type == PINNA_EQ_BELL || type == PINNA_EQ_EQUALIZER) {
    plan->a_power = 1.0;
    f[EQ_M1_1] = -1.0;
    f[EQ_M1_A2] = 1.0;
  } else if (type == PINNA_EQ_LOW_SHELF || type == PINNA_EQ_BASS) {
    f[EQ_G_1] = 0.0;
    f[EQ_G_IE] = f[EQ_M1_A] = f[EQ_M2_A2] = 1.0;
    f[EQ_M1_1] = f[EQ_M2_1] = -1.0;
  } else if (type == PINNA_EQ_HIGH_SHELF || type == PINNA_EQ_TREBLE) {
    f[EQ_G_1] = f[EQ_M0_1] = 0.0;
    f[EQ_G_E] = f[EQ_M0_A2] = f[EQ_M1_A] = f[EQ_M2_1] = 1.0;
    f[EQ_M1_A2] = f[EQ_M2_A2] = -1.0;
  } else if (type == PINNA_EQ_BAND_PASS || type == PINNA_EQ_BANDPASS) {
    f[EQ_M0_1] = 0.0;
    f[EQ_M1_1] = 1.0;
  } else if (type == PINNA_EQ_BANDPASS_SKIRT) {
    f[EQ_M0_1] = 0.0;
    f[EQ_M1_0] = 1.0;
  } else {
    f[EQ_M1_1] = type == PINNA_EQ_ALL_PASS ? -2.0 : -1.0;
  }
}

void
pinna_eq_plan(PinnaEqPlan* const plan, const PinnaEqKind* const kind, const double sample_rate) {
  *plan = (PinnaEqPlan){.n_sections = 1U};
  const bool cascade = types[kind->type].traits & HAS_ORDER;
  plan->free = kind->shape == PINNA_EQ_SHAPE_ANALOGUE ||
               (types[kind->type].fixed && types[kind->type].traits);
  if (cascade) {
    plan_cascade(plan, kind);
  } else if (types[kind->type].fixed && !plan->free) {
    plan_fixed(plan, kind, sample_rate);
  } else if (!plan->free) {
    plan_single(plan, kind->type);
  }
}

static PinnaSvf
design_free(const PinnaEqPlan* const plan, const PinnaEqKind* const kind, const uint32_t index,
            const PinnaEqPoint* const at, const double sample_rate) {
  PinnaBiquadSpec spec = {sample_rate, exp(at->u) * sample_rate / PI, at->v / LN10_40, exp(at->w)};
  PinnaBiquadDesignFunc design =
      kind->shape == PINNA_EQ_SHAPE_ANALOGUE ? types[kind->type].matched : types[kind->type].fixed;
  if (types[kind->type].traits & HAS_ORDER) {
    const uint32_t n_single = kind->order % 2U;
    if (index < n_single) {
      design = kind->type == PINNA_EQ_LOW_PASS ? pinna_biquad_matched_lowpass1
                                               : pinna_biquad_matched_highpass1;
    } else {
      spec.q = butterworth_q(kind->order, index - n_single) *
               exp(plan->q_power * (at->w - log(BUTTERWORTH)));
    }
  }
  const PinnaBiquad biquad = design(&spec);
  return pinna_svf_from_biquad(&biquad);
}

PinnaSvf
pinna_eq_design(const PinnaEqPlan* const plan, const PinnaEqKind* const kind, const uint32_t index,
                const PinnaEqPoint* const at, const double sample_rate) {
  if (plan->free) {
    return design_free(plan, kind, index, at, sample_rate);
  }
  const double* const f = plan->form[index];
  const double        a = exp(at->v);
  const double        e = exp(0.5 * at->v);
  const double g = tan(exp(at->u)) * (f[EQ_G_1] + f[EQ_G_E] * e + f[EQ_G_IE] / e) + f[EQ_G_0];
  const double k = f[EQ_K_F] * exp(-(plan->q_power * at->w + plan->a_power * at->v)) + f[EQ_K_0];
  return (PinnaSvf){g, k, f[EQ_M0_1] + f[EQ_M0_A2] * a * a,
                    k * (f[EQ_M1_1] + f[EQ_M1_A] * a + f[EQ_M1_A2] * a * a) + f[EQ_M1_0],
                    f[EQ_M2_1] + f[EQ_M2_A2] * a * a};
}

/// Multiply by the band's response
static void
add_response(const PinnaEqPlan* const plan, const PinnaEqKind* const kind,
             const PinnaEqPoint* const at, const double sample_rate, const double* const freq_hz,
             double (*const response)[2], const uint32_t n) {
  for (uint32_t s = 0U; s < plan->n_sections; ++s) {
    const PinnaSvf svf = pinna_eq_design(plan, kind, s, at, sample_rate);
    for (uint32_t i = 0U; i < n; ++i) {
      double h[2];
      pinna_svf_response(&svf, tan(PI * freq_hz[i] / sample_rate), h);
      const double re = response[i][0] * h[0] - response[i][1] * h[1];
      response[i][1] = response[i][0] * h[1] + response[i][1] * h[0];
      response[i][0] = re;
    }
  }
}

void
pinna_eq_band_response(const PinnaEqBand* const band, const double sample_rate,
                       const double* const freq_hz, double (*const response)[2], const uint32_t n) {
  const PinnaEqBand  b = pinna_eq_clamped(band, sample_rate);
  const PinnaEqKind  kind = pinna_eq_kind(&b);
  const PinnaEqPoint at = pinna_eq_point(&b, sample_rate);
  for (uint32_t i = 0U; i < n; ++i) {
    response[i][0] = 1.0;
    response[i][1] = 0.0;
  }
  if (b.enabled) {
    PinnaEqPlan plan;
    pinna_eq_plan(&plan, &kind, sample_rate);
    add_response(&plan, &kind, &at, sample_rate, freq_hz, response, n);
  }
}

void
pinna_eq_curve(const PinnaEqBand* const bands, const uint32_t n_bands, const double sample_rate,
               const double* const freq_hz, double* const gain_db, const uint32_t n) {
  double h[64][2];
  for (uint32_t i = 0U; i < n; ++i) {
    gain_db[i] = 0.0;
  }
  for (uint32_t b = 0U; b < n_bands; ++b) {
    for (uint32_t at = 0U; at < n && bands[b].enabled; at += 64U) {
      const uint32_t count = n - at < 64U ? n - at : 64U;
      pinna_eq_band_response(&bands[b], sample_rate, freq_hz + at, h, count);
      for (uint32_t i = 0U; i < count; ++i) {
        const double power = h[i][0] * h[i][0] + h[i][1] * h[i][1];
        gain_db[at + i] = fmax(gain_db[at + i] + 10.0 * log10(fmax(power, 1e-60)), -300.0);
      }
    }
  }
}
