// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/hermitian.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Elimination and Jacobi rotations

#define MAX_N 64U
#define MAX_SWEEPS 30U

static double
energy(const double complex z) {
  return creal(z) * creal(z) + cimag(z) * cimag(z);
}

static void
exchange_rows(double complex* const x, const uint32_t n, const uint32_t i, const uint32_t k) {
  for (uint32_t c = 0U; i != k && c < n; ++c) {
    const double complex keep = x[i * n + c];
    x[i * n + c] = x[k * n + c];
    x[k * n + c] = keep;
  }
}

void
pinna_hermitian_solve(double complex* const a, const uint32_t n, double complex* const b,
                      const uint32_t n_b) {
  for (uint32_t i = 0U; i < n; ++i) {
    uint32_t pivot = i;
    for (uint32_t k = i + 1U; k < n; ++k) {
      pivot = energy(a[k * n + i]) > energy(a[pivot * n + i]) ? k : pivot;
    }
    exchange_rows(a, n, i, pivot);
    exchange_rows(b, n_b, i, pivot);
    const double complex inverse = 1.0 / a[i * n + i];
    for (uint32_t k = i + 1U; k < n; ++k) {
      const double complex factor = a[k * n + i] * inverse;
      for (uint32_t c = i + 1U; c < n; ++c) {
        a[k * n + c] -= factor * a[i * n + c];
      }
      for (uint32_t c = 0U; c < n_b; ++c) {
        b[k * n_b + c] -= factor * b[i * n_b + c];
      }
    }
    a[i * n + i] = inverse;
  }
  for (uint32_t i = n; i-- > 0U;) {
    for (uint32_t c = 0U; c < n_b; ++c) {
      double complex sum = b[i * n_b + c];
      for (uint32_t k = i + 1U; k < n; ++k) {
        sum -= a[i * n + k] * b[k * n_b + c];
      }
      b[i * n_b + c] = sum * a[i * n + i];
    }
  }
}

/// Zero a[p][q] with the unitary rotation that does it
static void
rotate(double complex* const a, double complex* const v, const uint32_t n, const uint32_t p,
       const uint32_t q) {
  const double size = cabs(a[p * n + q]);
  if (size == 0.0) {
    return;
  }

  const double complex phase = a[p * n + q] / size;
  const double         theta = (creal(a[q * n + q]) - creal(a[p * n + p])) / (2.0 * size);
  const double         t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1.0));
  const double         c = 1.0 / sqrt(t * t + 1.0);
  const double complex s = c * t * phase;
  for (uint32_t k = 0U; k < n; ++k) { // Columns: a J
    const double complex x = a[k * n + p];
    const double complex y = a[k * n + q];
    const double complex vx = v[k * n + p];
    const double complex vy = v[k * n + q];
    a[k * n + p] = c * x - conj(s) * y;
    a[k * n + q] = s * x + c * y;
    v[k * n + p] = c * vx - conj(s) * vy;
    v[k * n + q] = s * vx + c * vy;
  }
  for (uint32_t k = 0U; k < n; ++k) { // Rows: J^H a
    const double complex x = a[p * n + k];
    const double complex y = a[q * n + k];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = conj(s) * x + c * y;
  }
}

static double
off_diagonal(const double complex* const a, const uint32_t n) {
  double sum = 0.0;
  for (uint32_t p = 0U; p < n; ++p) {
    for (uint32_t q = p + 1U; q < n; ++q) {
      sum += energy(a[p * n + q]);
    }
  }
  return sum;
}

double
pinna_hermitian_principal(double complex* const a, const uint32_t n, double complex* const vector) {
  double complex v[MAX_N * MAX_N];
  double         total = 0.0;
  memset(v, 0, sizeof(v[0]) * n * n);
  for (uint32_t i = 0U; i < n; ++i) {
    v[i * n + i] = 1.0;
    total += energy(a[i * n + i]);
  }
  total += 2.0 * off_diagonal(a, n);
  for (uint32_t sweep = 0U; sweep < MAX_SWEEPS && off_diagonal(a, n) > total * 1e-32; ++sweep) {
    for (uint32_t p = 0U; p < n; ++p) {
      for (uint32_t q = p + 1U; q < n; ++q) {
        rotate(a, v, n, p, q);
      }
    }
  }

  uint32_t best = 0U;
  for (uint32_t i = 1U; i < n; ++i) {
    best = creal(a[i * n + i]) > creal(a[best * n + best]) ? i : best;
  }
  const double         size = cabs(v[best]);
  const double complex turn = size > 0.0 ? conj(v[best]) / size : 1.0;
  for (uint32_t i = 0U; i < n; ++i) {
    vector[i] = v[i * n + best] * turn;
  }
  return creal(a[best * n + best]);
}
