// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "nn/cpu/matvec.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Matrix times vector against sums in double precision: every instruction set, storage and odd size

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_matvec_init((PinnaMatvec**)object, arena, (const PinnaMatvecConfig*)config);
}

/// What a weight is after storage: half by its step, int8 by its row's greatest
static double
stored(const float w, const float top, const PinnaPrecision precision) {
  if (precision == PINNA_PRECISION_F16) {
    int exponent;
    frexp(w, &exponent);
    exponent = exponent < -13 ? -13 : exponent;
    const double step = ldexp(1.0, exponent - 11);
    return rint((double)w / step) * step;
  }
  const float scale = top > 0.0F ? top / 127.0F : 1.0F;
  return precision == PINNA_PRECISION_INT8 ? (double)rintf(w / scale) * (double)scale : (double)w;
}

typedef struct {
  uint32_t n_rows;
  uint32_t n_columns;
  float*   w;
  float*   bias;
  float*   x;
} Case;

/// @param size Receives what rounding is relative to: the sum of |w x| of each row; int8 takes
/// every x in steps of the greatest
static void
expect(const Case* const c, const PinnaPrecision precision, double* const y, double* const size) {
  float most = 0.0F;
  for (uint32_t k = 0U; k < c->n_columns; ++k) {
    most = fmaxf(most, fabsf(c->x[k]));
  }
  for (uint32_t row = 0U; row < c->n_rows; ++row) {
    const float* const w = c->w + (size_t)row * c->n_columns;
    float              top = 0.0F;
    for (uint32_t k = 0U; k < c->n_columns; ++k) {
      top = fmaxf(top, fabsf(w[k]));
    }
    y[row] = (double)c->bias[row];
    size[row] = fabs(y[row]);
    for (uint32_t k = 0U; k < c->n_columns; ++k) {
      const double weight = stored(w[k], top, precision);
      y[row] += weight * (double)c->x[k];
      size[row] += fabs(weight * (double)(precision == PINNA_PRECISION_INT8 ? most : c->x[k]));
    }
  }
}

static void
test_case(const Case* const c, const PinnaPrecision precision, double* const y, double* const size,
          float* const found, float* const first) {
  static const char* const names[] = {"float", "half", "int8"};
  const double             limit = precision == PINNA_PRECISION_INT8 ? 0.51 / 16256.0 : 2e-6;
  expect(c, precision, y, size);
  for (int isa = PINNA_ISA_C; isa <= (int)pinna_cpu_isa(); ++isa) {
    const PinnaMatvecConfig config = {c->w,         c->bias,   c->n_columns, c->n_rows,
                                      c->n_columns, precision, (PinnaIsa)isa};
    void*                   memory = NULL;
    void*                   matvec = NULL;
    if (!tap_int(pinna_arena_build(&memory, &matvec, build, &config), 0, "packs")) {
      continue;
    }
    rt_trap_enter();
    pinna_matvec_run((PinnaMatvec*)matvec, c->x, found);
    rt_trap_leave();
    rt_trap_check("a product asks nothing of the system");
    double worst = 0.0;
    for (uint32_t i = 0U; i < c->n_rows; ++i) {
      worst = fmax(worst, fabs((double)found[i] - y[i]) / size[i]);
    }
    tap_at_most(worst, limit, "%s, %s, %u x %u", names[precision], pinna_isa_name((PinnaIsa)isa),
                c->n_rows, c->n_columns);
    if (isa == PINNA_ISA_C) {
      memcpy(first, found, c->n_rows * sizeof(float));
    } else if (precision == PINNA_PRECISION_INT8) {
      tap_all_equal(found, first, c->n_rows, "and the same bits as in plain C");
    }
    pinna_arena_free(memory);
  }
}

static void
test_sizes(const uint32_t n_rows, const uint32_t n_columns, unsigned seed) {
  const size_t count = (size_t)n_rows * n_columns;
  float* const values = (float*)calloc(count + n_columns + 3U * (size_t)n_rows, sizeof(float));
  double*      y = (double*)calloc(2U * (size_t)n_rows, sizeof(double));
  if (!values || !y) {
    abort();
  }
  const Case c = {n_rows, n_columns, values, values + count, values + count + n_rows};
  for (size_t i = 0U; i < count + n_rows + n_columns; ++i) {
    values[i] = tap_noise(&seed) * powf(10.0F, 3.0F * tap_noise(&seed) - 2.0F);
  }
  float* const found = c.x + n_columns;
  for (int p = 0; p <= (int)PINNA_PRECISION_INT8; ++p) { // Dynamic int8 is a plan's, not its
    test_case(&c, (PinnaPrecision)p, y, y + n_rows, found, found + n_rows);
  }
  free(y);
  free(values);
}

static void
test_edges(void) {
  const float       w[8] = {1.0F, -2.0F, 0.5F, 3.0F, 0.0F, 0.0F, 0.0F, 0.0F};
  const float       bad[4] = {NAN, 1.0F, INFINITY, 0.0F};
  const float       zero[4] = {0.0F};
  float             y[2];
  void*             memory = NULL;
  void*             matvec = NULL;
  PinnaMatvecConfig config = {w, NULL, 4U, 2U, 4U, PINNA_PRECISION_INT8, pinna_cpu_isa()};
  tap_int(pinna_arena_build(&memory, &matvec, build, &config), 0, "a row of zeros can be packed");
  pinna_matvec_run((PinnaMatvec*)matvec, zero, y);
  tap_ok(y[0] == 0.0F && y[1] == 0.0F, "a vector of zeros gives zeros");
  pinna_matvec_run((PinnaMatvec*)matvec, bad, y);
  tap_ok(isfinite(y[0]) && isfinite(y[1]), "whole numbers stay finite whatever the vector holds");
  tap_int((long long)pinna_matvec_bytes((PinnaMatvec*)matvec), 8, "a byte for each weight");
  pinna_arena_free(memory);
  config.n_columns = PINNA_MATVEC_INT8_COLUMNS + 1U;
  tap_int(pinna_arena_build(&memory, &matvec, build, &config), PINNA_STATUS_BAD_ARG,
          "sums that could overflow are refused");
  config.n_columns = 0U;
  tap_int(pinna_arena_build(&memory, &matvec, build, &config), PINNA_STATUS_BAD_ARG,
          "no columns are refused");
}

int
main(void) {
  const char* const text = getenv("PINNA_SEED");
  const unsigned    seed = text ? (unsigned)strtoul(text, NULL, 10) : 7U;
  test_sizes(1U, 1U, seed);
  test_sizes(3U, 7U, seed + 1U);
  test_sizes(64U, 65U, seed + 2U);
  test_sizes(131U, 512U, seed + 3U);
  test_sizes(200U, PINNA_MATVEC_INT8_COLUMNS, seed + 4U);
  test_edges();
  return tap_done();
}
