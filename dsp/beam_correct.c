// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How far the array corrects the reference microphone, and the post-filter

/// Seconds that the correction is judged by
#define JUDGED 1.0

/// Seconds that the array as a whole is judged by
#define TRUSTED 5.0

/// Frames' worth of target until the array is judged, and frames until the judgement counts
#define HEARD 2.0
#define PATIENCE 60.0

/// Share of target in the frame from which it counts fully: pauses and leads tell nothing
#define SPOKEN 0.03

/// Doubt: at the first the array is in full use, at the second not at all
typedef struct {
  double fully;
  double not_at_all;
} Limits;

/// To begin, for up to four microphones and for more, which must leave less; and to go on
static const Limits to_begin[2] = {{0.34, 0.37}, {0.30, 0.33}};
static const Limits to_go_on = {0.36, 0.40};

/// To begin where the sound that the mask takes for the target hardly ever comes from there: it may
/// well be somebody else
static const Limits to_begin_astray = {0.20, 0.23};

/// Share of that sound that comes from the target's direction: up to the first it is astray, from
/// the second on it is not
static const double astray = 0.20;
static const double at_home = 0.45;

/// Most that the array's level is raised by, to make up for what it takes from the target
static const double most_level = 1.5;

/// Greatest g that keeps |u + g (w - u)|^2 within the floor, u the reference's unit vector
static double
blend_limit(const double norm, const double own, const double max) {
  const double a = norm - 2.0 * own + 1.0; // |w - u|^2
  const double b = own - 1.0;              // Re(u^H (w - u))
  if (a + 2.0 * b + 1.0 <= max || !(a > 0.0)) {
    return 1.0;
  }
  const double root = b * b - a * (1.0 - fmax(max, 1.0));
  return fmin(fmax((-b + sqrt(fmax(root, 0.0))) / a, 0.0), 1.0);
}

/// Least mean square error of reference + g e against the target: the noise that e was measured to
/// take away where the target is absent, against all that e adds (0 <= g <= limit)
static double
judge(PinnaBeam* const beam, const uint32_t k, const double complex x, const double complex e,
      const double limit) {
  const double keep = (double)beam->hop / (beam->rate * JUDGED);
  const double absent = beam->bins.absent[k];
  const double power = creal(e) * creal(e) + cimag(e) * cimag(e);
  const double against = -(creal(x) * creal(e) + cimag(x) * cimag(e));
  beam->helped[k] += keep * (absent * against - beam->helped[k]);
  beam->spent[k] += keep * (power - beam->spent[k]);
  beam->away[k] += keep * (absent - beam->away[k]);
  const double best = beam->helped[k] / (fmax(beam->away[k], 1e-3) * beam->spent[k] + 1e-30);
  const double goal = best > 0.0 ? fmin(best, limit) : 0.0;
  beam->blend[k] = fmin(beam->blend[k] + 0.2 * (goal - beam->blend[k]), fmax(limit, 0.0));
  return beam->blend[k];
}

/// Gain of the post-filter: decision-directed Wiener gain, weighted by the mask (after Cohen and
/// Berdugo 2001)
static double
postfilter(PinnaBeam* const beam, const uint32_t k, const double power) {
  const double p = (double)beam->mask[k];
  const double least = pow(10.0, -0.05 * beam->params.postfilter);
  double       noise = (double)beam->out_noise[k];
  noise += 0.05 * (1.0 - p) * (power - noise);
  const double gamma = fmin(power / (noise + 1e-30), 1e4);
  const double ratio = 0.92 * (double)beam->out_ratio[k] + 0.08 * fmax(gamma - 1.0, 0.0);
  const double wiener = ratio / (1.0 + ratio);
  beam->out_noise[k] = (float)noise;
  beam->out_ratio[k] = (float)(wiener * wiener * gamma);
  return fmax(pow(fmax(wiener, least), p) * pow(least, 1.0 - p), least);
}

/// How far the mask and the directions agree, 0 to 1; who asks no direction is not judged by it
static double
agreement(const PinnaBeam* const beam) {
  const PinnaBeamMask mask = beam->params.mask;
  const double        share = beam->towards / (beam->left[0] + 1e-30);
  return mask == PINNA_BEAM_MASK_AUTO || mask == PINNA_BEAM_MASK_DIRECTION
             ? fmin(fmax((share - astray) / (at_home - astray), 0.0), 1.0)
             : 1.0;
}

