// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mvdr.h"

#include "base/cpu.h"
#include "base/status.h"
#include "dsp/hermitian.h"
#include "dsp/mvdr_kernel.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Bin by bin; the small systems are in dsp/hermitian.h

#define MAX_CH PINNA_MVDR_MAX_CHANNELS
#define BLOCK 256U ///< Frames of all channels that stay in the first cache

static const PinnaMvdrKernel*
best_kernel(void) {
#if defined(__x86_64__)
  const PinnaIsa isa = pinna_cpu_isa();
  return isa >= PINNA_ISA_AVX512 ? &pinna_mvdr_kernel_avx512
         : isa == PINNA_ISA_AVX2 ? &pinna_mvdr_kernel_avx2
                                 : &pinna_mvdr_kernel_c;
#else
  return &pinna_mvdr_kernel_c;
#endif
}

PinnaMvdrConfig
pinna_mvdr_config(const uint32_t n_ch, const uint32_t n_freq) {
  return (PinnaMvdrConfig){
      .n_ch = n_ch, .n_freq = n_freq, .diagonal_loading = true, .diag_eps = 1e-7, .eps = 1e-8};
}

static bool
is_valid(const PinnaMvdrConfig* const c) {
  return c->n_ch && c->n_ch <= MAX_CH && c->reference < c->n_ch;
}

/// Lower triangle of one bin's density, from block to block
static void
add_products(const PinnaMvdrKernel* const kernel, const double* const* const x, const uint32_t n_ch,
             const double* const mask, const size_t n_time, double* const sums) {
  for (size_t t = 0U; t < n_time; t += BLOCK) {
    const size_t  n = n_time - t < BLOCK ? n_time - t : BLOCK;
    const double* at[MAX_CH];
    double        one[BLOCK];
    for (uint32_t c = 0U; c < n_ch; ++c) {
      at[c] = x[c] + 2U * t;
    }
    for (size_t i = 0U; !mask && i < n; ++i) {
      one[i] = 1.0;
    }
    for (uint32_t c = 0U; c < n_ch; ++c) {
      kernel->products(at[c], at, c + 1U, mask ? mask + t : one, n, sums + (size_t)c * 2U * n_ch);
    }
  }
}

static double
mask_scale(const double* const mask, const size_t n_time, const bool normalize, const double eps) {
  double sum = 0.0;
  for (size_t t = 0U; mask && t < n_time; ++t) {
    sum += mask[t];
  }
  return mask && normalize ? 1.0 / (sum + eps) : 1.0;
}

PinnaStatus
pinna_mvdr_psd(const double complex* const spectrum, const double* const mask, const uint32_t n_ch,
               const uint32_t n_freq, const size_t n_time, const bool normalize, const double eps,
               double complex* const psd) {
  if (!n_ch || n_ch > MAX_CH) {
    return PINNA_STATUS_BAD_ARG;
  }

  const PinnaMvdrKernel* const kernel = best_kernel();
  for (uint32_t f = 0U; f < n_freq; ++f) {
    const double* const m = mask ? mask + f * n_time : NULL;
    const double*       x[MAX_CH];
    double              sums[2U * MAX_CH * MAX_CH] = {0};
    for (uint32_t c = 0U; c < n_ch; ++c) {
      x[c] = (const double*)(spectrum + ((size_t)c * n_freq + f) * n_time);
    }
    add_products(kernel, x, n_ch, m, n_time, sums);
    const double          scale = mask_scale(m, n_time, normalize, eps);
    double complex* const to = psd + (size_t)f * n_ch * n_ch;
    for (uint32_t c = 0U; c < n_ch; ++c) {
      for (uint32_t e = 0U; e <= c; ++e) {
        const double* const  sum = sums + 2U * ((size_t)c * n_ch + e);
        const double complex value = scale * (sum[0] + I * (c == e ? 0.0 : sum[1]));
        to[c * n_ch + e] = value;
        to[e * n_ch + c] = conj(value);
      }
    }
  }
  return PINNA_STATUS_OK;
}

/// A bin's noise density as it is inverted
static void
load_noise(const PinnaMvdrConfig* const c, const double complex* const psd,
           double complex* const out) {
  const uint32_t n = c->n_ch;
  memcpy(out, psd, (size_t)n * n * sizeof(double complex));
  if (c->diagonal_loading) {
    double trace = 0.0;
    for (uint32_t i = 0U; i < n; ++i) {
      trace += creal(psd[i * n + i]);
    }
    for (uint32_t i = 0U; i < n; ++i) {
      out[i * n + i] += trace * c->diag_eps + 1e-8;
    }
  }
}

