// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "dsp/beam.h"
#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The beamformer's laws: ranges, latency, cuts of time, kernels, drift against a direct solve

enum { MAX = PINNA_ARRAY_MAX };

typedef struct {
  void*      memory;
  PinnaBeam* beam;
} Made;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_beam_init((PinnaBeam**)object, arena, (const PinnaBeamConfig*)config);
}

static Made
make(const uint32_t n_mics, const double rate) {
  const PinnaBeamConfig config = {n_mics, rate};
  Made                  made = {NULL, NULL};
  void*                 object = NULL;
  if (pinna_arena_build(&made.memory, &object, build, &config)) {
    tap_ok(false, "a beamformer for %u microphones builds", n_mics);
    exit(tap_done());
  }
  made.beam = (PinnaBeam*)object;
  return made;
}

/// One noise in all microphones, delayed by whole samples, and each microphone's own
static void
fill(float* const* const in, const uint32_t n_mics, const uint32_t n, unsigned seed) {
  for (uint32_t i = 0U; i < n; ++i) {
    const float common = 0.2f * tap_noise(&seed);
    const bool  gone = i / 3000U % 3U == 1U; // Comes and goes, as a talker does
    for (uint32_t m = 0U; m < n_mics; ++m) {
      in[m][i] = 0.02f * tap_noise(&seed);
    }
    for (uint32_t m = 0U; m < n_mics && !gone; ++m) {
      in[m][i + m < n ? i + m : n - 1U] += common;
    }
  }
}

static float**
buffers(const uint32_t n_channels, const uint32_t n) {
  float** const x = (float**)malloc(n_channels * sizeof(float*));
  for (uint32_t c = 0U; c < n_channels; ++c) {
    x[c] = (float*)calloc(n, sizeof(float));
  }
  return x;
}

static void
free_buffers(float** const x, const uint32_t n_channels) {
  for (uint32_t c = 0U; c < n_channels; ++c) {
    free(x[c]);
  }
  free(x);
}

static void
test_ranges(void) {
  PinnaBeam*            beam = NULL;
  PinnaArena            measure = pinna_arena_measuring();
  const PinnaBeamConfig bad[] = {{1U, 48000.0}, {9U, 48000.0}, {4U, 7999.0}, {4U, (double)NAN}};
  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    tap_int(pinna_beam_init(&beam, &measure, &bad[i]), PINNA_STATUS_BAD_ARG,
            "%u microphones at %g Hz are refused", bad[i].n_mics, bad[i].rate);
  }
  const PinnaBeamConfig good = {3U, 16000.0};
  measure = pinna_arena_measuring();
  tap_int(pinna_beam_init(&beam, &measure, &good), PINNA_STATUS_OK, "three at 16 kHz are measured");
  char* const memory = (char*)aligned_alloc(64U, measure.used);
  PinnaArena  small = pinna_arena_over(memory, measure.used - 64U);
  tap_int(pinna_beam_init(&beam, &small, &good), PINNA_STATUS_NO_MEM, "a smaller arena is refused");
  free(memory);
}

/// The reference, delayed by the latency, is target + residual, whatever was learnt
static void
test_sum(const uint32_t n_mics, const double rate) {
  enum { N = 120000 };
  const Made    made = make(n_mics, rate);
  float** const in = buffers(n_mics, N);
  float** const out = buffers(2U, N);
  fill(in, n_mics, N, n_mics);
  pinna_beam_run(made.beam, (const float* const*)in, NULL, out[0], out[1], N);
  const uint32_t latency = pinna_beam_latency(made.beam);
  double         worst = 0.0;
  double         changed = 0.0;
  for (uint32_t i = latency; i < N; ++i) {
    const double error = (double)(out[0][i] + out[1][i] - in[0][i - latency]);
    worst = fmax(worst, fabs(error));
    changed = fmax(changed, fabs((double)out[1][i]));
  }
  tap_at_most(worst, 2e-6, "%u mics at %g Hz: target + residual is the reference, %u later", n_mics,
              rate, latency);
  tap_at_least(changed, n_mics > 2U ? 1e-3 : 0.0, "%u mics at %g Hz: something is taken away",
               n_mics, rate);
  free_buffers(in, n_mics);
  free_buffers(out, 2U);
  pinna_arena_free(made.memory);
}