/// Least doubt that is too much
static Limits
find_limits(const PinnaBeam* const beam) {
  if (beam->trust >= 0.5) {
    return to_go_on;
  }
  const Limits known = to_begin[beam->n_mics > 4U];
  const double share = agreement(beam);
  return (Limits){to_begin_astray.fully + share * (known.fully - to_begin_astray.fully),
                  to_begin_astray.not_at_all +
                      share * (known.not_at_all - to_begin_astray.not_at_all)};
}

/// Trust the array as far as it tells talker from noise: over all bins, what it leaves of frames
/// without the target must be clearly less than what it leaves of frames with it. The more of the
/// sound the mask takes for the target, the less proof that is: the little it calls noise may be
/// gaps of a talker, and with a second talker it calls both the target. Array and reference have
/// the target at one level, so that going from one to the other distorts nothing
static void
trust(PinnaBeam* const beam, const double sums[4]) {
  if (beam->quiet) {
    return;
  }
  const double  least = (double)beam->hop / (beam->rate * TRUSTED);
  double* const left = beam->left;
  beam->heard = fmin(beam->heard + beam->report.presence, 2.0 * HEARD);
  if (beam->heard > HEARD) {
    const double weight = fmin(beam->report.presence / SPOKEN, 1.0);
    beam->judged = fmin(beam->judged + weight, 1.0 / least);
    const double share = weight * fmax(least, 1.0 / (beam->judged + 1.0));
    beam->towards += share * ((double)beam->scan.prior * sums[0] - beam->towards);
    for (int i = 0; i < 4; ++i) {
      left[i] += share * (sums[i] - left[i]);
    }
  }
  const double target = left[1] / (left[0] + 1e-30);
  const double noise = left[3] / (left[2] + 1e-30);
  const double share = left[0] / (left[0] + left[2] + 1e-30);
  const double doubt = share * noise / (target + 1e-30);
  const bool   is_sure = beam->judged > PATIENCE;
  const Limits limits = find_limits(beam);
  const double rest = (limits.not_at_all - doubt) / (limits.not_at_all - limits.fully);
  const double goal = is_sure ? fmin(fmax(rest, 0.0), 1.0) : 0.0;
  beam->trust += 0.05 * (goal - beam->trust);
  beam->trust = beam->trust > 1e-4 ? beam->trust : 0.0;
  beam->level = is_sure ? fmin(fmax(sqrt(1.0 / (target + 1e-30)), 1.0), most_level) : 1.0;
}

void
beam_correct(PinnaBeam* const beam, float complex* const* const bins) {
  const PinnaBeamBins* const b = &beam->bins;
  const uint32_t             m = beam->n_mics;
  double                     wng = 0.0;
  double                     blends = 0.0;
  double                     sums[4] = {0.0, 0.0, 0.0, 0.0};
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    const size_t         block = k / PINNA_BEAM_LANES;
    const size_t         lane = k % PINNA_BEAM_LANES;
    const size_t         cell = (block * 2U * m + 2U * beam->step.ref) * PINNA_BEAM_LANES + lane;
    const double* const  pair = b->e + block * 2U * PINNA_BEAM_LANES + lane;
    const double complex x = b->y[cell] + b->y[cell + PINNA_BEAM_LANES] * I;
    const double complex e = pair[0] + pair[PINNA_BEAM_LANES] * I;
    const double         own = b->weight[cell];
    const double         g = judge(beam, k, x, e, blend_limit(b->norm[k], own, beam->norm_max));
    const double complex whole = x + g * e;
    double complex       y = x + beam->trust * (beam->level * whole - x);
    const double         power = creal(x) * creal(x) + cimag(x) * cimag(x);
    const double         left = creal(whole) * creal(whole) + cimag(whole) * cimag(whole);
    sums[0] += (1.0 - b->absent[k]) * power;
    sums[1] += (1.0 - b->absent[k]) * left;
    sums[2] += b->absent[k] * power;
    sums[3] += b->absent[k] * left;
    if (beam->params.postfilter > 0.0) {
      y *= postfilter(beam, k, creal(y) * creal(y) + cimag(y) * cimag(y));
    }
    bins[0][k] = (float)creal(y) + (float)cimag(y) * I;
    bins[1][k] = (float)creal(x - y) + (float)cimag(x - y) * I;
    wng += 1.0 / (1.0 + g * g * (b->norm[k] - 2.0 * own + 1.0) + 2.0 * g * (own - 1.0) + 1e-6);
    blends += beam->trust * g;
  }
  trust(beam, sums);
  beam->report.wng = 10.0 * log10(wng / (double)beam->n_bins);
  beam->report.ref = beam->step.ref;
  beam->report.blend = blends / (double)beam->n_bins;
}
