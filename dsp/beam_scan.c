// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/array.h"
#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Directions: the steering phases, and a scan for where what is not steady comes from

/// Directions whose responses differ by less are one direction: no array tells them in a room
#define LEAST_CONTRAST 0.15f

/// Phases exp(j 2 pi f lead) at bins of the scan for one direction [2 n_mics][n_bins]
static void
steer_scan(const PinnaBeam* const beam, const double azimuth, float* const steer) {
  const BeamScan* const scan = &beam->scan;
  double                lead[PINNA_ARRAY_MAX];
  pinna_array_leads(&beam->params.array, azimuth, beam->params.elevation, beam->params.speed, lead);
  const double hz = beam->rate / (4.0 * beam->hop);
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    const double complex step = cexp(I * 2.0 * M_PI * hz * scan->every * lead[m]);
    double complex       phase = cexp(I * 2.0 * M_PI * hz * scan->first * lead[m]);
    for (uint32_t k = 0U; k < BEAM_N_SCAN; ++k) {
      steer[(size_t)(2U * m) * BEAM_N_SCAN + k] = (float)creal(phase);
      steer[(size_t)(2U * m + 1U) * BEAM_N_SCAN + k] = (float)cimag(phase);
      phase *= step;
    }
  }
}

/// Response of direction `steer` to `phase`, weighted over the bins: 0 to the sum of the weights
static float
respond(const float* const restrict steer, const float* const restrict phase,
        const float* const restrict weight, const uint32_t n_mics) {
  float re[BEAM_N_SCAN] = {0.0f};
  float im[BEAM_N_SCAN] = {0.0f};
  for (uint32_t m = 0U; m < n_mics; ++m) {
    const float* const dr = steer + (size_t)(2U * m) * BEAM_N_SCAN;
    const float* const di = dr + BEAM_N_SCAN;
    const float* const yr = phase + (size_t)(2U * m) * BEAM_N_SCAN;
    const float* const yi = yr + BEAM_N_SCAN;
    for (uint32_t k = 0U; k < BEAM_N_SCAN; ++k) {
      re[k] += dr[k] * yr[k] + di[k] * yi[k];
      im[k] += dr[k] * yi[k] - di[k] * yr[k];
    }
  }
  float sum[8] = {0.0f};
  for (uint32_t k = 0U; k < BEAM_N_SCAN; k += 8U) {
    for (uint32_t l = 0U; l < 8U; ++l) {
      sum[l] += weight[k + l] * (re[k + l] * re[k + l] + im[k + l] * im[k + l]);
    }
  }
  const float all =
      ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
  return all / (float)(n_mics * n_mics);
}

/// Which directions count as the target: those that the array cannot tell from within `width`
static void
find_sector(PinnaBeam* const beam) {
  BeamScan* const scan = &beam->scan;
  float           weight[BEAM_N_SCAN];
  float           edge[2];
  for (uint32_t k = 0U; k < BEAM_N_SCAN; ++k) {
    weight[k] = 1.0f / BEAM_N_SCAN;
  }
  for (int side = 0; side < 2; ++side) {
    steer_scan(beam, beam->params.azimuth + (side ? 1.0 : -1.0) * beam->params.width, scan->phase);
    steer_scan(beam, beam->params.azimuth, scan->sector);
    edge[side] = respond(scan->sector, scan->phase, weight, beam->n_mics);
  }
  const float least = fminf(fminf(edge[0], edge[1]), 1.0f - LEAST_CONTRAST);
  scan->contrast = 1.0f - least;
  for (uint32_t d = 0U; d < BEAM_N_DIRECTIONS; ++d) {
    const float* const steer = scan->steer + (size_t)d * 2U * beam->n_mics * BEAM_N_SCAN;
    scan->inside[d] = respond(scan->sector, steer, weight, beam->n_mics) >= least;
  }
}

void
beam_steer(PinnaBeam* const beam, const bool moved) {
  double         lead[PINNA_ARRAY_MAX];
  const uint32_t m = beam->n_mics;
  pinna_array_leads(&beam->params.array, beam->params.azimuth, beam->params.elevation,
                    beam->params.speed, lead);
  const double hz = beam->rate / (4.0 * beam->hop);
  for (uint32_t i = 0U; i < m; ++i) {
    const double complex turn = cexp(I * 2.0 * M_PI * hz * lead[i]);
    double complex       phase = 1.0;
    for (uint32_t k = 0U; k < beam->n_padded; ++k) {
      double* const d = beam->bins.steer +
                        ((size_t)(k / PINNA_BEAM_LANES) * 2U * m + 2U * i) * PINNA_BEAM_LANES +
                        k % PINNA_BEAM_LANES;
      d[0] = creal(phase);
      d[PINNA_BEAM_LANES] = cimag(phase);
      phase *= turn;
    }
  }
  for (uint32_t d = 0U; moved && d < BEAM_N_DIRECTIONS; ++d) {
    steer_scan(beam, 5.0 * d - 180.0, beam->scan.steer + (size_t)d * 2U * m * BEAM_N_SCAN);
  }
  find_sector(beam);
}

static void
take_phases(PinnaBeam* const beam, const float complex* const* const bins) {
  BeamScan* const scan = &beam->scan;
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    float* const re = scan->phase + (size_t)(2U * m) * BEAM_N_SCAN;
    float* const im = re + BEAM_N_SCAN;
    for (uint32_t k = 0U; k < BEAM_N_SCAN; ++k) {
      const float complex y = bins[m][scan->first + k * scan->every];
      const float         r = crealf(y);
      const float         i = cimagf(y);
      const float         scale = 1.0f / (sqrtf(r * r + i * i) + 1e-20f);
      re[k] = r * scale;
      im[k] = i * scale;
    }
  }
}

void
beam_scan_run(PinnaBeam* const beam, const float complex* const* const bins) {
  BeamScan* const scan = &beam->scan;
  float           weight[BEAM_N_SCAN];
  float           total = 0.0f;
  for (uint32_t k = 0U; k < BEAM_N_SCAN; ++k) {
    weight[k] = beam->mask[scan->first + k * scan->every];
    total += weight[k];
  }
  take_phases(beam, bins);
  const float slow = 0.25f;
  float       inside = 0.0f;
  float       outside = 0.0f;
  uint32_t    best = 0U;
  scan->total += slow * (total - scan->total);
  for (uint32_t d = 0U; d < BEAM_N_DIRECTIONS; ++d) {
    const float r = respond(scan->steer + (size_t)d * 2U * beam->n_mics * BEAM_N_SCAN, scan->phase,
                            weight, beam->n_mics);
    scan->power[d] += slow * (r - scan->power[d]);
    inside = scan->inside[d] ? fmaxf(inside, scan->power[d]) : inside;
    outside = scan->inside[d] ? outside : fmaxf(outside, scan->power[d]);
    best = scan->power[d] > scan->power[best] ? d : best;
  }
  const float lead = (inside - outside) / (scan->contrast * (scan->total + 1.0f));
  scan->prior = 1.0f / (1.0f + expf(-fminf(fmaxf(5.0f * lead, -20.0f), 20.0f)));
  scan->best = 5.0f * (float)best - 180.0f;
}
