// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Microphones that are dead, stuck or clipped are left out, and taken back when they recover

/// Seconds that a microphone's level and its repeats are judged by
#define LEVEL 0.03
#define REPEATS 0.1

/// A microphone this far below the loudest is dead (-50 dB)
#define DEAD 1e-5

/// More of the samples repeat the one before, away from zero: clipped or stuck
#define CLIPPED 0.03

/// Frames to relearn the noise of a microphone that came back
#define YOUNG 20.0

void
beam_health_listen(PinnaBeam* const beam, const float* const* const in, const uint32_t at,
                   const uint32_t n) {
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    BeamHealth* const h = &beam->health[m];
    for (uint32_t i = at; i < at + n; ++i) {
      const float x = in[m][i];
      const bool  good = fabsf(x) <= 1e9f;
      h->sum += good ? (double)x * (double)x : 0.0;
      h->repeats += good && x == h->last && fabsf(x) > 0.02f;
      h->last = x;
    }
  }
}

/// Forget what was learnt of microphone m, but for how loud its noise may be
static void
cut(PinnaBeam* const beam, const uint32_t mic, const uint32_t block) {
  const uint32_t m = beam->n_mics;
  const size_t   at = (size_t)block * m * m * PINNA_BEAM_LANES;
  double* const  noise = beam->bins.noise + at;
  double* const  inverse = beam->bins.inverse + at;
  double* const  target = beam->bins.target + at;
  for (uint32_t l = 0U; l < PINNA_BEAM_LANES; ++l) {
    double mean = 0.0;
    for (uint32_t i = 0U; i < m; ++i) {
      mean += i == mic ? 0.0 : noise[(i * m + i) * PINNA_BEAM_LANES + l] / (double)(m - 1U);
    }
    for (uint32_t i = 0U; i < m; ++i) {
      const size_t row = (size_t)(mic * m + i) * PINNA_BEAM_LANES + l;
      const size_t column = (size_t)(i * m + mic) * PINNA_BEAM_LANES + l;
      noise[row] = noise[column] = i == mic ? mean + 1e-12 : 0.0;
      inverse[row] = inverse[column] = i == mic ? 1.0 / (mean + 1e-12) : 0.0;
      target[row] = target[column] = 0.0;
    }
  }
}

static void
drop(PinnaBeam* const beam, const uint32_t mic) {
  for (uint32_t block = 0U; block < beam->bins.n_blocks; ++block) {
    cut(beam, mic, block);
    beam->kernel->refresh(&beam->bins, block); // Rare: all at once, the others' inverse changed
  }
}

static void
take_back(PinnaBeam* const beam) {
  beam->n_frames = 0U;
  for (uint32_t k = 0U; k < beam->n_padded; ++k) {
    beam->evidence[k] = fmin(beam->evidence[k], YOUNG);
  }
}

void
beam_health_judge(PinnaBeam* const beam) {
  const double frame = (double)beam->hop / beam->rate;
  double       loudest = 0.0;
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    BeamHealth* const h = &beam->health[m];
    h->power += fmin(frame / LEVEL, 1.0) * (h->sum / (double)beam->hop - h->power);
    h->stuck += fmin(frame / REPEATS, 1.0) * ((double)h->repeats / (double)beam->hop - h->stuck);
    h->sum = 0.0;
    h->repeats = 0U;
    loudest = fmax(loudest, h->power);
  }
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    BeamHealth* const h = &beam->health[m];
    const bool        bad = h->power < DEAD * loudest || h->stuck > CLIPPED;
    const bool        good = h->power > 2.0 * DEAD * loudest && h->stuck < 0.3 * CLIPPED;
    if (!h->dropped && bad) {
      h->dropped = true;
      drop(beam, m);
    } else if (h->dropped && good && loudest > 1e-12) {
      h->dropped = false;
      take_back(beam);
    }
  }
}

void
beam_health_hold(PinnaBeam* const beam, const uint32_t block) {
  for (uint32_t m = 0U; m < beam->n_mics; ++m) {
    if (beam->health[m].dropped) {
      cut(beam, m, block);
    }
  }
}

/// Target over noise of each microphone, summed over the bins of a block
static void
compare_mics(PinnaBeam* const beam, const uint32_t block) {
  const uint32_t m = beam->n_mics;
  const size_t   at = (size_t)block * m * m * PINNA_BEAM_LANES;
  for (uint32_t i = 0U; i < m; ++i) {
    for (uint32_t l = 0U; l < PINNA_BEAM_LANES; ++l) {
      const size_t cell = at + (size_t)(i * m + i) * PINNA_BEAM_LANES + l;
      beam->health[i].ratio +=
          log10(1e-12 + beam->bins.target[cell] / (beam->bins.noise[cell] + 1e-12));
    }
  }
}

void
beam_health_reference(PinnaBeam* const beam) {
  compare_mics(beam, beam->next);
  if (beam->next + 1U == beam->bins.n_blocks) {
    uint32_t best = beam->best;
    for (uint32_t m = 0U; m < beam->n_mics; ++m) {
      const double margin = 0.05 * (double)beam->n_padded; // Half a decibel in the mean
      best = beam->health[m].ratio > beam->health[best].ratio + margin ? m : best;
    }
    beam->best = best;
    for (uint32_t m = 0U; m < beam->n_mics; ++m) {
      beam->health[m].ratio = 0.0;
    }
  }
  uint32_t ref = beam->params.ref < 0 ? beam->best : (uint32_t)beam->params.ref;
  for (uint32_t m = 0U; m < beam->n_mics && beam->health[ref].dropped; ++m) {
    ref = m;
  }
  beam->step.ref = ref;
}