static void
test_cuts(const uint32_t n_mics) {
  enum { N = 20000 };
  static const uint32_t pieces[] = {0U, 1U, 31U, 64U, 127U, 1024U, 8192U};
  const Made            whole = make(n_mics, 48000.0);
  const Made            cut = make(n_mics, 48000.0);
  float** const         in = buffers(n_mics, N);
  float** const         out = buffers(4U, N);
  unsigned              seed = 5U;
  fill(in, n_mics, N, 9U);
  pinna_beam_run(whole.beam, (const float* const*)in, in[1], out[0], out[1], N);
  for (uint32_t at = 0U; at < N;) {
    const uint32_t piece = pieces[(uint32_t)(fabsf(tap_noise(&seed)) * 7.0f) % 7U];
    const uint32_t n = piece < N - at ? piece : N - at;
    const float*   x[MAX];
    for (uint32_t m = 0U; m < n_mics; ++m) {
      x[m] = in[m] + at;
    }
    pinna_beam_run(cut.beam, x, in[1] + at, out[2] + at, out[3] + at, n);
    at += n;
  }
  tap_all_equal(out[2], out[0], N, "%u mics: target does not depend on cuts", n_mics);
  tap_all_equal(out[3], out[1], N, "%u mics: residual does not depend on cuts", n_mics);

  pinna_beam_reset(cut.beam);
  pinna_beam_run(cut.beam, (const float* const*)in, NULL, in[0], in[1], N);
  tap_all_equal(in[0], out[0], N, "%u mics: in place after a reset gives the same", n_mics);
  free_buffers(in, n_mics);
  free_buffers(out, 4U);
  pinna_arena_free(whole.memory);
  pinna_arena_free(cut.memory);
}

/// All instruction sets give the same bits
static void
test_kernels(const uint32_t n_mics, const PinnaBeamMode mode) {
  enum { N = 24000 };
  static const PinnaBeamKernel* const kernels[] = {
    &pinna_beam_kernel_c,
#if defined(__x86_64__)
    &pinna_beam_kernel_avx2,
    &pinna_beam_kernel_avx512,
#endif
  };
  float** const in = buffers(n_mics, N);
  float** const out = buffers(4U, N);
  fill(in, n_mics, N, 77U);
  for (int isa = 0;
       isa <= (int)pinna_cpu_isa() && isa < (int)(sizeof(kernels) / sizeof(kernels[0])); ++isa) {
    const Made      made = make(n_mics, 48000.0);
    PinnaBeamParams params = pinna_beam_defaults(n_mics);
    params.mode = mode;
    params.postfilter = 6.0;
    made.beam->kernel = kernels[isa];
    pinna_beam_set(made.beam, &params);
    float** const y = out + (isa ? 2 : 0);
    pinna_beam_run(made.beam, (const float* const*)in, NULL, y[0], y[1], N);
    if (isa) {
      tap_all_equal(y[0], out[0], N, "%u mics, mode %d: %s equals C", n_mics, (int)mode,
                    pinna_isa_name((PinnaIsa)isa));
    }
    pinna_arena_free(made.memory);
  }
  free_buffers(in, n_mics);
  free_buffers(out, 4U);
}

