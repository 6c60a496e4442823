// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_DSP_LANES_TEXT_H
#define PINNA_DSP_LANES_TEXT_H

#include "dsp/lanes_kernel.h"
#include "dsp/lanes_phase.h"
#include "dsp/lanes_vector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The text of the loops; each instruction set compiles it with vectors of its own width

#define PASS_ARGS                                                                                  \
  const Vec *const restrict x, Vec *const restrict y, const float *restrict w, const uint32_t m,   \
      const uint32_t s

// One pass: y[s (r p + k) + q] = w_p^k sum_j x[s (p + j m) + q] exp(-2 pi j k j' / r)

static void
pass2(PASS_ARGS) {
  for (uint32_t p = 0U; p < m; ++p, w += 2) {
    for (uint32_t q = 0U; q < s; ++q) {
      const Cvec   a = cload(x, q + s * p);
      const Cvec   b = cload(x, q + s * (p + m));
      const Cvec   d = csub(a, b);
      const size_t to = q + (size_t)s * 2U * p;
      cstore(y, to, cadd(a, b));
      cstore(y, to + s, cmul(d, w));
    }
  }
}

static void
pass3(PASS_ARGS) {
  for (uint32_t p = 0U; p < m; ++p, w += 4) {
    for (uint32_t q = 0U; q < s; ++q) {
      const Cvec   a = cload(x, q + s * p);
      const Cvec   b = cload(x, q + s * (p + m));
      const Cvec   c = cload(x, q + s * (p + 2U * m));
      const Cvec   t = cadd(b, c);
      const Cvec   u = cscale(csub(b, c), 0.86602540378443864676F);
      const Cvec   v = caxpy(a, t, -0.5F);
      const size_t to = q + (size_t)s * 3U * p;
      cstore(y, to, cadd(a, t));
      cstore(y, to + s, cmul(csub_j(v, u), w));
      cstore(y, to + 2U * (size_t)s, cmul(cadd_j(v, u), w + 2));
    }
  }
}

static void
pass4(PASS_ARGS) {
  for (uint32_t p = 0U; p < m; ++p, w += 6) {
    for (uint32_t q = 0U; q < s; ++q) {
      const Cvec   a = cload(x, q + s * p);
      const Cvec   b = cload(x, q + s * (p + m));
      const Cvec   c = cload(x, q + s * (p + 2U * m));
      const Cvec   d = cload(x, q + s * (p + 3U * m));
      const Cvec   ac = cadd(a, c);
      const Cvec   bd = cadd(b, d);
      const Cvec   am = csub(a, c);
      const Cvec   bm = csub(b, d);
      const size_t to = q + (size_t)s * 4U * p;
      cstore(y, to, cadd(ac, bd));
      cstore(y, to + s, cmul(csub_j(am, bm), w));
      cstore(y, to + 2U * (size_t)s, cmul(csub(ac, bd), w + 2));
      cstore(y, to + 3U * (size_t)s, cmul(cadd_j(am, bm), w + 4));
    }
  }
}

static void
pass5(PASS_ARGS) {
  const float c1 = 0.30901699437494742410F;
  const float c2 = -0.80901699437494742410F;
  const float s1 = 0.95105651629515357212F;
  const float s2 = 0.58778525229247312917F;
  for (uint32_t p = 0U; p < m; ++p, w += 8) {
    for (uint32_t q = 0U; q < s; ++q) {
      const Cvec   a = cload(x, q + s * p);
      const Cvec   b = cload(x, q + s * (p + m));
      const Cvec   c = cload(x, q + s * (p + 2U * m));
      const Cvec   d = cload(x, q + s * (p + 3U * m));
      const Cvec   e = cload(x, q + s * (p + 4U * m));
      const Cvec   be = cadd(b, e);
      const Cvec   cd = cadd(c, d);
      const Cvec   bm = csub(b, e);
      const Cvec   cm = csub(c, d);
      const Cvec   t1 = caxpy(caxpy(a, be, c1), cd, c2);
      const Cvec   t2 = caxpy(caxpy(a, be, c2), cd, c1);
      const Cvec   u1 = caxpy(cscale(bm, s1), cm, s2);
      const Cvec   u2 = caxpy(cscale(bm, s2), cm, -s1);
      const size_t to = q + (size_t)s * 5U * p;
      cstore(y, to, cadd(a, cadd(be, cd)));
      cstore(y, to + s, cmul(csub_j(t1, u1), w));
      cstore(y, to + 2U * (size_t)s, cmul(csub_j(t2, u2), w + 2));
      cstore(y, to + 3U * (size_t)s, cmul(cadd_j(t2, u2), w + 4));
      cstore(y, to + 4U * (size_t)s, cmul(cadd_j(t1, u1), w + 6));
    }
  }
}

