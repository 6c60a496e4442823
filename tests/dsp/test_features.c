// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/centroid.h"
#include "dsp/cepstrum.h"
#include "dsp/griffinlim.h"
#include "dsp/kaldi_features.h"
#include "dsp/pitch_shift.h"
#include "tests/tap.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// Features and phases on heap buffers of the exact size, for the sanitizers, and every smaller
// arena; what they equal is tested in test_features_torch.py, test_kaldi_torch.py and
// test_phase_torch.py

static float*
new_noise(const size_t n) {
  float* const x = calloc(n, sizeof(float));
  unsigned     seed = (unsigned)n;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = tap_noise(&seed);
  }
  return x;
}

static void
check_finite(float* const x, const size_t n, const char* const name) {
  size_t bad = 0U;
  for (size_t i = 0U; i < n; ++i) {
    bad += !isfinite(x[i]);
  }
  tap_int((long long)bad, 0, "%s: %zu values, all finite", name, n);
  free(x);
}

/// Every smaller arena is refused, the exact one builds. @return The block, to be freed
static void*
build(const PinnaBuildFunc init, void** const object, const void* const config,
      const char* const name) {
  PinnaArena measure = pinna_arena_measuring();
  tap_int(init(object, &measure, config), PINNA_STATUS_OK, "%s: measures", name);
  void* const block = aligned_alloc(PINNA_ARENA_ALIGN, measure.used);
  size_t      refused = 0U;
  for (size_t i = 0U; i < 50U; ++i) {
    PinnaArena arena = pinna_arena_over(block, measure.used * i / 50U);
    refused += init(object, &arena, config) == PINNA_STATUS_NO_MEM && !*object;
  }
  tap_int((long long)refused, 50, "%s: smaller arenas are refused", name);
  PinnaArena arena = pinna_arena_over(block, measure.used);
  tap_int(init(object, &arena, config), PINNA_STATUS_OK, "%s: builds", name);
  return block;
}

static PinnaStatus
init_cepstrum(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_cepstrum_init((PinnaCepstrum**)object, arena, (const PinnaCepstrumConfig*)config);
}

static PinnaStatus
init_centroid(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_centroid_init((PinnaCentroid**)object, arena, (const PinnaCentroidConfig*)config);
}

static PinnaStatus
init_kaldi(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_kaldi_init((PinnaKaldi**)object, arena, (const PinnaKaldiConfig*)config);
}

static PinnaStatus
init_pitch(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_pitch_shift_init((PinnaPitchShift**)object, arena,
                                (const PinnaPitchShiftConfig*)config);
}

static PinnaStatus
init_spectrogram(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_spectrogram_init((PinnaSpectrogram**)object, arena,
                                (const PinnaSpectrogramConfig*)config);
}

static void
test_features(const uint32_t n_fft, const size_t n) {
  PinnaCepstrumConfig mfcc = pinna_mfcc_config(16000U);
  mfcc.bands.spectrogram = pinna_spectrogram_config(n_fft);
  const PinnaCentroidConfig centroid = {.spectrogram = mfcc.bands.spectrogram,
                                        .sample_rate = 16000U};
  float* const              x = new_noise(n);
  void*                     object = NULL;

  void*        block = build(init_cepstrum, &object, &mfcc, "MFCC");
  const size_t n_frames = pinna_cepstrum_n_frames((PinnaCepstrum*)object, n);
  float*       out = calloc(n_frames * 40U, sizeof(float));
  tap_int(pinna_cepstrum_run((PinnaCepstrum*)object, x, n, out), PINNA_STATUS_OK, "MFCC runs");
  check_finite(out, n_frames * 40U, "MFCC");
  free(block);

  block = build(init_centroid, &object, &centroid, "centroid");
  out = calloc(n_frames, sizeof(float));
  tap_int(pinna_centroid_run((PinnaCentroid*)object, x, n, out), PINNA_STATUS_OK, "centroid runs");
  check_finite(out, n_frames, "centroid");
  free(block);
  free(x);
}

static void
test_kaldi(const PinnaKaldiKind kind, const size_t n) {
  PinnaKaldiConfig config = pinna_kaldi_config(kind);
  config.snip_edges = n % 2U == 0U;
  config.dither = 1.0;
  config.use_energy = true;
  float* const x = new_noise(n);
  void*        object = NULL;
  void* const  block = build(init_kaldi, &object, &config, "Kaldi");
  const size_t n_values =
      pinna_kaldi_n_frames((PinnaKaldi*)object, n) * pinna_kaldi_n_cols((PinnaKaldi*)object);
  float* const out = calloc(n_values, sizeof(float));
  tap_int(pinna_kaldi_run((PinnaKaldi*)object, x, n, out), PINNA_STATUS_OK, "Kaldi %d runs",
          (int)kind);
  check_finite(out, n_values, "Kaldi");
  free(block);
  free(x);
}

static void
test_phases(const uint32_t n_fft, const size_t n) {
  PinnaSpectrogramConfig config = pinna_spectrogram_config(n_fft);
  config.hop_length = n_fft / 4U;
  PinnaGriffinLimConfig       griffin = pinna_griffinlim_config();
  const PinnaPitchShiftConfig pitch = {.sample_rate = 16000U, .n_steps = -3.5, .n_fft = n_fft};
  float* const                x = new_noise(n);
  void*                       object = NULL;
  void*                       block = build(init_spectrogram, &object, &config, "spectrogram");
  PinnaSpectrogram* const     spectrogram = (PinnaSpectrogram*)object;
  const size_t                n_frames = pinna_spectrogram_n_frames(spectrogram, n);
  const size_t                length = pinna_spectrogram_length(spectrogram, n_frames);
  float* const                power = calloc(n_frames * (n_fft / 2U + 1U), sizeof(float));
  float*                      out = calloc(length, sizeof(float));
  griffin.n_iter = 3U;
  pinna_spectrogram_power(spectrogram, x, n, 2.0f, power);
  tap_int(pinna_griffinlim_run(spectrogram, &griffin, power, n_frames, 0U, out), PINNA_STATUS_OK,
          "Griffin-Lim runs");
  check_finite(out, length, "Griffin-Lim");
  free(power);
  free(block);

  block = build(init_pitch, &object, &pitch, "pitch shifter");
  out = calloc(n, sizeof(float));
  tap_int(pinna_pitch_shift_run((PinnaPitchShift*)object, x, n, out), PINNA_STATUS_OK,
          "pitch shifter runs");
  check_finite(out, n, "pitch shifter");
  free(block);
  free(x);
}

int
main(void) {
  test_features(400U, 4001U);
  test_features(194U, 1003U);
  test_features(401U, 2000U);
  for (int kind = 0; kind <= PINNA_KALDI_MFCC; ++kind) {
    test_kaldi((PinnaKaldiKind)kind, 3001U);
    test_kaldi((PinnaKaldiKind)kind, 400U);
  }
  test_phases(512U, 4567U);
  test_phases(254U, 1234U);
  return tap_done();
}
