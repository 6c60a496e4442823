// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_BEAM_LOOPS_H
#define PINNA_DSP_BEAM_LOOPS_H

#include "dsp/beam_kernel.h"
#include "dsp/beam_linear.h"

#include <math.h>
#include <stdint.h>

// Text of the beamformer's loops; each instruction set compiles it for its PINNA_BEAM_WIDTH
// doubles. Every lane does the same operations in the same order, so all instruction sets give the
// same bits.

BEAM_INLINE void
beam_observe(const PinnaBeamBins* const s, const uint32_t m, const BeamAt at) {
  BeamV y[2U * BEAM_MAX];
  BeamV z[2U * BEAM_MAX];
  BeamV x[2U * BEAM_MAX];
  beam_load(y, s->y + at.vector, m);
  beam_multiply(z, s->inverse + at.matrix, y, m);
  for (uint32_t i = 0U; i < 2U * m; ++i) {
    AT(s->z + at.vector, i) = z[i];
  }
  AT(s->t + at.scalar, 0) = beam_dot_re(y, z, m);

  beam_multiply(x, s->target + at.matrix, z, m);
  AT(s->beta + at.scalar, 0) = beam_dot_re(z, x, m);
  AT(s->xi + at.scalar, 0) = beam_trace(s->inverse + at.matrix, s->target + at.matrix, m);

  beam_load(y, s->steer + at.vector, m);
  const BeamV re = beam_dot_re(y, z, m);
  const BeamV im = beam_dot_im(y, z, m);
  AT(s->steered + at.scalar, 0) = re * re + im * im;
  beam_multiply(x, s->inverse + at.matrix, y, m);
  AT(s->gain + at.scalar, 0) = beam_dot_re(y, x, m);
}

BEAM_INLINE void
beam_learn(const PinnaBeamBins* const s, const uint32_t m, const BeamAt at) {
  BeamV y[2U * BEAM_MAX];
  BeamV z[2U * BEAM_MAX];
  beam_load(y, s->y + at.vector, m);
  beam_load(z, s->z + at.vector, m);
  const BeamV alpha_n = AT(s->alpha_n + at.scalar, 0);
  const BeamV alpha_s = AT(s->alpha_s + at.scalar, 0);
  const BeamV keep = 1.0 - alpha_n;
  const BeamV inverse_keep = 1.0 / keep;
  const BeamV down = -inverse_keep * alpha_n / (keep + alpha_n * AT(s->t + at.scalar, 0));
  beam_rank_one(s->noise + at.matrix, keep, alpha_n, y, m);
  beam_rank_one(s->inverse + at.matrix, inverse_keep, down, z, m);
  beam_rank_one(s->target + at.matrix, 1.0 - alpha_s, alpha_s, y, m);
}

/// Weights (Souden, Benesty and Affes 2010, eq. 24): inverse target u / (mu + tr(inverse target))
BEAM_INLINE void
beam_souden(BeamV* const w, const PinnaBeamBins* const s, const PinnaBeamStep* const step,
            const uint32_t m, const BeamAt at) {
  BeamV x[2U * BEAM_MAX];
  beam_column(x, s->target + at.matrix, step->ref, m);
  beam_multiply(w, s->inverse + at.matrix, x, m);
  const BeamV trace = beam_trace(s->inverse + at.matrix, s->target + at.matrix, m);
  const BeamV scale = 1.0 / (trace + (step->mu + 1e-9));
  for (uint32_t i = 0U; i < 2U * m; ++i) {
    w[i] *= scale;
  }
}

/// w = x conj(h[ref]) / (x^H h): distortionless towards h, as seen by the reference
BEAM_INLINE void
beam_towards(BeamV* const w, const BeamV* const x, const BeamV* const h,
             const PinnaBeamStep* const step, const uint32_t m) {
  const BeamV scale = 1.0 / (beam_dot_re(x, h, m) + 1e-300);
  const BeamV re = h[2U * step->ref] * scale;
  const BeamV im = -h[2U * step->ref + 1U] * scale;
  for (uint32_t i = 0U; i < m; ++i) {
    w[2U * i] = x[2U * i] * re - x[2U * i + 1U] * im;
    w[2U * i + 1U] = x[2U * i] * im + x[2U * i + 1U] * re;
  }
}

/// One step of the power iteration on inverse target (covariance whitening, Markovich-Golan 2009)
BEAM_INLINE void
beam_rtf(BeamV* const w, const PinnaBeamBins* const s, const PinnaBeamStep* const step,
         const uint32_t m, const BeamAt at) {
  BeamV x[2U * BEAM_MAX];
  BeamV h[2U * BEAM_MAX];
  beam_load(x, s->eigen + at.vector, m);
  beam_multiply(h, s->target + at.matrix, x, m);
  beam_multiply(x, s->inverse + at.matrix, h, m);
  BeamV peak = x[0] * x[0] + x[1] * x[1];
  for (uint32_t i = 1U; i < m; ++i) {
    peak += x[2U * i] * x[2U * i] + x[2U * i + 1U] * x[2U * i + 1U];
  }
  for (uint32_t l = 0U; l < PINNA_BEAM_WIDTH; ++l) {
    peak[l] = 1.0 / (sqrt(peak[l]) + 1e-150);
  }
  for (uint32_t i = 0U; i < 2U * m; ++i) {
    x[i] *= peak;
    AT(s->eigen + at.vector, i) = x[i];
  }
  beam_multiply(h, s->target + at.matrix, x, m);
  beam_towards(w, x, h, step, m);
}

