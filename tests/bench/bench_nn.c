// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "base/cpu.h"
#include "models/gtcrn.h"
#include "models/silero.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"
#include "tests/bench/bench.h"
#include "tests/tap.h"

#include <complex.h>
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Skinny products against the processor's own limits, and whole networks against their deadlines

#define N_ROUNDS 25U

static volatile float sink;

/// Multiply-adds per nanosecond of registers alone
static double __attribute__((target("avx512f"))) peak_avx512(void) {
  __m512       s[16];
  const __m512 a = _mm512_set1_ps(0.999F);
  for (int i = 0; i < 16; ++i) {
    s[i] = _mm512_set1_ps((float)i);
  }
  const double start = bench_ns();
  for (int n = 0; n < 200000; ++n) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      s[i] = _mm512_fmadd_ps(s[i], a, a);
    }
  }
  const double ns = bench_ns() - start;
  for (int i = 0; i < 16; ++i) {
    sink += s[i][0];
  }
  return 200000.0 * 16.0 * 16.0 / ns;
}

static double __attribute__((target("avx2,fma"))) peak_avx2(void) {
  __m256       s[12];
  const __m256 a = _mm256_set1_ps(0.999F);
  for (int i = 0; i < 12; ++i) {
    s[i] = _mm256_set1_ps((float)i);
  }
  const double start = bench_ns();
  for (int n = 0; n < 200000; ++n) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) {
      s[i] = _mm256_fmadd_ps(s[i], a, a);
    }
  }
  const double ns = bench_ns() - start;
  for (int i = 0; i < 12; ++i) {
    sink += s[i][0];
  }
  return 200000.0 * 12.0 * 8.0 / ns;
}

/// Floats per nanosecond that this core can read from memory, in `n_streams` at once
static double __attribute__((target("avx2")))
read_streams(const float* const x, const size_t n, const size_t n_streams) {
  __m256       s[8] = {_mm256_setzero_ps()};
  const size_t apart = n / n_streams;
  const double start = bench_ns();
  for (size_t i = 0U; i + 64U / n_streams <= apart; i += 64U / n_streams) {
#pragma GCC unroll 8
    for (size_t k = 0U; k < 8U; ++k) {
      s[k] =
          _mm256_add_ps(s[k], _mm256_loadu_ps(x + k % n_streams * apart + i + k / n_streams * 8U));
    }
  }
  const double ns = bench_ns() - start;
  for (int k = 0; k < 8; ++k) {
    sink += s[k][0];
  }
  return (double)n / ns;
}

/// The best way that we know of
static double
read_rate(const float* const x, const size_t n) {
  const double one = read_streams(x, n, 1U);
  const double four = read_streams(x, n, 4U);
  return one > four ? one : four;
}

