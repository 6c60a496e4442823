// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/cpu.h"
#include "dsp/fft.h"
#include "dsp/fft_kernel.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Transforms against the defining sum in double precision, and planning from many threads

#define N_THREADS 8
#define N_SHARED 60U

static void*
buffer(const size_t bytes) {
  return aligned_alloc(PINNA_FFT_ALIGN,
                       (bytes + PINNA_FFT_ALIGN) / PINNA_FFT_ALIGN * PINNA_FFT_ALIGN);
}

static double complex
direct_bin(const float complex* const x, const uint32_t n, const uint64_t k) {
  double complex sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += x[i] * cexp(-2.0 * M_PI * I * (double)(k * i % n) / n);
  }
  return sum;
}

// Every bin of a short transform, some bins of a long one; error relative to the RMS of the bins
static double
bin_error(const float complex* const x, const float complex* const bins, const uint32_t n,
          const uint32_t n_bins) {
  double energy = 0.0;
  double worst = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    energy += pow(cabs(x[i]), 2.0);
  }
  for (uint32_t k = 0U; k<n_bins; k += n> 600U ? n / 37U : 1U) {
    worst = fmax(worst, cabs(bins[k] - direct_bin(x, n, k)));
  }
  return worst / sqrt(energy);
}

static void
test_complex(const uint32_t n, unsigned seed) {
  const PinnaFft* fft = NULL;
  if (!tap_int(pinna_fft_plan(&fft, PINNA_FFT_COMPLEX, n), PINNA_STATUS_OK, "complex %u plans",
               n)) {
    return;
  }

  float complex* const x = buffer(n * sizeof(float complex));
  float complex* const bins = buffer(n * sizeof(float complex));
  float complex* const back = buffer(n * sizeof(float complex));
  for (uint32_t i = 0U; i < n; ++i) {
    const float re = tap_noise(&seed);
    x[i] = re + I * tap_noise(&seed);
  }

  pinna_fft_forward(fft, x, bins);
  tap_at_most(bin_error(x, bins, n, n), 2e-6, "complex %u equals the direct sum", n);
  pinna_fft_inverse(fft, bins, back);
  double worst = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    worst = fmax(worst, cabsf(back[i] / (float)n - x[i]));
  }
  tap_at_most(worst, 2e-6, "complex %u comes back", n);
  free(x);
  free(bins);
  free(back);
}

static void
test_real(const uint32_t n, unsigned seed) {
  const PinnaFft* fft = NULL;
  if (!tap_int(pinna_fft_plan(&fft, PINNA_FFT_REAL, n), PINNA_STATUS_OK, "real %u plans", n)) {
    return;
  }

  const uint32_t       n_bins = pinna_fft_n_bins(fft);
  float* const         x = buffer(n * sizeof(float));
  float* const         back = buffer(n * sizeof(float));
  float complex* const bins = buffer(n_bins * sizeof(float complex));
  float complex* const wide = buffer(n * sizeof(float complex));
  double               energy = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
    wide[i] = x[i];
    energy += (double)x[i] * x[i];
  }

  pinna_fft_real_forward(fft, x, bins);
  double spectral = 0.0;
  for (uint32_t k = 0U; k < n_bins; ++k) {
    spectral += pow(cabs(bins[k]), 2.0) * (k && 2U * k != n ? 2.0 : 1.0);
  }
  tap_at_most(bin_error(wide, bins, n, n_bins), 2e-6, "real %u equals the direct sum", n);
  tap_near(spectral / n / energy, 1.0, 1e-6, "real %u keeps the energy (Parseval)", n);

  pinna_fft_real_inverse(fft, bins, back);
  for (uint32_t i = 0U; i < n; ++i) {
    back[i] /= (float)n;
  }
  tap_all_near(back, x, n, 2e-6, "real %u comes back", n);
  free(x);
  free(back);
  free(bins);
  free(wide);
}

// The pass of our own, compared between instruction sets on every length up to 200 pairs
static void
test_kernels(void) {
#if defined(__x86_64__)
  if (pinna_cpu_isa() < PINNA_ISA_AVX2) {
    tap_skip("no AVX2", "kernels agree");
    return;
  }

  float complex a[400];
  float complex b[400];
  float complex w[400];
  unsigned      seed = 77U;
  double        worst = 0.0;
  for (uint32_t h = 1U; h < 400U; ++h) {
    for (uint32_t k = 0U; k < h; ++k) {
      a[k] = tap_noise(&seed);
      a[k] = b[k] = a[k] + I * tap_noise(&seed);
      w[k] = cexpf(I * 3.0f * tap_noise(&seed));
    }
    pinna_fft_pairs_c(a, w, h, 0.5f);
    pinna_fft_pairs_avx2(b, w, h, 0.5f);
    for (uint32_t k = 0U; k < h; ++k) {
      worst = fmax(worst, cabsf(a[k] - b[k]));
    }
  }
  tap_at_most(worst, 1e-6, "kernels agree");
#endif
}

