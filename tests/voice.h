// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_VOICE_H
#define PINNA_TESTS_VOICE_H

#include "tests/tap.h"

#include <sndfile.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// A recorded voice for tests, from data that is beside the checkout, or not

#ifndef PINNA_SHARED_DIR
#define PINNA_SHARED_DIR "../shared"
#endif
#define VOICE_RATE 8000U

/// Spoken digits "three eight one six seven five" of four speakers with a second between them, over
/// a faint noise that fills all of `voice` [n_max >= 10 s].
/// @param fallback The folder of shared data where PINNA_SHARED names none
/// @return Samples; 0: the recordings are not here
static inline uint32_t
voice_read(const char* const fallback, float* const voice, const uint32_t n_max) {
  static const char* const digits[] = {"3_jackson_7",  "8_lucas_12",  "1_george_4",
                                       "6_nicolas_20", "7_jackson_3", "5_nicolas_9"};
  const char* const        shared = getenv("PINNA_SHARED");
  unsigned                 seed = 5U;
  uint32_t                 n = VOICE_RATE / 2U;
  for (uint32_t i = 0U; i < n_max; ++i) {
    voice[i] = 1e-4F * tap_noise(&seed);
  }
  for (size_t i = 0U; i < sizeof(digits) / sizeof(digits[0]); ++i) {
    char    path[512];
    SF_INFO info = {0};
    float   sound[VOICE_RATE];
    snprintf(path, sizeof(path), "%s/data/fsdd/%s.wav", shared ? shared : fallback, digits[i]);
    SNDFILE* const file = sf_open(path, SFM_READ, &info);
    if (!file) {
      return 0U;
    }
    const sf_count_t got = sf_readf_float(file, sound, VOICE_RATE);
    sf_close(file);
    for (sf_count_t k = 0; k < got && n + k < n_max; ++k) {
      voice[n + k] += sound[k];
    }
    n += (uint32_t)got + VOICE_RATE;
  }
  n += VOICE_RATE / 2U;
  return n < n_max ? n : n_max;
}

#endif // PINNA_TESTS_VOICE_H
