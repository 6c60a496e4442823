// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/spectrogram.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// Whole signals there and back, on heap buffers of the exact size; parity with torch is tested in
// test_spectrogram_torch.py

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_spectrogram_init((PinnaSpectrogram**)object, arena,
                                (const PinnaSpectrogramConfig*)config);
}

static void
test_round_trip(const PinnaSpectrogramConfig config, const size_t n) {
  void* memory = NULL;
  void* object = NULL;
  tap_int(pinna_arena_build(&memory, &object, build, &config), PINNA_STATUS_OK,
          "%u/%u/%u pad %u mode %d of %zu builds", config.n_fft, config.win_length,
          config.hop_length, config.pad, (int)config.pad_mode, n);
  PinnaSpectrogram* const self = (PinnaSpectrogram*)object;
  const size_t            n_frames = pinna_spectrogram_n_frames(self, n);
  const size_t            n_values = n_frames * pinna_spectrogram_n_bins(self);
  float* const            x = calloc(n, sizeof(float));
  float* const            back = calloc(n, sizeof(float));
  float* const            energy = calloc(n_values, sizeof(float));
  float complex* const    bins = calloc(n_values, sizeof(float complex));
  unsigned                seed = (unsigned)n;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
  }

  tap_int(pinna_spectrogram_forward(self, x, n, bins), PINNA_STATUS_OK, "%zu frames", n_frames);
  tap_int(pinna_spectrogram_power(self, x, n, 2.0f, energy), PINNA_STATUS_OK, "energies");
  double worst = 0.0;
  for (size_t i = 0U; i < n_values; ++i) {
    const double p = pow(cabs(bins[i]), 2.0);
    worst = fmax(worst, fabs(energy[i] - p) / fmax(p, 1.0));
  }
  tap_at_most(worst, 1e-5, "energies are squared magnitudes");

  tap_int(pinna_spectrogram_inverse(self, bins, n_frames, n, back), PINNA_STATUS_OK, "inverse");
  const size_t reached = (n_frames - 1U) * config.hop_length;
  tap_all_near(back, x, reached < n ? reached : n, 1e-5, "gives the signal");
  free(x);
  free(back);
  free(energy);
  free(bins);
  pinna_arena_free(memory);
}

static void
test_arena(void) {
  const PinnaSpectrogramConfig config = pinna_spectrogram_config(60U);
  PinnaArena                   measure = pinna_arena_measuring();
  PinnaSpectrogram*            self = NULL;
  tap_int(pinna_spectrogram_init(&self, &measure, &config), PINNA_STATUS_OK, "measuring succeeds");
  void* const block = aligned_alloc(PINNA_ARENA_ALIGN, measure.used);
  size_t      refused = 0U;
  for (size_t size = 0U; size < measure.used; ++size) {
    PinnaArena arena = pinna_arena_over(block, size);
    refused += pinna_spectrogram_init(&self, &arena, &config) == PINNA_STATUS_NO_MEM && !self;
  }
  tap_int((long long)refused, (long long)measure.used, "every smaller arena is refused");
  free(block);
}

int
main(void) {
  static const uint32_t shapes[][3] = {
      {400U, 400U, 160U}, {401U, 300U, 75U}, {97U, 97U, 24U}, {1024U, 1000U, 250U}, {2U, 2U, 1U}};
  for (size_t i = 0U; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
    for (int mode = 0; mode <= PINNA_PAD_CIRCULAR; ++mode) {
      PinnaSpectrogramConfig config = pinna_spectrogram_config(shapes[i][0]);
      config.win_length = shapes[i][1];
      config.hop_length = shapes[i][2];
      config.window.kind = PINNA_WINDOW_HAMMING;
      config.pad_mode = (PinnaPadMode)mode;
      config.pad = 3U * (uint32_t)mode;
      config.onesided = mode % 2 == 0;
      config.normalized = (PinnaNormalized)(mode % 3);
      test_round_trip(config, config.n_fft / 2U + 1U);
      test_round_trip(config, 2500U + 37U * (size_t)mode);
    }
  }
  test_arena();
  return tap_done();
}