static void
test_refusals(void) {
  const PinnaFft* fft = NULL;
  tap_int(pinna_fft_plan(&fft, PINNA_FFT_REAL, 1U), PINNA_STATUS_BAD_ARG, "one sample is refused");
  tap_int(pinna_fft_plan(&fft, PINNA_FFT_REAL, PINNA_FFT_MAX_SIZE + 1U), PINNA_STATUS_BAD_ARG,
          "a huge length is refused");
  tap_int(pinna_fft_plan(&fft, (PinnaFftKind)7, 64U), PINNA_STATUS_BAD_ARG, "so is a kind unknown");
  tap_ok(!fft, "and gives no plan");
  tap_int(pinna_fft_read_wisdom("/nonexistent"), PINNA_STATUS_BAD_FILE, "no wisdom, no crash");
}

static void
test_wisdom(void) {
  char      path[] = "test-wisdom-XXXXXX";
  const int file = mkstemp(path);
  tap_ok(file >= 0, "a file for wisdom");
  close(file);
  tap_int(pinna_fft_write_wisdom(path, PINNA_FFT_REAL, 96U), PINNA_STATUS_OK, "wisdom is written");
  tap_int(pinna_fft_read_wisdom(path), PINNA_STATUS_OK, "and read");
  tap_int(pinna_fft_write_wisdom("/nonexistent/wisdom", PINNA_FFT_REAL, 96U), PINNA_STATUS_IO,
          "not where there is no folder");
  tap_int(pinna_fft_write_wisdom(path, PINNA_FFT_REAL, 0U), PINNA_STATUS_BAD_ARG,
          "not for nothing");
  unlink(path);
}

static void
test_realtime_flag(void) {
  const PinnaFft* fft = NULL;
  unsigned        refused = 0U;
  for (uint32_t n = 2U; n <= 65536U; n += 2U) {
    uint32_t rest = n;
    for (uint32_t p = 2U; p <= 5U; ++p) {
      while (rest % p == 0U) {
        rest /= p;
      }
    }
    if (rest == 1U) {
      refused += pinna_fft_plan(&fft, PINNA_FFT_REAL, n) || !pinna_fft_is_realtime(fft);
    }
  }
  tap_int(refused, 0, "every even 2^a 3^b 5^c up to 65536 is realtime");
  tap_ok(!pinna_fft_plan(&fft, PINNA_FFT_REAL, 1009U) && !pinna_fft_is_realtime(fft),
         "a large prime is not");
}

static const PinnaFft* seen[N_THREADS][N_SHARED];

static void*
plan_many(void* const handle) {
  const size_t thread = (size_t)handle;
  for (uint32_t i = 0U; i < N_SHARED; ++i) {
    const uint32_t n = 1000U + (i + (uint32_t)thread * 7U) % N_SHARED;
    if (pinna_fft_plan(&seen[thread][n - 1000U], n % 2U ? PINNA_FFT_REAL : PINNA_FFT_COMPLEX, n)) {
      return NULL;
    }
    // An earlier plan runs while the other threads are planning
    float complex* const a = buffer(n * sizeof(float complex));
    float complex* const b = buffer(n * sizeof(float complex));
    memset(a, 0, n * sizeof(float complex));
    if (n % 2U) {
      pinna_fft_real_forward(seen[thread][n - 1000U], (const float*)a, b);
    } else {
      pinna_fft_forward(seen[thread][n - 1000U], a, b);
    }
    free(a);
    free(b);
  }
  return handle;
}

static void
test_threads(void) {
  pthread_t threads[N_THREADS];
  for (size_t i = 0U; i < N_THREADS; ++i) {
    pthread_create(&threads[i], NULL, plan_many, (void*)i);
  }
  for (size_t i = 0U; i < N_THREADS; ++i) {
    pthread_join(threads[i], NULL);
  }

  unsigned missing = 0U;
  unsigned different = 0U;
  for (size_t i = 0U; i < N_THREADS; ++i) {
    for (uint32_t k = 0U; k < N_SHARED; ++k) {
      missing += !seen[i][k];
      different += seen[i][k] != seen[0][k];
    }
  }
  tap_int(missing, 0, "%d threads plan %u lengths at once", N_THREADS, N_SHARED);
  tap_int(different, 0, "and share one plan for each");
}

int
main(void) {
  static const uint32_t sizes[] = {2U,   3U,   4U,   5U,   7U,   16U,   17U,   31U,   97U,
                                   100U, 127U, 243U, 400U, 512U, 1001U, 1009U, 1024U, 4096U};
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    test_real(sizes[i], 1U + (unsigned)i);
    test_complex(sizes[i], 1001U + (unsigned)i);
  }
  for (uint32_t n = 2U; n < 70U; ++n) {
    test_real(n, n);
  }
  test_real(65536U, 7U);
  test_kernels();
  test_threads();
  test_realtime_flag();
  test_wisdom();
  test_refusals();
  return tap_done();
}
