// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/beam.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "dsp/array.h"
#include "dsp/beam_impl.h"
#include "dsp/beam_kernel.h"
#include "dsp/stft.h"
#include "dsp/window.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Checking and memory

PinnaBeamParams
pinna_beam_defaults(const uint32_t n_mics) {
  PinnaBeamParams params = {
      .width = 20.0,
      .memory = 1.0,
      .wng_floor = -30.0,
      .mu = 5.0,
      .speed = 343.0,
      .azimuth = 90.0,
  };
  if (n_mics == 8U) {
    pinna_array_circle(&params.array, n_mics, 0.05);
  } else {
    pinna_array_line(&params.array, n_mics, 0.05);
  }
  return params;
}

static const PinnaBeamKernel*
best_kernel(void) {
#if defined(__x86_64__)
  switch (pinna_cpu_isa()) {
  case PINNA_ISA_AVX512:
    return &pinna_beam_kernel_avx512;
  case PINNA_ISA_AVX2:
    return &pinna_beam_kernel_avx2;
  default:
    break;
  }
#endif
  return &pinna_beam_kernel_c;
}

static void
take_bins(PinnaBeamBins* const bins, PinnaArena* const arena) {
  const size_t   n = (size_t)bins->n_blocks * PINNA_BEAM_LANES;
  double** const vectors[] = {&bins->y, &bins->z, &bins->steer, &bins->eigen, &bins->weight};
  double** const matrices[] = {&bins->inverse, &bins->noise, &bins->target};
  double** const scalars[] = {&bins->t,    &bins->xi,      &bins->beta,    &bins->steered,
                              &bins->gain, &bins->alpha_n, &bins->alpha_s, &bins->absent,
                              &bins->norm, &bins->load};
  for (size_t i = 0U; i < sizeof(vectors) / sizeof(vectors[0]); ++i) {
    *vectors[i] = PINNA_TAKE(arena, n * 2U * bins->n_mics, double);
  }
  for (size_t i = 0U; i < sizeof(matrices) / sizeof(matrices[0]); ++i) {
    *matrices[i] = PINNA_TAKE(arena, n * bins->n_mics * bins->n_mics, double);
  }
  for (size_t i = 0U; i < sizeof(scalars) / sizeof(scalars[0]); ++i) {
    *scalars[i] = PINNA_TAKE(arena, n, double);
  }
  bins->e = PINNA_TAKE(arena, 2U * n, double);
}

static void
take_all(PinnaBeam* const beam, PinnaArena* const arena) {
  const size_t n = beam->n_padded;
  take_bins(&beam->bins, arena);
  beam->scan.steer =
      PINNA_TAKE(arena, (size_t)BEAM_N_DIRECTIONS * 2U * beam->n_mics * BEAM_N_SCAN, float);
  beam->scan.phase = PINNA_TAKE(arena, 2U * (size_t)beam->n_mics * BEAM_N_SCAN, float);
  beam->scan.sector = PINNA_TAKE(arena, 2U * (size_t)beam->n_mics * BEAM_N_SCAN, float);
  beam->mask = PINNA_TAKE(arena, n, float);
  beam->key_floor = PINNA_TAKE(arena, n, float);
  beam->out_noise = PINNA_TAKE(arena, n, float);
  beam->out_ratio = PINNA_TAKE(arena, n, float);
  beam->smooth = PINNA_TAKE(arena, n, float);
  beam->evidence = PINNA_TAKE(arena, n, double);
  beam->evidence_s = PINNA_TAKE(arena, n, double);
  beam->helped = PINNA_TAKE(arena, n, double);
  beam->spent = PINNA_TAKE(arena, n, double);
  beam->away = PINNA_TAKE(arena, n, double);
  beam->blend = PINNA_TAKE(arena, n, double);
}

PinnaStatus
pinna_beam_init(PinnaBeam** const beam, PinnaArena* const arena,
                const PinnaBeamConfig* const config) {
  *beam = NULL;
  if (config->n_mics < 2U || config->n_mics > PINNA_ARRAY_MAX ||
      !(config->rate >= 8000.0 && config->rate <= 192000.0)) {
    return PINNA_STATUS_BAD_ARG;
  }
  const uint32_t n_fft = 1U << (uint32_t)lrint(log2(1024.0 * config->rate / 48000.0));
  PinnaBeam      parts = {
           .n_mics = config->n_mics,
           .n_bins = n_fft / 2U + 1U,
           .rate = config->rate,
           .hop = n_fft / 4U,
           .kernel = best_kernel(),
  };
  parts.bins.n_mics = config->n_mics;
  parts.bins.n_blocks = (parts.n_bins + PINNA_BEAM_LANES - 1U) / PINNA_BEAM_LANES;
  parts.n_padded = parts.bins.n_blocks * PINNA_BEAM_LANES;

  // 300 Hz to 5 kHz: wide enough for small arrays, below what few sounds have
  const double hz = config->rate / (double)n_fft;
  const double top = fmin(5000.0, 0.45 * config->rate);
  parts.scan.first = (uint32_t)ceil(300.0 / hz);
  parts.scan.every = (uint32_t)fmax(1.0, (top / hz - parts.scan.first) / BEAM_N_SCAN);

  PinnaBeam* const self = PINNA_TAKE(arena, 1U, PinnaBeam);
  take_all(&parts, arena);
  const PinnaStftConfig stft = {
      .n_in = config->n_mics + 1U,
      .n_out = 2U,
      .n_fft = n_fft,
      .hop_length = parts.hop,
      .window = {.kind = PINNA_WINDOW_SQRT_HANN},
  };
  const PinnaStatus status = pinna_stft_init(&parts.stft, arena, &stft);
  if (status) {
    return status;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *self = parts;
  const PinnaBeamParams params = pinna_beam_defaults(config->n_mics);
  pinna_beam_set(self, &params);
  pinna_beam_reset(self);
  *beam = self;
  return PINNA_STATUS_OK;
}
