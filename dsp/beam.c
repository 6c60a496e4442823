// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam.h"

#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"
#include "dsp/stft.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A frame: observe, mask, learn, weigh, and correct the reference microphone as far as that helps

static double
clamp(const double x, const double low, const double high) {
  return !(x > low) ? low : x < high ? x : high;
}

void
pinna_beam_set(PinnaBeam* const beam, const PinnaBeamParams* const params) {
  PinnaBeamParams p = *params;
  p.azimuth = clamp(p.azimuth, -180.0, 180.0);
  p.elevation = clamp(p.elevation, -90.0, 90.0);
  p.width = clamp(p.width, 5.0, 90.0);
  p.memory = clamp(p.memory, 0.05, 10.0);
  p.wng_floor = clamp(p.wng_floor, -40.0, 10.0);
  p.mu = clamp(p.mu, 0.0, 10.0);
  p.postfilter = clamp(p.postfilter, 0.0, 30.0);
  p.speed = clamp(p.speed, 250.0, 1600.0);
  p.ref = p.ref < (int32_t)beam->n_mics ? p.ref : 0;
  p.array.n_mics = beam->n_mics;
  const PinnaBeamParams* const old = &beam->params;
  const bool                   moved = memcmp(&old->array, &p.array, sizeof(p.array)) != 0 ||
                     old->elevation != p.elevation || old->speed != p.speed;
  beam->params = p;
  beam->alpha = 1.0 - exp(-(double)beam->hop / (beam->rate * p.memory));
  beam->norm_max = pow(10.0, -0.1 * p.wng_floor);
  beam->step.law = (PinnaBeamLaw)p.mode;
  beam->step.mu = p.mu;
  beam->step.smooth = 0.5;
  beam_steer(beam, moved);
}

void
pinna_beam_set_mask(PinnaBeam* const beam, const PinnaBeamMaskFunc func, void* const handle) {
  beam->mask_func = func;
  beam->mask_handle = handle;
}

/// Diagonals of 8 bins: value at the diagonal, else 0
static void
fill_diagonal(double* const matrix, const uint32_t m, const double value) {
  memset(matrix, 0, (size_t)m * m * PINNA_BEAM_LANES * sizeof(double));
  for (uint32_t i = 0U; i < m; ++i) {
    for (uint32_t l = 0U; l < PINNA_BEAM_LANES; ++l) {
      matrix[(i * m + i) * PINNA_BEAM_LANES + l] = value;
    }
  }
}

void
beam_forget(PinnaBeam* const beam) {
  PinnaBeamBins* const b = &beam->bins;
  const uint32_t       m = beam->n_mics;
  const size_t         matrix = (size_t)m * m * PINNA_BEAM_LANES;
  for (uint32_t block = 0U; block < b->n_blocks; ++block) {
    fill_diagonal(b->noise + block * matrix, m, 1e-6);
    fill_diagonal(b->inverse + block * matrix, m, 1e6);
    fill_diagonal(b->target + block * matrix, m, 0.0);
  }
  const size_t n = beam->n_padded;
  memset(b->weight, 0, n * 2U * m * sizeof(double));
  for (size_t i = 0U; i < n * 2U * m; ++i) {
    b->eigen[i] = 1.0;
  }
  for (size_t k = 0U; k < n; ++k) {
    beam->evidence[k] = beam->evidence_s[k] = 0.0;
    beam->helped[k] = beam->spent[k] = beam->away[k] = beam->blend[k] = 0.0;
    b->load[k] = 1e-6;
    beam->smooth[k] = 1.0f;
  }
  memset(beam->scan.power, 0, sizeof(beam->scan.power));
  memset(beam->health, 0, sizeof(beam->health));
  memset(beam->mask, 0, n * sizeof(float));
  memset(beam->key_floor, 0, n * sizeof(float));
  memset(beam->out_noise, 0, n * sizeof(float));
  memset(beam->out_ratio, 0, n * sizeof(float));
  beam->scan.total = 0.0f;
  beam->scan.best = (float)beam->params.azimuth;
  beam->scan.prior = 0.5f;
  beam->busy = 0.0;
  memset(beam->left, 0, sizeof(beam->left));
  beam->towards = beam->heard = beam->judged = beam->trust = 0.0;
  beam->level = 1.0;
  beam->report.ref = beam->params.ref < 0 ? 0U : (uint32_t)beam->params.ref;
  beam->best = 0U;
  beam->step.ref = beam->params.ref < 0 ? 0U : (uint32_t)beam->params.ref;
  beam->n_frames = 0U;
  beam->next = 0U;
}

void
pinna_beam_reset(PinnaBeam* const beam) {
  pinna_stft_reset(beam->stft);
  beam->phase = 0U;
  beam_forget(beam);
}