PinnaStatus
pinna_mvdr_weights_souden(const PinnaMvdrConfig* const config, const double complex* const psd_s,
                          const double complex* const psd_n, double complex* const weights) {
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const uint32_t n = config->n_ch;
  for (uint32_t f = 0U; f < config->n_freq; ++f) {
    double complex noise[MAX_CH * MAX_CH];
    double complex ratio[MAX_CH * MAX_CH];
    load_noise(config, psd_n + (size_t)f * n * n, noise);
    memcpy(ratio, psd_s + (size_t)f * n * n, (size_t)n * n * sizeof(double complex));
    pinna_hermitian_solve(noise, n, ratio, n);
    double complex trace = config->eps;
    for (uint32_t i = 0U; i < n; ++i) {
      trace += ratio[i * n + i];
    }
    for (uint32_t i = 0U; i < n; ++i) {
      weights[(size_t)f * n + i] = ratio[i * n + config->reference] / trace;
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_mvdr_weights_rtf(const PinnaMvdrConfig* const config, const double complex* const rtf,
                       const double complex* const psd_n, const bool scale_to_reference,
                       double complex* const weights) {
  if (!is_valid(config)) {
    return PINNA_STATUS_BAD_ARG;
  }

  const uint32_t n = config->n_ch;
  for (uint32_t f = 0U; f < config->n_freq; ++f) {
    const double complex* const v = rtf + (size_t)f * n;
    double complex* const       w = weights + (size_t)f * n;
    double complex              noise[MAX_CH * MAX_CH];
    load_noise(config, psd_n + (size_t)f * n * n, noise);
    memcpy(w, v, n * sizeof(double complex));
    pinna_hermitian_solve(noise, n, w, 1U);
    double power = config->eps;
    for (uint32_t i = 0U; i < n; ++i) {
      power += creal(conj(v[i]) * w[i]);
    }
    const double complex scale =
        scale_to_reference ? conj(v[config->reference]) / power : 1.0 / power;
    for (uint32_t i = 0U; i < n; ++i) {
      w[i] *= scale;
    }
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_mvdr_rtf_evd(const double complex* const psd_s, const uint32_t n_ch, const uint32_t n_freq,
                   double complex* const rtf) {
  if (!n_ch || n_ch > MAX_CH) {
    return PINNA_STATUS_BAD_ARG;
  }

  for (uint32_t f = 0U; f < n_freq; ++f) {
    double complex a[MAX_CH * MAX_CH];
    memcpy(a, psd_s + (size_t)f * n_ch * n_ch, (size_t)n_ch * n_ch * sizeof(double complex));
    pinna_hermitian_principal(a, n_ch, rtf + (size_t)f * n_ch);
  }
  return PINNA_STATUS_OK;
}

static void
multiply(const double complex* const a, const uint32_t n, double complex* const v) {
  double complex out[MAX_CH];
  for (uint32_t i = 0U; i < n; ++i) {
    out[i] = 0.0;
    for (uint32_t k = 0U; k < n; ++k) {
      out[i] += a[i * n + k] * v[k];
    }
  }
  memcpy(v, out, n * sizeof(double complex));
}

PinnaStatus
pinna_mvdr_rtf_power(const PinnaMvdrConfig* const config, const double complex* const psd_s,
                     const double complex* const psd_n, const uint32_t n_iter,
                     double complex* const rtf) {
  if (!is_valid(config) || !n_iter) {
    return PINNA_STATUS_BAD_ARG;
  }

  const uint32_t n = config->n_ch;
  for (uint32_t f = 0U; f < config->n_freq; ++f) {
    const double complex* const speech = psd_s + (size_t)f * n * n;
    double complex* const       v = rtf + (size_t)f * n;
    double complex              noise[MAX_CH * MAX_CH];
    double complex              factors[MAX_CH * MAX_CH];
    double complex              ratio[MAX_CH * MAX_CH];
    load_noise(config, psd_n + (size_t)f * n * n, noise);
    memcpy(factors, noise, sizeof(factors[0]) * n * n);
    memcpy(ratio, speech, sizeof(ratio[0]) * n * n);
    pinna_hermitian_solve(factors, n, ratio, n);
    for (uint32_t i = 0U; i < n; ++i) {
      v[i] = ratio[i * n + config->reference];
    }
    for (uint32_t i = 2U; i < n_iter; ++i) {
      multiply(ratio, n, v);
    }
    multiply(n_iter >= 2U ? speech : noise, n, v);
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_mvdr_apply(const double complex* const weights, const double complex* const spectrum,
                 const uint32_t n_ch, const uint32_t n_freq, const size_t n_time,
                 double complex* const out) {
  if (!n_ch || n_ch > MAX_CH) {
    return PINNA_STATUS_BAD_ARG;
  }

  const PinnaMvdrKernel* const kernel = best_kernel();
  for (uint32_t f = 0U; f < n_freq; ++f) {
    const double* x[MAX_CH];
    for (uint32_t c = 0U; c < n_ch; ++c) {
      x[c] = (const double*)(spectrum + ((size_t)c * n_freq + f) * n_time);
    }
    kernel->combine(x, (const double*)(weights + (size_t)f * n_ch), n_ch, n_time,
                    (double*)(out + f * n_time));
  }
  return PINNA_STATUS_OK;
}
