// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/beam.h"
#include "dsp/stft.h"
#include "dsp/window.h"
#include "tests/scenes/array_scene.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The beamformer in rooms: what it gains with a perfect mask, by itself, and with bad microphones

/// Ratio mask of the target at microphone 0, frame by frame
typedef struct {
  float*   mask;
  uint32_t n_bins;
  uint32_t n_frames;
  uint32_t at;
} Oracle;

static PinnaStatus
build_stft(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_stft_init((PinnaStft**)object, arena, (const PinnaStftConfig*)config);
}

static PinnaStatus
build_beam(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_beam_init((PinnaBeam**)object, arena, (const PinnaBeamConfig*)config);
}

static void
collect(void* const handle, float complex* const* const bins) {
  Oracle* const o = (Oracle*)handle;
  for (uint32_t k = 0U; k < o->n_bins; ++k) {
    const float s = crealf(bins[0][k] * conjf(bins[0][k]));
    const float n = crealf(bins[1][k] * conjf(bins[1][k]));
    o->mask[(size_t)o->at * o->n_bins + k] = s / (s + n + 1e-20f);
  }
  ++o->at;
}

static void
answer(void* const handle, const float complex* const* const bins, float* const mask,
       const uint32_t n_bins) {
  Oracle* const  o = (Oracle*)handle;
  const uint32_t at = o->at < o->n_frames ? o->at : o->n_frames - 1U;
  (void)bins;
  memcpy(mask, o->mask + (size_t)at * n_bins, n_bins * sizeof(float));
  ++o->at;
}

static Oracle
make_oracle(const Scene* const scene, const uint32_t n_fft) {
  const PinnaStftConfig config = {.n_in = 2U,
                                  .n_fft = n_fft,
                                  .hop_length = n_fft / 4U,
                                  .window = {PINNA_WINDOW_SQRT_HANN, 0, 0}};
  Oracle                o = {.n_bins = n_fft / 2U + 1U};
  void*                 memory = NULL;
  void*                 object = NULL;
  float* const          noise = (float*)malloc(scene->n * sizeof(float));
  o.mask = (float*)malloc((4U * scene->n / n_fft + 2U) * o.n_bins * sizeof(float));
  for (size_t i = 0U; i < scene->n; ++i) {
    noise[i] = scene->mic[0][i] - scene->image[0][i];
  }
  const float* const in[2] = {scene->image[0], noise};
  if (!pinna_arena_build(&memory, &object, build_stft, &config)) {
    pinna_stft_run((PinnaStft*)object, in, NULL, (uint32_t)scene->n, collect, &o);
  }
  o.n_frames = o.at;
  o.at = 0U;
  free(noise);
  pinna_arena_free(memory);
  return o;
}

static double
degrees(const double x) {
  return x - 360.0 * floor((x + 180.0) / 360.0);
}

/// What is given to the beamformer beside the scene
typedef struct {
  PinnaBeamMode mode;
  PinnaBeamMask mask;
  double        azimuth;
  uint32_t      ear; ///< Microphone to compare with
} Setting;

/// Gain of SI-SDR over microphone 0 [dB], from 1 s after the talker begins
static double
gain(const Scene* const scene, const Setting setting) {
  const PinnaBeamConfig config = {scene->n_mics, SCENE_RATE};
  void*                 memory = NULL;
  void*                 object = NULL;
  if (pinna_arena_build(&memory, &object, build_beam, &config)) {
    return -99.0;
  }
  PinnaBeam* const beam = (PinnaBeam*)object;
  PinnaBeamParams  params = pinna_beam_defaults(scene->n_mics);
  const uint32_t   latency = pinna_beam_latency(beam);
  Oracle           oracle = {NULL, 0U, 0U, 0U};
  params.mode = setting.mode;
  params.mask = setting.mask;
  params.azimuth = degrees(setting.azimuth);
  pinna_beam_set(beam, &params);
  if (setting.mask == PINNA_BEAM_MASK_EXTERNAL) {
    oracle = make_oracle(scene, latency);
    pinna_beam_set_mask(beam, answer, &oracle);
  }
  float* const out = (float*)malloc(scene->n * sizeof(float));
  float* const residual = (float*)malloc(scene->n * sizeof(float));
  pinna_beam_run(beam, (const float* const*)scene->mic, NULL, out, residual, (uint32_t)scene->n);
  const size_t from = scene->start + SCENE_RATE;
  const size_t n = scene->n - from - latency;
  const double after = scene_si_sdr(out + from + latency, scene->image[setting.ear] + from, n);
  const double before =
      scene_si_sdr(scene->mic[setting.ear] + from, scene->image[setting.ear] + from, n);
  free(out);
  free(residual);
  free(oracle.mask);
  pinna_arena_free(memory);
  return after - before;
}

static double
gain_of(const SceneConfig* const config, const Setting setting) {
  Scene scene;
  scene_make(&scene, config);
  const double db = gain(&scene, setting);
  scene_free(&scene);
  return db;
}