static float*
lanes_transform(const PinnaLanesPlan* const plan, float* z, float* y) {
  const float* w = plan->twiddle;
  uint32_t     m = plan->n;
  uint32_t     s = 1U;
  for (uint32_t i = 0U; i < plan->n_passes; ++i) {
    const uint32_t r = plan->radix[i];
    m /= r;
    (r == 2U ? pass2 : r == 3U ? pass3 : r == 4U ? pass4 : pass5)((const Vec*)z, (Vec*)y, w, m, s);
    w += (size_t)m * (r - 1U) * 2U;
    s *= r;
    float* const swap = z;
    z = y;
    y = swap;
  }
  return z;
}

// Sorensen et al. 1987, as in dsp/fft.c
static inline void
pair(const Vec* const z, const float* const w, const uint32_t n, const uint32_t k, Cvec* const up,
     Cvec* const down) {
  const Cvec a = cload(z, k);
  const Cvec b = cconj(cload(z, k ? n - k : 0U));
  const Cvec s = cscale(cadd(a, b), 0.5F);
  const Cvec t = cmul(csub(a, b), w + 2U * k);
  *up = cadd(s, t);
  *down = cconj(csub(s, t));
}

static void
lanes_split(const PinnaLanesPlan* const plan, const float* const z, const float scale,
            float* const bins) {
  for (uint32_t k = 0U; k <= plan->n / 2U; ++k) {
    Cvec up;
    Cvec down;
    pair((const Vec*)z, plan->pairs, plan->n, k, &up, &down);
    cstore((Vec*)bins, k, cscale(up, scale));
    cstore((Vec*)bins, plan->n - k, cscale(down, scale));
  }
}

static void
lanes_energy(const PinnaLanesPlan* const plan, const float* const z, const float scale,
             const bool root, float* const out) {
  Vec* const to = (Vec*)out;
  for (uint32_t k = 0U; k <= plan->n / 2U; ++k) {
    Cvec up;
    Cvec down;
    pair((const Vec*)z, plan->pairs, plan->n, k, &up, &down);
    const Vec a = VEC_FMA(up.re, up.re, up.im * up.im) * (scale * scale);
    const Vec b = VEC_FMA(down.re, down.re, down.im * down.im) * (scale * scale);
    to[k] = root ? VEC_SQRT(a) : a;
    to[plan->n - k] = root ? VEC_SQRT(b) : b;
  }
}

static void
lanes_merge(const PinnaLanesPlan* const plan, const float* const bins, float* const z) {
  const uint32_t   n = plan->n;
  const Vec* const x = (const Vec*)bins;
  const Vec* const last = x + 2U * (size_t)n;
  cstore((Vec*)z, 0U, (Cvec){x[0] + last[0], last[0] - x[0]});
  for (uint32_t k = 1U; k <= n / 2U; ++k) {
    const Cvec a = cload(x, k);
    const Cvec b = cconj(cload(x, n - k));
    const Cvec s = cadd(a, b);
    const Cvec t = cscale(cmul_conj(csub(a, b), plan->pairs + 2U * k), 2.0F);
    cstore((Vec*)z, n - k, csub(s, t));
    cstore((Vec*)z, k, cconj(cadd(s, t)));
  }
}

static void
lanes_bands(const PinnaBand* const bands, const uint32_t n_bands, const float* const weights,
            const float* const in, float* const out) {
  for (uint32_t b = 0U; b < n_bands; ++b) {
    const Vec* const   x = (const Vec*)in + bands[b].first;
    const float* const w = weights + bands[b].weights;
    Vec                sum = {0};
    for (uint32_t i = 0U; i < bands[b].n; ++i) {
      sum = VEC_FMA(x[i], VEC_ALL(w[i]), sum);
    }
    ((Vec*)out)[b] = sum;
  }
}

