// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/scenes/voices.h"

#include <stdio.h>
#include <stdlib.h>

// Writes what tools/train/babble_gain.py learns from: talkers and babbles of others, raw floats

enum { N = 10 * SCENE_RATE };

static void
put(const char* const dir, const char* const kind, const char* const talker, const unsigned seed,
    const float* const x) {
  char path[600];
  snprintf(path, sizeof(path), "%s/%s_%s_%u.f32", dir, kind, talker, seed);
  FILE* const file = fopen(path, "wb");
  if (file) {
    fwrite(x, sizeof(float), N, file);
    fclose(file);
  }
}

/// `n_voices` recordings of the talkers, one after the other, all at once
static float*
babble_of(const char* const* const talkers, const uint32_t n_talkers, const uint32_t n_voices,
          const unsigned seed) {
  float* const x = (float*)calloc(N, sizeof(float));
  for (uint32_t i = 0U; i < n_voices; ++i) {
    float* const one = voices_load(talkers[i % n_talkers], seed * 31U + i + 500U, N);
    for (uint32_t k = 0U; one && k < N; ++k) {
      x[k] += one[(k + i * (SCENE_RATE / 3U + 7919U)) % N];
    }
    free(one);
  }
  return x;
}

int
main(const int argc, char** const argv) {
  const char* const dir = argc > 1 ? argv[1] : ".";
  const unsigned    n_seeds = argc > 2 ? (unsigned)atoi(argv[2]) : 3U;
  const char* const reader[] = {"lj"};
  for (uint32_t t = 0U; t < voices_n_talkers; ++t) {
    const char* const talker = voices_talkers[t];
    for (unsigned seed = 1U; seed <= n_seeds; ++seed) {
      float* const clean = voices_load(talker, seed, N);
      if (!clean) {
        printf("no recordings of %s\n", talker);
        continue;
      }
      const unsigned           other = seed + 100U * t;
      float* const             sounds[] = {clean, noise_make(NOISE_BABBLE, other, N, talker),
                                           babble_of(&talker, 1U, 6U, other),
                                           babble_of(reader, 1U, 6U, other + 7U),
                                           babble_of(voices_talkers, voices_n_talkers, 8U, other + 9U)};
      static const char* const kinds[] = {"clean", "bab", "same", "ljb", "all8"};
      for (uint32_t i = 0U; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
        put(dir, kinds[i], talker, seed, sounds[i]);
        free(sounds[i]);
      }
    }
  }
  return 0;
}