static void
take_frame(PinnaBeam* const beam, const float complex* const* const bins) {
  const uint32_t m = beam->n_mics;
  double         power = 0.0;
  for (uint32_t ch = 0U; ch < m; ++ch) {
    const float gain = beam->health[ch].dropped ? 0.0f : 1.0f;
    for (uint32_t k = 0U; k < beam->n_bins; ++k) {
      double* const y = beam->bins.y + k % PINNA_BEAM_LANES +
                        ((size_t)(k / PINNA_BEAM_LANES) * 2U * m + 2U * ch) * PINNA_BEAM_LANES;
      y[0] = (double)(gain * crealf(bins[ch][k]));
      y[PINNA_BEAM_LANES] = (double)(gain * cimagf(bins[ch][k]));
      power += y[0] * y[0] + y[PINNA_BEAM_LANES] * y[PINNA_BEAM_LANES];
    }
  }
  beam->quiet = !(power > 1e-9); // Some -160 dB: nothing to learn from
}

/// How much of the frame each bin learns: a true mean at first, then the memory's
static void
set_gains(PinnaBeam* const beam) {
  const PinnaBeamBins* const b = &beam->bins;
  const bool                 learn = !beam->params.freeze && !beam->quiet;
  for (uint32_t k = 0U; k < beam->n_bins; ++k) {
    const double p = (double)beam->mask[k];
    b->absent[k] = 1.0 - p;
    b->alpha_n[k] = b->alpha_s[k] = 0.0;
    if (learn) {
      beam->evidence[k] = fmin(beam->evidence[k] + (1.0 - p), 1e6);
      beam->evidence_s[k] = fmin(beam->evidence_s[k] + p, 1e6);
      b->alpha_n[k] = (1.0 - p) * fmax(beam->alpha, 1.0 / (beam->evidence[k] + 1.0));
      b->alpha_s[k] = p * fmax(beam->alpha, 1.0 / (beam->evidence_s[k] + 1.0));
    }
  }
}

static void
run_frame(void* const handle, float complex* const* const bins) {
  PinnaBeam* const            beam = (PinnaBeam*)handle;
  const float complex* const* spectra = (const float complex* const*)bins;
  beam_health_judge(beam);
  take_frame(beam, spectra);
  beam->kernel->observe(&beam->bins);
  if (!beam->quiet) {
    beam_scan_run(beam, spectra);
    beam_mask_run(beam, spectra, bins[beam->n_mics]);
  }
  set_gains(beam);
  beam->kernel->learn(&beam->bins);
  beam_health_hold(beam, beam->next);
  beam->kernel->refresh(&beam->bins, beam->next);
  beam_health_reference(beam);
  beam->next = (beam->next + 1U) % beam->bins.n_blocks;
  beam->kernel->weigh(&beam->bins, &beam->step);
  beam_correct(beam, bins);
}

void
pinna_beam_run(PinnaBeam* const beam, const float* const* const in, const float* const key,
               float* const out, float* const residual, const uint32_t n_frames) {
  static const float silence[256] = {0.0f};
  const uint32_t     n_mics = beam->n_mics;
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t room = beam->hop - beam->phase < 256U ? beam->hop - beam->phase : 256U;
    const uint32_t n = n_frames - at < room ? n_frames - at : room;
    const float*   ins[PINNA_ARRAY_MAX + 1U];
    float* const   outs[2] = {out + at, residual + at};
    for (uint32_t m = 0U; m < n_mics; ++m) {
      ins[m] = in[m] + at;
    }
    ins[n_mics] = key ? key + at : silence;
    beam_health_listen(beam, in, at, n);
    pinna_stft_run(beam->stft, ins, outs, n, run_frame, beam);
    beam->phase = (beam->phase + n) % beam->hop;
    at += n;
  }
}

uint32_t
pinna_beam_latency(const PinnaBeam* const beam) {
  return pinna_stft_latency(beam->stft);
}

PinnaBeamReport
pinna_beam_report(const PinnaBeam* const beam) {
  return beam->report;
}

uint32_t
pinna_beam_n_bins(const PinnaBeam* const beam) {
  return beam->n_bins;
}

void
pinna_beam_weights(const PinnaBeam* const beam, const uint32_t bin, double complex* const weights) {
  const uint32_t m = beam->n_mics;
  const double*  w = beam->bins.weight +
                    (size_t)(bin / PINNA_BEAM_LANES) * 2U * m * PINNA_BEAM_LANES +
                    bin % PINNA_BEAM_LANES;
  const double array = beam->trust * beam->level;
  const double g = array * beam->blend[bin];
  for (uint32_t i = 0U; i < m; ++i) {
    const double unit = i == beam->step.ref ? 1.0 - beam->trust + array - g : 0.0;
    weights[i] =
        unit + g * w[2U * i * PINNA_BEAM_LANES] + g * w[(2U * i + 1U) * PINNA_BEAM_LANES] * I;
  }
}
