// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/vad.h"
#include "tests/rt_trap.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The detector on talkers in noise: how well its probability parts speech from pauses, and how soon
//
// A frame is speech if the clean recording's energy in it is within 30 dB of the talker's loud
// frames; frames between 30 and 40 dB are neither, and are left out.

enum { HOP = 480, SECONDS = 20, N = SECONDS * (int)SCENE_RATE, N_FRAMES = N / HOP };

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_vad_init((PinnaVad**)object, arena, (const PinnaVadConfig*)config);
}

static PinnaVad*
make_vad(void** const memory, const double rate) {
  const PinnaVadConfig config = {.sample_rate = rate};
  void*                object = NULL;
  if (pinna_arena_build(memory, &object, build, &config)) {
    tap_ok(false, "a detector at %g Hz builds", rate);
    exit(tap_done());
  }
  return (PinnaVad*)object;
}

static int
compare(const void* const a, const void* const b) {
  const float x = *(const float*)a;
  const float y = *(const float*)b;
  return (x > y) - (x < y);
}

/// 1: speech, 0: none, -1: between
static void
label(const float* const clean, int* const labels) {
  float* const db = (float*)calloc(2 * N_FRAMES, sizeof(float));
  for (int f = 0; f < N_FRAMES; ++f) {
    double sum = 1e-12;
    for (int i = 0; i < HOP; ++i) {
      sum += (double)clean[f * HOP + i] * (double)clean[f * HOP + i];
    }
    db[f] = db[N_FRAMES + f] = (float)(10.0 * log10(sum / HOP));
  }
  qsort(db + N_FRAMES, N_FRAMES, sizeof(float), compare);
  const float loud = db[N_FRAMES + N_FRAMES * 95 / 100];
  for (int f = 0; f < N_FRAMES; ++f) {
    labels[f] = db[f] > loud - 30.0f ? 1 : db[f] < loud - 40.0f ? 0 : -1;
  }
  free(db);
}

typedef struct {
  float score;
  int   label;
} Frame;

static int
compare_frames(const void* const a, const void* const b) {
  return compare(&((const Frame*)a)->score, &((const Frame*)b)->score);
}

/// Area under the ROC curve: how often a frame of speech scores above one without (Mann & Whitney)
static double
area(Frame* const frames, const int n) {
  qsort(frames, (size_t)n, sizeof(Frame), compare_frames);
  double rank_sum = 0.0;
  double n_speech = 0.0;
  for (int i = 0; i < n;) {
    int j = i;
    while (j < n && frames[j].score == frames[i].score) {
      ++j;
    }
    for (int k = i; k < j; ++k) {
      if (frames[k].label) {
        rank_sum += 0.5 * (i + 1 + j);
        n_speech += 1.0;
      }
    }
    i = j;
  }
  return (rank_sum - 0.5 * n_speech * (n_speech + 1.0)) / (n_speech * (n - n_speech));
}

/// Engine and tyres: noise that falls by 12 dB per octave above 100 Hz, with a hum
static void
make_car(float* const x, unsigned seed) {
  double a = 0.0;
  double b = 0.0;
  for (int i = 0; i < N; ++i) {
    a += 0.013 * ((double)tap_noise(&seed) - a);
    b += 0.013 * (a - b);
    x[i] = (float)(b + 0.004 * sin(2.0 * M_PI * 87.0 * i / SCENE_RATE));
  }
}

static double
measure(const float* const clean, float* const noise, const double snr_db) {
  float* const mix = (float*)calloc(N, sizeof(float));
  int* const   labels = (int*)calloc(N_FRAMES, sizeof(int));
  Frame* const frames = (Frame*)calloc(N_FRAMES, sizeof(Frame));
  void*        memory = NULL;
  PinnaVad*    vad = make_vad(&memory, SCENE_RATE);
  int          n = 0;
  scene_mix(clean, noise, mix, N, snr_db);
  label(clean, labels);
  for (int f = 0; f < N_FRAMES; ++f) {
    rt_trap_enter();
    pinna_vad_run(vad, mix + f * HOP, HOP);
    rt_trap_leave();
    if (labels[f] >= 0 && f >= 20) {
      frames[n++] = (Frame){pinna_vad_probability(vad), labels[f]};
    }
  }
  const double result = area(frames, n);
  pinna_arena_free(memory);
  free(mix);
  free(labels);
  free(frames);
  return result;
}

typedef struct {
  const char* name;
  NoiseKind   kind;  ///< NOISE_N_KINDS: the car
  double      least; ///< Area that every scene must reach; 0: only told
} Noise;

/// Steady noises decide. The others tell what else to expect, in a long run: music sings, and
/// babble is voices
static const Noise noises[] = {{"white", NOISE_WHITE, 0.95},
                               {"pink", NOISE_PINK, 0.95},
                               {"pink rising", NOISE_PINK_RISING, 0.95},
                               {"car", NOISE_N_KINDS, 0.95},
                               {"recorded", NOISE_RECORDED, 0.0},
                               {"music", NOISE_MUSIC, 0.0},
                               {"babble", NOISE_BABBLE, 0.0}};

enum { N_NOISES = sizeof(noises) / sizeof(noises[0]) };

/// Talkers that the detector's numbers were found with, and talkers that came after they were fixed
static const char* const known[] = {"en", "es", "fr", "it", "ru", "lj", "jackson", "george", NULL};
static const char* const held_out[] = {"lucas", "nicolas", "yweweler", NULL};

/// Least and mean area of one kind of noise
typedef struct {
  double least;
  double sum;
  int    n;
} Tally;