BEAM_INLINE void
beam_weigh(const PinnaBeamBins* const s, const PinnaBeamStep* const step, const uint32_t m,
           const BeamAt at) {
  BeamV w[2U * BEAM_MAX];
  BeamV x[2U * BEAM_MAX];
  if (step->law == PINNA_BEAM_LAW_SOUDEN) {
    beam_souden(w, s, step, m, at);
  } else if (step->law == PINNA_BEAM_LAW_STEERED) {
    BeamV d[2U * BEAM_MAX];
    beam_load(d, s->steer + at.vector, m);
    beam_multiply(x, s->inverse + at.matrix, d, m);
    beam_towards(w, x, d, step, m);
  } else {
    beam_rtf(w, s, step, m, at);
  }

  BeamV norm = {0.0};
  for (uint32_t i = 0U; i < 2U * m; ++i) {
    const BeamV old = AT(s->weight + at.vector, i);
    w[i] = old + step->smooth * (w[i] - old);
    AT(s->weight + at.vector, i) = w[i];
    norm += w[i] * w[i];
  }
  AT(s->norm + at.scalar, 0) = norm;
  beam_load(x, s->y + at.vector, m);
  AT(s->e + at.pair, 0) = beam_dot_re(w, x, m) - x[2U * step->ref];
  AT(s->e + at.pair, 1) = beam_dot_im(w, x, m) - x[2U * step->ref + 1U];
}

BEAM_INLINE void
beam_refresh(const PinnaBeamBins* const s, const uint32_t m, const BeamAt at) {
  BeamV         re[BEAM_MAX * BEAM_MAX];
  BeamV         im[BEAM_MAX * BEAM_MAX];
  double* const noise = s->noise + at.matrix;
  double* const inverse = s->inverse + at.matrix;
  BeamV         load = AT(noise, 0U);
  for (uint32_t i = 1U; i < m; ++i) {
    load += AT(noise, i * m + i);
  }
  load *= AT(s->load + at.scalar, 0) / (double)m;
  for (uint32_t i = 0U; i < m; ++i) {
    re[i * BEAM_MAX + i] = AT(noise, i * m + i) + load;
    im[i * BEAM_MAX + i] = (BeamV){0.0};
    for (uint32_t j = i + 1U; j < m; ++j) {
      re[i * BEAM_MAX + j] = re[j * BEAM_MAX + i] = AT(noise, i * m + j);
      im[i * BEAM_MAX + j] = AT(noise, j * m + i);
      im[j * BEAM_MAX + i] = -AT(noise, j * m + i);
    }
  }
  beam_invert(re, im, m);
  for (uint32_t i = 0U; i < m; ++i) {
    AT(inverse, i * m + i) = re[i * BEAM_MAX + i];
    for (uint32_t j = i + 1U; j < m; ++j) {
      AT(inverse, i * m + j) = 0.5 * (re[i * BEAM_MAX + j] + re[j * BEAM_MAX + i]);
      AT(inverse, j * m + i) = 0.5 * (im[i * BEAM_MAX + j] - im[j * BEAM_MAX + i]);
    }
  }
}

/// Run BODY with `m` known to the compiler and `at` at each vector of the blocks FROM to TO - 1
#define BEAM_OVER(m, FROM, TO, BODY)                                                               \
  for (uint32_t block = (FROM); block < (TO); ++block) {                                           \
    for (uint32_t lane = 0U; lane < PINNA_BEAM_LANES; lane += PINNA_BEAM_WIDTH) {                  \
      const BeamAt at = beam_at((m), block, lane);                                                 \
      BODY;                                                                                        \
    }                                                                                              \
  }

#define BEAM_CASE(n, FROM, TO, CALL)                                                               \
  case n:                                                                                          \
    BEAM_OVER(n, FROM, TO, CALL(n)) break;

#define BEAM_FOR_MICS(n, FROM, TO, CALL)                                                           \
  switch (n) {                                                                                     \
    BEAM_CASE(2U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(3U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(4U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(5U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(6U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(7U, FROM, TO, CALL)                                                                  \
    BEAM_CASE(8U, FROM, TO, CALL)                                                                  \
  default:                                                                                         \
    break;                                                                                         \
  }

static void
beam_observe_all(const PinnaBeamBins* const s) {
#define BEAM_CALL(m) beam_observe(s, (m), at)
  BEAM_FOR_MICS(s->n_mics, 0U, s->n_blocks, BEAM_CALL)
#undef BEAM_CALL
}

static void
beam_learn_all(const PinnaBeamBins* const s) {
#define BEAM_CALL(m) beam_learn(s, (m), at)
  BEAM_FOR_MICS(s->n_mics, 0U, s->n_blocks, BEAM_CALL)
#undef BEAM_CALL
}

static void
beam_weigh_all(const PinnaBeamBins* const s, const PinnaBeamStep* const step) {
#define BEAM_CALL(m) beam_weigh(s, step, (m), at)
  BEAM_FOR_MICS(s->n_mics, 0U, s->n_blocks, BEAM_CALL)
#undef BEAM_CALL
}

static void
beam_refresh_block(const PinnaBeamBins* const s, const uint32_t n) {
#define BEAM_CALL(m) beam_refresh(s, (m), at)
  BEAM_FOR_MICS(s->n_mics, n, n + 1U, BEAM_CALL)
#undef BEAM_CALL
}

#define PINNA_BEAM_KERNEL                                                                          \
  { beam_observe_all, beam_learn_all, beam_weigh_all, beam_refresh_block }

#endif // PINNA_DSP_BEAM_LOOPS_H