static void
lanes_matrix(const float* const matrix, const uint32_t n_in, const uint32_t n_out,
             const float* const in, float* const out) {
  const Vec* const x = (const Vec*)in;
  Vec* const       y = (Vec*)out;
  uint32_t         c = 0U;
  for (; c + 8U <= n_out; c += 8U) {
    Vec sum[8] = {{0}};
    for (uint32_t i = 0U; i < n_in; ++i) {
      const float* const row = matrix + (size_t)i * n_out + c;
#pragma GCC unroll 8
      for (uint32_t k = 0U; k < 8U; ++k) {
        sum[k] = VEC_FMA(x[i], VEC_ALL(row[k]), sum[k]);
      }
    }
#pragma GCC unroll 8
    for (uint32_t k = 0U; k < 8U; ++k) {
      y[c + k] = sum[k];
    }
  }
  for (; c < n_out; ++c) {
    Vec sum = {0};
    for (uint32_t i = 0U; i < n_in; ++i) {
      sum = VEC_FMA(x[i], VEC_ALL(matrix[(size_t)i * n_out + c]), sum);
    }
    y[c] = sum;
  }
}

static void
lanes_log(float* const x, const uint32_t n, const float least, const float offset, const float a) {
  Vec* const v = (Vec*)x;
  for (uint32_t i = 0U; i < n / VEC_LANES; ++i) {
    v[i] = vec_log(vec_max(v[i], VEC_ALL(least)) + offset) * a;
  }
}

static void
lanes_moments(const float* const in, const uint32_t n, float* const out) {
  const Vec* const x = (const Vec*)in;
  Vec              first = {0};
  Vec              sum = {0};
  for (uint32_t i = 0U; i < n; ++i) {
    first = VEC_FMA(x[i], VEC_ALL((float)i), first);
    sum += x[i];
  }
  ((Vec*)out)[0] = first;
  ((Vec*)out)[1] = sum;
}

static void
lanes_load(const float* const* const rows, const float* const window, const uint32_t n,
           float* const out) {
  uint32_t i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec w = vec_load(window + i);
    Vec       v[VEC_LANES];
#pragma GCC unroll 16
    for (uint32_t l = 0U; l < VEC_LANES; ++l) {
      v[l] = vec_load(rows[l] + i) * w;
    }
    vec_transpose(v);
#pragma GCC unroll 16
    for (uint32_t l = 0U; l < VEC_LANES; ++l) {
      ((Vec*)out)[i + l] = v[l];
    }
  }
  for (; i < n; ++i) {
    for (uint32_t l = 0U; l < VEC_LANES; ++l) {
      out[i * VEC_LANES + l] = rows[l][i] * window[i];
    }
  }
}

static void
lanes_store(const float* const in, const uint32_t n, const float* const window,
            const uint32_t n_rows, float* const* const rows) {
  uint32_t i = 0U;
  for (; i + VEC_LANES <= n; i += VEC_LANES) {
    const Vec w = window ? vec_load(window + i) : VEC_ALL(1.0F);
    Vec       v[VEC_LANES];
#pragma GCC unroll 16
    for (uint32_t l = 0U; l < VEC_LANES; ++l) {
      v[l] = ((const Vec*)in)[i + l];
    }
    vec_transpose(v);
#pragma GCC unroll 16
    for (uint32_t l = 0U; l < VEC_LANES; ++l) {
      if (l < n_rows) {
        vec_store(rows[l] + i, v[l] * w);
      }
    }
  }
  for (; i < n; ++i) {
    for (uint32_t l = 0U; l < n_rows; ++l) {
      rows[l][i] = in[i * VEC_LANES + l] * (window ? window[i] : 1.0F);
    }
  }
}

#define PINNA_LANES_KERNEL                                                                         \
  {                                                                                                \
    VEC_LANES, lanes_load, lanes_store, lanes_transform, lanes_split, lanes_energy, lanes_merge,   \
        lanes_bands, lanes_matrix, lanes_log, lanes_moments, lanes_griffin, lanes_stretch          \
  }

#endif // PINNA_DSP_LANES_TEXT_H