/// x = a^-1 b by Gaussian elimination with pivots [m][n]
static void
solve(double complex* const a, double complex* const b, const uint32_t m, const uint32_t n) {
  for (uint32_t k = 0U; k < m; ++k) {
    uint32_t p = k;
    for (uint32_t i = k + 1U; i < m; ++i) {
      p = cabs(a[i * m + k]) > cabs(a[p * m + k]) ? i : p;
    }
    for (uint32_t j = 0U; j < m; ++j) {
      const double complex t = a[k * m + j];
      a[k * m + j] = a[p * m + j];
      a[p * m + j] = t;
    }
    for (uint32_t j = 0U; j < n; ++j) {
      const double complex t = b[k * n + j];
      b[k * n + j] = b[p * n + j];
      b[p * n + j] = t;
    }
    for (uint32_t i = 0U; i < m; ++i) {
      const double complex f = i == k ? 0.0 : a[i * m + k] / a[k * m + k];
      for (uint32_t j = 0U; j < m; ++j) {
        a[i * m + j] -= f * a[k * m + j];
      }
      for (uint32_t j = 0U; j < n; ++j) {
        b[i * n + j] -= f * b[k * n + j];
      }
    }
  }
  for (uint32_t i = 0U; i < m; ++i) {
    for (uint32_t j = 0U; j < n; ++j) {
      b[i * n + j] /= a[i * m + i];
    }
  }
}

static void
unpack(double complex* const full, const double* const packed, const uint32_t m,
       const uint32_t bin) {
  const double* const a =
      packed + (size_t)(bin / PINNA_BEAM_LANES) * m * m * PINNA_BEAM_LANES + bin % PINNA_BEAM_LANES;
  for (uint32_t i = 0U; i < m; ++i) {
    for (uint32_t j = 0U; j < m; ++j) {
      const uint32_t low = i < j ? i : j;
      const uint32_t high = i < j ? j : i;
      const double   re = a[(low * m + high) * PINNA_BEAM_LANES];
      const double   im = i == j ? 0.0 : a[(high * m + low) * PINNA_BEAM_LANES];
      full[i * m + j] = re + (i < j ? im : -im) * I;
    }
  }
}

/// Noise that weights let through [dB]: those of the running inverse less those solved directly
static double
drift(const PinnaBeam* const beam, const uint32_t bin) {
  const uint32_t m = beam->n_mics;
  double complex noise[MAX * MAX];
  double complex a[MAX * MAX];
  double complex direct[MAX * MAX];
  double complex inverse[MAX * MAX];
  double complex target[MAX * MAX];
  double         power[2] = {0.0, 0.0};
  double complex traces[2] = {0.0, 0.0};
  double complex w[2][MAX] = {{0.0}};
  unpack(noise, beam->bins.noise, m, bin);
  unpack(inverse, beam->bins.inverse, m, bin);
  unpack(target, beam->bins.target, m, bin);
  memcpy(a, noise, sizeof(a));
  memcpy(direct, target, sizeof(direct));
  solve(a, direct, m, m);
  for (uint32_t i = 0U; i < m; ++i) {
    w[0][i] = direct[i * m];
    traces[0] += direct[i * m + i];
    for (uint32_t j = 0U; j < m; ++j) {
      w[1][i] += inverse[i * m + j] * target[j * m];
      traces[1] += inverse[i * m + j] * target[j * m + i];
    }
  }
  for (int way = 0; way < 2; ++way) {
    for (uint32_t i = 0U; i < m; ++i) {
      for (uint32_t j = 0U; j < m; ++j) {
        power[way] += creal(conj(w[way][i]) * noise[i * m + j] * w[way][j] /
                            (creal(traces[way]) * creal(traces[way])));
      }
    }
  }
  return fabs(10.0 * log10(power[1] / power[0]));
}

static void
test_drift(const uint32_t n_mics, const double minutes) {
  enum { RATE = 8000, N = 8000 };
  const Made      made = make(n_mics, RATE);
  float** const   in = buffers(n_mics, N);
  float** const   out = buffers(2U, N);
  PinnaBeamParams params = pinna_beam_defaults(n_mics);
  unsigned        seed = 3U;
  double          worst = 0.0;
  params.memory = 0.5;
  pinna_beam_set(made.beam, &params);
  for (uint32_t s = 0U; s < (uint32_t)(60.0 * minutes); ++s) {
    for (uint32_t m = 0U; m < n_mics; ++m) {
      memset(in[m], 0, N * sizeof(float));
    }
    fill(in, n_mics, N, seed += 11U);
    pinna_beam_run(made.beam, (const float* const*)in, NULL, out[0], out[1], N);
  }
  for (uint32_t k = 1U; k + 1U < pinna_beam_n_bins(made.beam); ++k) {
    worst = fmax(worst, drift(made.beam, k));
  }
  tap_at_most(worst, 0.05, "%u mics, %g minutes: as a direct solve within 0.05 dB", n_mics,
              minutes);
  free_buffers(in, n_mics);
  free_buffers(out, 2U);
  pinna_arena_free(made.memory);
}

