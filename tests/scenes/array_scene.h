// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_SCENES_ARRAY_SCENE_H
#define PINNA_TESTS_SCENES_ARRAY_SCENE_H

#include "tests/scenes/voices.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Microphone arrays in simulated rooms: image sources, recorded or synthetic talkers, interferers

#define SCENE_MAX_MICS 8U
#define SCENE_MAX_NOISES 3U

typedef enum {
  SCENE_PINK = 0,
  SCENE_WHITE,
  SCENE_BABBLE, ///< Six talkers at one place
  SCENE_SPEECH, ///< One talker
  SCENE_N_KINDS
} SceneKind;

typedef struct {
  SceneKind kind;
  double    azimuth;  ///< Degrees, from the array's centre
  double    distance; ///< Metres
  double    gain;     ///< Re the others, 1: the same power at the source
} SceneNoise;

typedef struct {
  uint32_t   n_mics;   ///< 2 and 4: a line of 5 cm spacing along x; 8: a circle of 5 cm
  double     beta;     ///< Reflection of all walls, 0 = anechoic
  double     azimuth;  ///< Of the talker
  double     distance; ///< Of the talker [m]
  SceneNoise noise[SCENE_MAX_NOISES];
  uint32_t   n_noises;
  double     snr;       ///< Of the images at microphone 0 [dB]
  double     sensor;    ///< Sensor noise re the target's rms
  double     lead;      ///< Seconds without the talker
  double     seconds;   ///< In all
  double     mismatch;  ///< Gains of the microphones differ by up to this [dB]
  double     misplace;  ///< Microphones are misplaced by this [m]
  double     room[3];   ///< Metres, or 0: 6 x 5 x 3
  double     centre[3]; ///< Of the array, or 0: (3, 2.4, 1.4)
  uint32_t   talker;    ///< Which voice
  unsigned   seed;
} SceneConfig;

typedef struct {
  uint32_t n_mics;
  size_t   n;                     ///< Samples per signal
  size_t   start;                 ///< First sample of the talker
  float*   mic[SCENE_MAX_MICS];   ///< What the microphones hear
  float*   image[SCENE_MAX_MICS]; ///< The talker alone, reverberant
  double   at[SCENE_MAX_MICS][3]; ///< Nominal places re the centre [m]
} Scene;

/// Talker at 60 degrees, pink noise at 135, white at 10, 0.4 dB: beta 0 (anechoic) or 0.75 (a
/// reverberation time of 0.26 s)
SceneConfig scene_reference(uint32_t n_mics, double beta);

/// Random places, room, talkers and one or two interferers of any kind
SceneConfig scene_random(uint32_t n_mics, unsigned seed);

void scene_make(Scene* scene, const SceneConfig* config);
void scene_free(Scene* scene);

/// Nominal places of `n_mics` microphones
void scene_array(double at[SCENE_MAX_MICS][3], uint32_t n_mics);

/// Scale-invariant SDR of y against s [n] in dB
double scene_si_sdr(const float* y, const float* s, size_t n);

#endif // PINNA_TESTS_SCENES_ARRAY_SCENE_H