/// Perfect mask, blind and steered, all sizes, several talkers
static void
test_reference(const uint32_t n_talkers) {
  for (uint32_t m = 2U; m <= 8U; m *= 2U) {
    for (uint32_t talker = 0U; talker < n_talkers; ++talker) {
      for (int room = 0; room < 2; ++room) {
        SceneConfig config = scene_reference(m, room ? 0.75 : 0.0);
        config.talker = talker + m;
        config.seed = talker + 1U;
        config.seconds = 6.0;
        Scene scene;
        scene_make(&scene, &config);
        const Setting oracle = {PINNA_BEAM_SOUDEN, PINNA_BEAM_MASK_EXTERNAL, 60.0, 0U};
        const Setting blind = {PINNA_BEAM_SOUDEN, PINNA_BEAM_MASK_AUTO, 60.0, 0U};
        if (room) {
          tap_at_least(gain(&scene, oracle), 9.0, "%u mics, room, talker %u: perfect mask", m,
                       talker);
        }
        tap_at_least(gain(&scene, blind), room ? 4.0 : 8.0, "%u mics, %s, talker %u: blind", m,
                     room ? "room" : "anechoic", talker);
        if (!room) {
          const Setting steered = {PINNA_BEAM_STEERED, PINNA_BEAM_MASK_AUTO, 60.0, 0U};
          const double  db = gain(&scene, steered);
          tap_at_least(db, 6.0, "%u mics, anechoic, talker %u: geometry alone", m, talker);
        }
        scene_free(&scene);
      }
    }
  }
}

/// Random rooms: not worse than the reference microphone, also where somebody else talks in a
/// reverberant room and the array cannot tell them apart
static void
test_sweep(const uint32_t first, const uint32_t n_scenes) {
  static const uint32_t sizes[] = {2U, 4U, 8U};
  double                sum = 0.0;
  double                least = 99.0;
  uint32_t              n_below = 0U;
  for (uint32_t i = first; i < first + n_scenes; ++i) {
    const SceneConfig config = scene_random(sizes[i % 3U], i);
    const double      db =
        gain_of(&config, (Setting){PINNA_BEAM_SOUDEN, PINNA_BEAM_MASK_AUTO, config.azimuth, 0U});
    if (db < -0.005) {
      tap_diag("scene %u: %u mics, reflection %.2f, azimuth %.0f, %.1f dB, %u noises (kind %d at "
               "%.0f): %.2f dB",
               i, config.n_mics, config.beta, config.azimuth, config.snr, config.n_noises,
               (int)config.noise[0].kind, config.noise[0].azimuth, db);
    }
    sum += db;
    least = fmin(least, db);
    n_below += db < -0.005;
  }
  tap_diag("%u scenes: mean %.2f dB, least %.2f dB, %u below -0.005", n_scenes, sum / n_scenes,
           least, n_below);
  tap_at_least(least, -0.005, "nowhere worse than the reference in %u scenes", n_scenes);
}

/// Microphones that differ and are not where they should be keep 70 % of the gain
static void
test_mismatch(void) {
  for (uint32_t m = 2U; m <= 8U; m *= 2U) {
    SceneConfig   config = scene_reference(m, 0.75);
    const Setting blind = {PINNA_BEAM_SOUDEN, PINNA_BEAM_MASK_AUTO, 60.0, 0U};
    config.seconds = 6.0;
    const double good = gain_of(&config, blind);
    config.mismatch = 2.0;
    config.misplace = 0.005;
    tap_at_least(gain_of(&config, blind), 0.7 * good, "%u mics, 2 dB and 5 mm off: 70 %% of %.1f",
                 m, good);
  }
}

/// A microphone goes wrong half way: the rest of the scene is no worse than the reference
static void
test_faults(void) {
  static const char* const names[] = {"dead", "clipped", "swapped", "dead reference"};
  for (int fault = 0; fault < 4; ++fault) {
    SceneConfig config = scene_reference(4U, 0.75);
    config.seconds = 6.0;
    Scene scene;
    scene_make(&scene, &config);
    const size_t from = fault >= 2 ? 0U : 2U * SCENE_RATE;
    for (size_t i = from; i < scene.n; ++i) {
      float* const x = &scene.mic[fault == 3 ? 0 : 2][i];
      const float  other = scene.mic[3][i];
      scene.mic[3][i] = fault == 2 ? *x : other;
      *x = fault == 2 ? other : fault == 1 ? fminf(fmaxf(20.0f * *x, -0.3f), 0.3f) : 0.0f;
    }
    const Setting blind = {PINNA_BEAM_SOUDEN, PINNA_BEAM_MASK_AUTO, 60.0, fault == 3 ? 1U : 0U};
    const Setting self = {PINNA_BEAM_RTF, PINNA_BEAM_MASK_PRESENCE, 60.0, 0U};
    tap_at_least(gain(&scene, blind), 2.0, "a %s microphone: still a gain", names[fault]);
    if (fault == 2) {
      tap_at_least(gain(&scene, self), 4.0, "swapped microphones: self-calibrating still works");
      const Setting steered = {PINNA_BEAM_STEERED, PINNA_BEAM_MASK_PRESENCE, 60.0, 0U};
      tap_at_least(gain(&scene, steered), -0.1, "swapped microphones: steered falls back");
    }
    scene_free(&scene);
  }
}

/// With two arguments: only the sweep, over SEED to SEED + COUNT - 1
int
main(const int argc, char** const argv) {
  if (argc == 3) {
    test_sweep((uint32_t)strtoul(argv[1], NULL, 10), (uint32_t)strtoul(argv[2], NULL, 10));
    return tap_done();
  }
  const bool long_run = getenv("PINNA_LONG") != NULL;
  test_reference(long_run ? 6U : 1U);
  test_mismatch();
  test_faults();
  test_sweep(0U, long_run ? 100U : 12U);
  if (long_run) { // Not those that the limits of doubt were found with
    test_sweep(7000U, 90U);
  }
  return tap_done();
}
