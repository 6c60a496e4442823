// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam.h"
#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Who is heard in each bin: presence probability with a prior from the direction of arrival

/// Frames taken for noise at the start
#define LEAD 24U

/// Frames' worth of target until its own covariance is what a bin is matched with
#define TRUSTED 30.0

/// A-priori ratio of target to noise where the target is, 15 dB (Gerkmann and Hendriks 2012)
#define RATIO 31.6

static float
bounded(const double x) {
  return (float)fmin(fmax(x, 0.0), 0.99);
}

/// What a bin holds of the target, mean 1 in noise: matched with the target's covariance, or, as
/// long as that is young, with the steering direction or with anything new
static double
matched(const PinnaBeam* const beam, const uint32_t k) {
  const PinnaBeamBins* const b = &beam->bins;
  const double               steered = b->steered[k] / (b->gain[k] + 1e-30);
  if (beam->params.mask == PINNA_BEAM_MASK_DIRECTION) {
    return steered;
  }
  const double learnt = b->beta[k] / (b->xi[k] + 1e-30);
  const double fresh = beam->params.mask == PINNA_BEAM_MASK_PRESENCE
                           ? fmax(b->t[k] - (double)beam->n_mics + 1.0, 0.0)
                           : steered;
  const double trust = fmin(beam->evidence_s[k] / TRUSTED, 1.0);
  return trust * learnt + (1.0 - trust) * fresh;
}

/// Prior from the direction and from how many bins of the last frames were the target's
static double
prior(const PinnaBeam* const beam) {
  const double towards =
      beam->params.mask == PINNA_BEAM_MASK_PRESENCE ? 0.5 : (double)beam->scan.prior;
  const double busy = fmin(fmax((beam->busy - 0.05) / 0.25, 0.03), 1.0);
  return fmin(fmax(towards * busy, 1e-3), 0.999);
}

static void
mask_automatic(PinnaBeam* const beam) {
  const double   q = prior(beam);
  const double   odds = (1.0 - q) / q;
  const uint32_t low = beam->scan.first;
  const uint32_t high = low + beam->scan.every * BEAM_N_SCAN;
  double         busy = 0.0;
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    beam->smooth[k] += 0.4f * ((float)matched(beam, k) - beam->smooth[k]);
    const double exponent = fmin((double)beam->smooth[k] * RATIO / (1.0 + RATIO), 60.0);
    const double likely = (1.0 + RATIO) * exp(-exponent);
    beam->mask[k] = bounded(1.0 / (1.0 + odds * likely));
    busy += k >= low && k < high ? 1.0 / (1.0 + likely) : 0.0;
  }
  beam->busy += 0.3 * (busy / (double)(high - low) - beam->busy);
  if (beam->n_frames < LEAD) {
    ++beam->n_frames;
    for (uint32_t k = 0U; k < beam->n_bins; ++k) {
      beam->mask[k] = 0.0f;
    }
  }
}

/// What rises above the side chain's own noise floor is the target
static void
mask_key(PinnaBeam* const beam, const float complex* const key) {
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    const double re = (double)crealf(key[k]);
    const double im = (double)cimagf(key[k]);
    const double power = re * re + im * im;
    double       floor = (double)beam->key_floor[k];
    floor = power < floor ? floor + 0.1 * (power - floor) : floor * 1.002 + 1e-12;
    beam->key_floor[k] = (float)fmin(floor, 1e6);
    beam->mask[k] = bounded((power - 8.0 * floor) / (power + 1e-9));
  }
}

static void
mask_fill(PinnaBeam* const beam, const float value) {
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    beam->mask[k] = value;
  }
}

void
beam_mask_run(PinnaBeam* const beam, const float complex* const* const bins,
              const float complex* const key) {
  const PinnaBeamParams* const params = &beam->params;
  if (params->learn_noise || params->learn_target) {
    mask_fill(beam, params->learn_noise ? 0.0f : 0.99f);
  } else if (params->mask == PINNA_BEAM_MASK_EXTERNAL && beam->mask_func) {
    beam->mask_func(beam->mask_handle, bins, beam->mask, beam->n_bins);
  } else if (params->mask == PINNA_BEAM_MASK_KEY) {
    mask_key(beam, key);
  } else {
    mask_automatic(beam);
  }

  double mean = 0.0;
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    mean += (double)beam->mask[k];
  }
  beam->report.presence = mean / (double)beam->n_bins;
  beam->report.azimuth = (double)beam->scan.best;
}
