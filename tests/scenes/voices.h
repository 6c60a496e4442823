// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_SCENES_VOICES_H
#define PINNA_TESTS_SCENES_VOICES_H

#include <stdbool.h>
#include <stdint.h>

// Recorded talkers from Debian's voice packages and ../shared/data, and noises made of a seed

/// Rate of everything here [Hz]
#define SCENE_RATE 48000U

/// Talkers that a scene can ask for; those not installed do not load
extern const char* const voices_talkers[];
extern const uint32_t    voices_n_talkers;

/// `n` samples of one talker: sentences in an order given by the seed, with short pauses, between
/// them, at an rms of 0.05. Free with free().
/// @return NULL: not installed
float* voices_load(const char* talker, unsigned seed, uint32_t n);

typedef enum {
  NOISE_WHITE = 0,
  NOISE_PINK,        ///< -3 dB per octave
  NOISE_PINK_RISING, ///< The same, 6 dB louder at the end than at the beginning, evenly in dB
  NOISE_BABBLE,      ///< Six talkers at once
  NOISE_MUSIC,       ///< Asterisk's music on hold
  NOISE_RECORDED,    ///< ../shared/data/noise/freesound_573577.wav
  NOISE_N_KINDS
} NoiseKind;

const char* noise_name(NoiseKind kind);

/// `n` samples. Free with free().
/// @param but Talker that does not take part in babble
/// @return NULL: no talkers for babble, or no such recording
float* noise_make(NoiseKind kind, unsigned seed, uint32_t n, const char* but);

/// `n` samples of `n_voices` recordings at once, of the talkers in turn. Free with free().
/// @return NULL: none of them installed
float* babble_make(const char* const* talkers, uint32_t n_talkers, uint32_t n_voices, unsigned seed,
                   uint32_t n);

/// mix = clean + noise at an SNR over the whole; `noise` is scaled in place
void scene_mix(const float* clean, float* noise, float* mix, uint32_t n, double snr_db);

#endif // PINNA_TESTS_SCENES_VOICES_H