/// A microphone that dies, or sticks, weighs nothing half a second later
static void
test_fault(const uint32_t n_mics, const float stuck) {
  enum { N = 48000, HALF = 24000 };
  const Made     made = make(n_mics, 48000.0);
  float** const  in = buffers(n_mics, N + HALF);
  float** const  out = buffers(2U, N + HALF);
  double complex w[MAX];
  double         worst = 0.0;
  fill(in, n_mics, N + HALF, 21U);
  for (uint32_t i = N; i < N + HALF; ++i) {
    in[1][i] = stuck;
  }
  pinna_beam_run(made.beam, (const float* const*)in, NULL, out[0], out[1], N + HALF);
  for (uint32_t k = 0U; k < pinna_beam_n_bins(made.beam); ++k) {
    pinna_beam_weights(made.beam, k, w);
    worst = fmax(worst, cabs(w[1]));
  }
  tap_at_most(worst, 1e-3, "%u mics: one that stays at %g weighs nothing after 0.5 s", n_mics,
              (double)stuck);
  free_buffers(in, n_mics);
  free_buffers(out, 2U);
  pinna_arena_free(made.memory);
}

typedef struct {
  Made    made;
  float** in;
  float** out;
} Live;

static void
live(void* const handle) {
  const Live* const l = (const Live*)handle;
  PinnaBeamParams   params = pinna_beam_defaults(4U);
  for (int mode = 0; mode < PINNA_BEAM_N_MODES; ++mode) {
    params.mode = (PinnaBeamMode)mode;
    params.mask = (PinnaBeamMask)mode;
    params.postfilter = 3.0 * mode;
    params.azimuth = 40.0 * mode;
    params.elevation = 10.0 * mode;
    pinna_beam_set(l->made.beam, &params);
    memset(l->in[mode], 0, 4000U * sizeof(float)); // A microphone dies
    pinna_beam_run(l->made.beam, (const float* const*)l->in, l->in[3], l->out[0], l->out[1],
                   20000U);
    pinna_beam_report(l->made.beam);
  }
  pinna_beam_reset(l->made.beam);
}

static void
test_realtime(void) {
  Live l = {make(4U, 48000.0), buffers(4U, 20000U), buffers(2U, 20000U)};
  fill(l.in, 4U, 20000U, 4U);
  live(&l);
  rt_trap_reset();
  rt_trap_enter();
  live(&l);
  rt_trap_leave();
  rt_trap_check("running, steering and losing microphones is realtime");
  rt_trap_check_seccomp(live, &l, "and never enters the kernel");
  free_buffers(l.in, 4U);
  free_buffers(l.out, 2U);
  pinna_arena_free(l.made.memory);
}

int
main(void) {
  const bool long_run = getenv("PINNA_LONG") != NULL;
  test_ranges();
  for (uint32_t m = 2U; m <= MAX; ++m) {
    test_sum(m, m == 5U ? 96000.0 : 48000.0);
  }
  test_sum(2U, 8000.0);
  for (uint32_t m = 2U; m <= MAX; m *= 2U) {
    test_cuts(m);
    test_fault(m, 0.0f);
    test_fault(m, 0.4f);
    test_drift(m, long_run ? 60.0 : 0.5);
    for (int mode = 0; mode < PINNA_BEAM_N_MODES; ++mode) {
      test_kernels(m, (PinnaBeamMode)mode);
    }
  }
  test_realtime();
  return tap_done();
}