static void
test_talker(const char* const talker, const unsigned seed, Tally* const tallies) {
  float* const clean = voices_load(talker, seed + 40U, N);
  const bool   is_long = getenv("PINNA_LONG") != NULL;
  for (int k = 0; clean && k < N_NOISES; ++k) {
    const Noise* const kind = &noises[k];
    if (!is_long && kind->least == 0.0) {
      continue;
    }
    const unsigned roll = seed * 7U + (unsigned)talker[0];
    float* const   noise = kind->kind < NOISE_N_KINDS ? noise_make(kind->kind, roll, N, talker)
                                                      : (float*)calloc(N, sizeof(float));
    if (!noise) {
      continue;
    }
    if (kind->kind == NOISE_N_KINDS) {
      make_car(noise, roll);
    }
    const double auc = measure(clean, noise, 10.0);
    Tally* const tally = &tallies[k];
    if (kind->least > 0.0) {
      tap_at_least(auc, kind->least, "%s, %s noise at 10 dB, seed %u: area under the ROC curve",
                   talker, kind->name, seed);
    }
    tally->least = tally->n ? fmin(tally->least, auc) : auc;
    tally->sum += auc;
    ++tally->n;
    free(noise);
  }
  if (!clean) {
    tap_skip("not installed", "talker %s", talker);
  }
  free(clean);
}

static void
test_talkers(const char* const* const talkers, const char* const title) {
  const unsigned n_seeds = getenv("PINNA_LONG") ? 4U : 1U;
  Tally          tallies[N_NOISES] = {{0.0, 0.0, 0}};
  for (int t = 0; talkers[t]; ++t) {
    for (unsigned seed = 1U; seed <= n_seeds; ++seed) {
      test_talker(talkers[t], seed, tallies);
    }
  }
  for (int k = 0; k < N_NOISES; ++k) {
    if (tallies[k].n) {
      tap_diag("%s talkers, %s noise at 10 dB: area %.4f at least, %.4f in the mean of %d scenes",
               title, noises[k].name, tallies[k].least, tallies[k].sum / tallies[k].n,
               tallies[k].n);
    }
  }
}

/// A vowel-like buzz begins in noise at 10 dB: how long until activity
static void
test_onset(void) {
  double worst = 0.0;
  for (unsigned seed = 1U; seed <= 20U; ++seed) {
    void*     memory = NULL;
    PinnaVad* vad = make_vad(&memory, SCENE_RATE);
    unsigned  noise = seed;
    int       start = 2 * (int)SCENE_RATE + (int)seed * 37;
    int       found = -1;
    int       early = 0;
    for (int i = 0; i < start + (int)SCENE_RATE / 2 && found < 0; ++i) {
      double x = 0.02 * (double)tap_noise(&noise);
      for (int h = 1; h < 20 && i >= start; ++h) {
        x += 0.05 / h * sin(2.0 * M_PI * (100.0 + 10.0 * seed) * h * (i - start) / SCENE_RATE);
      }
      const float sample = (float)x;
      pinna_vad_run(vad, &sample, 1U);
      early += i > (int)SCENE_RATE && i < start && pinna_vad_is_active(vad);
      found = i >= start && pinna_vad_is_active(vad) ? i - start : -1;
    }
    worst = fmax(worst, found < 0 ? 1e9 : 1000.0 * found / SCENE_RATE);
    tap_int(early, 0, "noise alone, seed %u: not active", seed);
    pinna_arena_free(memory);
  }
  tap_at_most(worst, 30.0, "onset of a voice at 10 dB, in ms");
}

static void
test_rates(void) {
  static const double rates[] = {8000.0, 11025.0, 16000.0, 44100.0, 96000.0, 192000.0};
  for (size_t r = 0U; r < sizeof(rates) / sizeof(*rates); ++r) {
    void*     memory = NULL;
    PinnaVad* vad = make_vad(&memory, rates[r]);
    unsigned  seed = 3U;
    float     quiet = 0.0f;
    const int n = (int)(3.0 * rates[r]);
    for (int i = 0; i < n; ++i) {
      double x = 0.003 * (double)tap_noise(&seed);
      for (int h = 1; h < 20 && i > 2 * n / 3; ++h) {
        x += 0.03 / h * sin(2.0 * M_PI * 150.0 * h * i / rates[r]);
      }
      const float sample = (float)x;
      pinna_vad_run(vad, &sample, 1U);
      quiet = i < 2 * n / 3 && i > n / 3 ? fmaxf(quiet, pinna_vad_probability(vad)) : quiet;
    }
    tap_ok(quiet < 0.5f && pinna_vad_probability(vad) > 0.9f,
           "at %g Hz: %.3f in noise, %.3f in voice", rates[r], (double)quiet,
           (double)pinna_vad_probability(vad));
    pinna_arena_free(memory);
  }
  static const PinnaVadConfig bad[] = {{.sample_rate = 100.0},
                                       {.sample_rate = 48e3, .threshold = 2.0},
                                       {.sample_rate = 48e3, .n_fft = 64U}};
  for (size_t i = 0U; i < 3U; ++i) {
    void* memory = NULL;
    void* object = NULL;
    tap_int(pinna_arena_build(&memory, &object, build, &bad[i]), PINNA_STATUS_BAD_ARG,
            "refusal %zu", i);
  }
}

int
main(void) {
  test_talkers(known, "known");
  test_talkers(held_out, "held-out");
  test_onset();
  test_rates();
  tap_int(rt_trap_count(), 0, "listening asks nothing of heap, locks or kernel");
  return tap_done();
}
