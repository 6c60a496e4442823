// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/fft.h"

#include "base/cpu.h"
#include "dsp/fft_impl.h"
#include "dsp/fft_kernel.h"

#include <complex.h>
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

// Planning under one lock, and the cache that owns every plan

static pthread_mutex_t plan_lock = PTHREAD_MUTEX_INITIALIZER;
static PinnaFft*       plans;
static bool            prepared;

// Other copies of this code may plan in the same process: FFTW's own lock covers them all. Its
// library installs a hook in FFTW, so it must never be unloaded.
static void
prepare(void) {
  if (prepared) {
    return;
  }
  prepared = true;

  void* const threads = dlopen("libfftw3f_threads.so.3", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (threads) {
    void (*make_safe)(void) = NULL;
    void* const symbol = dlsym(threads, "fftwf_make_planner_thread_safe");
    memcpy(&make_safe, &symbol, sizeof(symbol));
    if (make_safe) {
      make_safe();
    }
    dlclose(threads);
  }

  const char* const wisdom = getenv("PINNA_WISDOM");
  if (wisdom && wisdom[0]) {
    fftwf_import_wisdom_from_filename(wisdom);
  }
}

// These solvers take scratch memory from the heap while they run
static bool
runs_without_heap(fftwf_plan plan) {
  static const char* const heap_users[] = {"bluestein", "rader", "rdft2-rdft", "buf", "indirect"};

  char* const text = fftwf_sprint_plan(plan);
  bool        clean = text != NULL;
  for (size_t i = 0U; clean && i < sizeof(heap_users) / sizeof(heap_users[0]); ++i) {
    clean = !strstr(text, heap_users[i]);
  }
  fftwf_free(text);
  return clean;
}

static void
make_plans(PinnaFft* const fft, const unsigned effort) {
  const bool           is_half = fft->pairs != NULL;
  const int            n = (int)(is_half ? fft->n / 2U : fft->n);
  float complex* const a = fftwf_alloc_complex(fft->n);
  float complex* const b = fftwf_alloc_complex(fft->n);
  if (a && b && fft->kind == PINNA_FFT_REAL && !is_half) {
    fft->forward = fftwf_plan_dft_r2c_1d(n, (float*)a, b, effort | FFTW_PRESERVE_INPUT);
    fft->inverse = fftwf_plan_dft_c2r_1d(n, a, (float*)b, effort | FFTW_DESTROY_INPUT);
  } else if (a && b) {
    fft->forward = fftwf_plan_dft_1d(n, a, b, FFTW_FORWARD, effort | FFTW_PRESERVE_INPUT);
    fft->inverse = fftwf_plan_dft_1d(n, a, b, FFTW_BACKWARD, effort | FFTW_PRESERVE_INPUT);
  }
  fftwf_free(a);
  fftwf_free(b);
}

static bool
make_twiddles(PinnaFft* const fft) {
  const size_t n = fft->n / 4U + 1U;
  fft->twiddle = (float complex*)calloc(2U * n, sizeof(float complex));
  if (!fft->twiddle) {
    return false;
  }

  fft->twiddle_back = fft->twiddle + n;
  for (size_t k = 0U; k < n; ++k) {
    const double complex w = -I * cexp(-2.0 * M_PI * I * (double)k / fft->n);
    fft->twiddle[k] = (float complex)(0.5 * w);
    fft->twiddle_back[k] = (float complex)conj(w);
  }
  return true;
}

static PinnaFftPairsFunc
best_pairs(void) {
#if defined(__x86_64__)
  if (pinna_cpu_isa() >= PINNA_ISA_AVX2) {
    return pinna_fft_pairs_avx2;
  }
#endif
  return pinna_fft_pairs_c;
}

static void
free_plan(PinnaFft* const fft) {
  if (fft->forward) {
    fftwf_destroy_plan(fft->forward);
  }
  if (fft->inverse) {
    fftwf_destroy_plan(fft->inverse);
  }
  free(fft->twiddle);
  free(fft);
}

static bool
is_valid(const PinnaFftKind kind, const uint32_t n) {
  return (kind == PINNA_FFT_REAL || kind == PINNA_FFT_COMPLEX) && n >= 2U &&
         n <= PINNA_FFT_MAX_SIZE;
}

static PinnaFft*
new_plan(const PinnaFftKind kind, const uint32_t n, const unsigned effort) {
  PinnaFft* const fft = (PinnaFft*)calloc(1U, sizeof(PinnaFft));
  if (!fft) {
    return NULL;
  }

  fft->kind = kind;
  fft->n = n;
  fft->pairs = kind == PINNA_FFT_REAL && n % 2U == 0U ? best_pairs() : NULL;
  make_plans(fft, effort);
  if (!fft->forward || !fft->inverse || (fft->pairs && !make_twiddles(fft))) {
    free_plan(fft);
    return NULL;
  }
  fft->realtime = runs_without_heap(fft->forward) && runs_without_heap(fft->inverse);
  return fft;
}

PinnaStatus
pinna_fft_plan(const PinnaFft** const fft, const PinnaFftKind kind, const uint32_t n) {
  *fft = NULL;
  if (!is_valid(kind, n)) {
    return PINNA_STATUS_BAD_ARG;
  }

  pthread_mutex_lock(&plan_lock);
  prepare();
  PinnaFft* plan = plans;
  while (plan && (plan->kind != kind || plan->n != n)) {
    plan = plan->next;
  }
  if (!plan) {
    plan = new_plan(kind, n, FFTW_ESTIMATE);
    if (plan) {
      plan->next = plans;
      plans = plan;
    }
  }
  pthread_mutex_unlock(&plan_lock);

  *fft = plan;
  return plan ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

PinnaStatus
pinna_fft_read_wisdom(const char* const path) {
  pthread_mutex_lock(&plan_lock);
  prepare();
  const int ok = fftwf_import_wisdom_from_filename(path);
  pthread_mutex_unlock(&plan_lock);
  return ok ? PINNA_STATUS_OK : PINNA_STATUS_BAD_FILE;
}

PinnaStatus
pinna_fft_write_wisdom(const char* const path, const PinnaFftKind kind, const uint32_t n) {
  if (!is_valid(kind, n)) {
    return PINNA_STATUS_BAD_ARG;
  }

  pthread_mutex_lock(&plan_lock);
  prepare();
  PinnaStatus     status = PINNA_STATUS_NO_MEM;
  PinnaFft* const fft = new_plan(kind, n, FFTW_MEASURE);
  if (fft) {
    status = fftwf_export_wisdom_to_filename(path) ? PINNA_STATUS_OK : PINNA_STATUS_IO;
    free_plan(fft);
  }
  pthread_mutex_unlock(&plan_lock);
  return status;
}

__attribute__((destructor)) static void
free_plans(void) {
  while (plans) {
    PinnaFft* const next = plans->next;
    free_plan(plans);
    plans = next;
  }
}