static PinnaStatus
build_runner(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

/// Best multiply-adds per nanosecond of a Linear layer on `columns` columns, as a part of the peak
static double
bench_gemm(const PinnaIsa isa, const uint32_t m, const uint32_t k, const uint32_t columns) {
  unsigned              seed = 3U;
  PinnaPlan* const      plan = pinna_plan_new();
  const PinnaConvConfig conv = pinna_conv_config(m);
  float* const          w = (float*)malloc((size_t)m * k * sizeof(float));
  for (size_t i = 0U; i < (size_t)m * k; ++i) {
    w[i] = tap_noise(&seed);
  }
  const PinnaRef x = pinna_plan_input(plan, "x", (PinnaShape){columns, 1U, k});
  const PinnaRef ref = pinna_plan_constant(plan, "w", w, (size_t)m * k);
  pinna_plan_output(plan, "y", pinna_plan_conv(plan, x, &conv, ref, 0U));
  pinna_plan_finish(plan, NULL);
  const PinnaRunnerConfig config = {plan, isa};
  void*                   memory = NULL;
  PinnaRunner*            runner = NULL;
  pinna_arena_build(&memory, (void**)&runner, build_runner, &config);
  const double macs = pinna_plan_facts(plan).macs;
  const bool   is_big =
      columns == 1U && m * k > 1U << 22U; // Beyond the caches: the memory is the limit
  const uint32_t repeats = (uint32_t)(2e6 / macs) + 1U;
  double         best = 0.0;
  double         peak = 0.0;
  for (uint32_t round = 0U; round < 4U * N_ROUNDS; ++round) {
    const double now = is_big                    ? read_rate(w, (size_t)m * k)
                       : isa == PINNA_ISA_AVX512 ? peak_avx512()
                                                 : peak_avx2();
    peak = now > peak ? now : peak;
    const double start = bench_ns();
    for (uint32_t i = 0U; i < repeats; ++i) {
      pinna_runner_run(runner);
    }
    const double rate = macs * repeats / (bench_ns() - start);
    best = rate > best ? rate : best;
  }
  printf("# gemm %s %u x %u, %2u columns: %6.1f GMAC/s, %3.0f%% of %.1f\n", pinna_isa_name(isa), m,
         k, columns, best, 100.0 * best / peak, peak);
  pinna_arena_free(memory);
  pinna_plan_free(plan);
  free(w);
  return best / peak;
}

/// Best of a few tries, other programs being what they are
static void
gate_gemm(const PinnaIsa isa, const uint32_t m, const uint32_t k, const uint32_t columns,
          const double limit) {
  double best = 0.0;
  for (int i = 0; i < 5 && best < limit; ++i) {
    const double now = bench_gemm(isa, m, k, columns);
    best = now > best ? now : best;
  }
  tap_at_least(best, limit, "%u x %u, %u columns, part of the %s, %s", m, k, columns,
               columns == 1U ? "memory's rate" : "peak", pinna_isa_name(isa));
}

/// A network to time: how it is described and built, and one run of it
typedef struct {
  const char* name;
  const char* file;
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  PinnaBuildFunc build;
  void (*run)(void* model);
  double period_us; ///< Audio that one run serves
  double limit_us;
} Model;

static float         samples[PINNA_SILERO_CHUNK];
static float complex bins[PINNA_GTCRN_N_BINS];

static PinnaStatus
build_silero(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_silero_init((PinnaSilero**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
run_silero(void* const model) {
  sink += pinna_silero_run((PinnaSilero*)model, samples);
}

static PinnaStatus
build_gtcrn(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_gtcrn_init((PinnaGtcrn**)object, arena, (const PinnaRunnerConfig*)config);
}

static void
run_gtcrn(void* const model) {
  for (uint32_t k = 0U; k < PINNA_GTCRN_N_BINS; ++k) {
    bins[k] = samples[k] + I * samples[k + 1U];
  }
  pinna_gtcrn_frame((PinnaGtcrn*)model, bins);
}

static const Model models[] = {
    {"Silero VAD", "silero_vad_16k.safetensors", pinna_silero_describe, build_silero, run_silero,
     32000.0, 50.0},
    {"GTCRN", "gtcrn_dns3.pt", pinna_gtcrn_describe, build_gtcrn, run_gtcrn, 16000.0, 160.0},
};

/// Best microseconds of a run, or a negative number without the weights
static double
bench_model(const Model* const m, const char* const folder, const PinnaIsa isa) {
  PinnaWeights* weights = NULL;
  char          path[1024];
  snprintf(path, sizeof(path), "%s/models/%s", folder, m->file);
  if (pinna_weights_open(&weights, path, NULL)) {
    return -1.0;
  }
  PinnaPlan* const plan = pinna_plan_new();
  m->describe(plan, weights);
  pinna_plan_finish(plan, NULL);
  const PinnaRunnerConfig config = {plan, isa};
  void*                   memory = NULL;
  void*                   model = NULL;
  pinna_arena_build(&memory, &model, m->build, &config);
  double best = 1e30;
  for (uint32_t round = 0U; round < 40U * N_ROUNDS; ++round) {
    const double start = bench_ns();
    m->run(model);
    best = bench_min(best, bench_ns() - start);
  }
  const PinnaPlanFacts facts = pinna_plan_facts(plan);
  printf("# %s %s: %.1f us for %.0f ms (RTF %.4f), %.2f MMAC, %.1f GMAC/s, %zu operators, scratch "
         "%zu of %zu floats\n",
         m->name, pinna_isa_name(isa), best / 1e3, m->period_us / 1e3, best / 1e3 / m->period_us,
         facts.macs / 1e6, facts.macs / best, facts.n_ops, facts.n_scratch, facts.n_scratch_apart);
  pinna_arena_free(memory);
  pinna_plan_free(plan);
  pinna_weights_free(weights);
  return best / 1e3;
}

static void
bench_models(const char* const folder, const PinnaIsa best) {
  unsigned seed = 1U;
  for (uint32_t i = 0U; i < PINNA_SILERO_CHUNK; ++i) {
    samples[i] = tap_noise(&seed);
  }
  for (size_t i = 0U; i < sizeof(models) / sizeof(models[0]); ++i) {
    for (PinnaIsa isa = PINNA_ISA_C; isa <= best; ++isa) {
      const double us = bench_model(&models[i], folder, isa);
      if (us < 0.0) {
        tap_skip("no weights on this machine", "%s, %s", models[i].name, pinna_isa_name(isa));
      } else if (isa == best) {
        tap_at_most(us, models[i].limit_us, "%s, microseconds for %.0f ms, %s", models[i].name,
                    models[i].period_us / 1e3, pinna_isa_name(isa));
      }
    }
  }
}

int
main(const int argc, char** const argv) {
  const char* const shared = getenv("PINNA_SHARED");
  const PinnaIsa    best = pinna_cpu_isa();
  const bool        is_gate = argc > 1 && !strcmp(argv[1], "--gate");
  if (best == PINNA_ISA_C) {
    tap_skip_all("no vector unit to measure");
  }
  for (PinnaIsa isa = PINNA_ISA_AVX2; !is_gate && isa <= best; ++isa) {
    for (uint32_t columns = 1U; columns <= 16U; ++columns) {
      bench_gemm(isa, 384U, 384U, columns);
    }
  }
  for (PinnaIsa isa = PINNA_ISA_AVX2; isa <= best; ++isa) {
    gate_gemm(isa, 384U, 384U, 8U, 0.6);
    gate_gemm(isa, 4096U, 4096U, 1U, 0.8); // Beyond the caches
    gate_gemm(isa, 768U, 768U, 49U, 0.7);
    gate_gemm(isa, 3072U, 768U, 49U, 0.7);
    gate_gemm(isa, 768U, 3072U, 49U, 0.7);
    gate_gemm(isa, 512U, 1536U, 500U, 0.7);
    gate_gemm(isa, 512U, 10U, 3200U, 0.3); // Writes more than it reads
  }
  bench_models(shared ? shared : PINNA_SHARED_DIR, best);
  return tap_done();
}
