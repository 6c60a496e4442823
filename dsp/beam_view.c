// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam_view.h"

#include "dsp/array.h"
#include "dsp/beam_impl.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>

// Takes weights and directions out of a beamformer, answers for directions

_Static_assert(PINNA_BEAM_VIEW_DIRECTIONS == BEAM_N_DIRECTIONS, "the scan's directions are shown");

static const double lowest_hz = 300.0;
static const double highest_hz = 6000.0;

void
pinna_beam_view(const PinnaBeam* const beam, PinnaBeamView* const view) {
  const PinnaArray* const array = &beam->params.array;
  const double            top = fmin(highest_hz, 0.45 * beam->rate);
  const double            bin_hz = beam->rate / (4.0 * beam->hop);
  view->azimuth = (float)beam->report.azimuth;
  view->presence = (float)beam->report.presence;
  view->blend = (float)beam->report.blend;
  view->n_mics = (float)beam->n_mics;
  view->elevation = (float)beam->params.elevation;
  view->speed = (float)beam->params.speed;
  for (uint32_t d = 0U; d < BEAM_N_DIRECTIONS; ++d) {
    view->power[d] = beam->scan.power[d] / (beam->scan.total + 1.0f);
  }
  for (uint32_t i = 0U; i < 3U * PINNA_ARRAY_MAX; ++i) {
    view->at[i / 3U][i % 3U] = i < 3U * beam->n_mics ? (float)array->at[i / 3U][i % 3U] : 0.0f;
  }
  for (uint32_t b = 0U; b < PINNA_BEAM_VIEW_BINS; ++b) {
    double complex weights[PINNA_ARRAY_MAX] = {0.0};
    const double   hz = lowest_hz * pow(top / lowest_hz, (double)b / (PINNA_BEAM_VIEW_BINS - 1U));
    const uint32_t bin = (uint32_t)lrint(hz / bin_hz);
    pinna_beam_weights(beam, bin, weights);
    view->hz[b] = (float)(bin * bin_hz);
    for (uint32_t m = 0U; m < PINNA_ARRAY_MAX; ++m) {
      view->weight[b][m][0] = (float)creal(weights[m]);
      view->weight[b][m][1] = (float)cimag(weights[m]);
    }
  }
}

float
pinna_beam_view_response(const PinnaBeamView* const view, const double azimuth) {
  PinnaArray     array = {.n_mics = (uint32_t)view->n_mics};
  double         lead[PINNA_ARRAY_MAX];
  double         sum = 0.0;
  const uint32_t n_mics = array.n_mics;
  for (uint32_t i = 0U; i < 3U * n_mics; ++i) {
    array.at[i / 3U][i % 3U] = (double)view->at[i / 3U][i % 3U];
  }
  pinna_array_leads(&array, azimuth, (double)view->elevation, (double)view->speed, lead);
  for (uint32_t b = 0U; b < PINNA_BEAM_VIEW_BINS; ++b) {
    double complex y = 0.0;
    for (uint32_t m = 0U; m < n_mics; ++m) {
      const double complex w = (double)view->weight[b][m][0] + (double)view->weight[b][m][1] * I;
      y += conj(w) * cexp(I * 2.0 * M_PI * (double)view->hz[b] * lead[m]);
    }
    sum += creal(y * conj(y));
  }
  return (float)(10.0 * log10(sum / PINNA_BEAM_VIEW_BINS + 1e-12));
}
