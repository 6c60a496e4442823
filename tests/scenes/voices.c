// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/scenes/voices.h"

#include "tests/tap.h"

#include <dirent.h>
#include <math.h>
#include <samplerate.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Finds recordings, resamples them, strings them together

static const char sounds[] = "/usr/share/asterisk/sounds";

const char* const voices_talkers[] = {"en", "es", "fr", "it", "ru", "lj", "jackson", "george"};
const uint32_t    voices_n_talkers = sizeof(voices_talkers) / sizeof(voices_talkers[0]);

/// Paths of a talker's recordings
typedef struct {
  char**   path;
  uint32_t n;
} Paths;

static int
compare(const void* const a, const void* const b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

static Paths
list_dir(const char* const dir, const char* const part, const char* const end) {
  Paths      paths = {NULL, 0U};
  DIR* const d = opendir(dir);
  for (const struct dirent* e; d && (e = readdir(d));) {
    const size_t length = strlen(e->d_name);
    if (length > strlen(end) && !strcmp(e->d_name + length - strlen(end), end) &&
        strstr(e->d_name, part)) {
      char* const path = (char*)malloc(strlen(dir) + length + 2U);
      sprintf(path, "%s/%s", dir, e->d_name);
      paths.path = (char**)realloc(paths.path, (paths.n + 1U) * sizeof(char*));
      paths.path[paths.n++] = path;
    }
  }
  if (d) {
    closedir(d);
  }
  if (paths.n) {
    qsort(paths.path, paths.n, sizeof(char*), compare);
  }
  return paths;
}

static Paths
list_talker(const char* const talker) {
  char              dir[600];
  const char* const named = getenv("PINNA_SHARED");
  const char* const shared = named ? named : "../shared";
  if (!strcmp(talker, "lj")) {
    snprintf(dir, sizeof(dir), "%s/data/ljspeech", shared);
    Paths paths = list_dir(dir, "", ".flac");
    if (!paths.n) {
      snprintf(dir, sizeof(dir), "%s/data/ljspeech/wavs", shared);
      paths = list_dir(dir, "", ".flac");
    }
    return paths;
  }
  if (strlen(talker) > 2U) {
    char part[64];
    snprintf(dir, sizeof(dir), "%s/data/fsdd", shared);
    snprintf(part, sizeof(part), "_%s_", talker);
    return list_dir(dir, part, ".wav");
  }
  DIR* const d = opendir(sounds);
  dir[0] = '\0';
  for (const struct dirent* e; d && (e = readdir(d));) { // As in "es_MX_f_Allison"
    if (!strncmp(e->d_name, talker, 2U) && strlen(e->d_name) > 5U) {
      snprintf(dir, sizeof(dir), "%s/%s", sounds, e->d_name);
    }
  }
  if (d) {
    closedir(d);
  }
  return list_dir(dir, "", ".wav");
}

/// Append one recording at SCENE_RATE. Returns how many samples it wrote.
static uint32_t
append(const char* const path, float* const out, const uint32_t room) {
  SF_INFO        info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file || info.channels != 1 || info.frames < 2000 || info.frames > 2000000) {
    sf_close(file);
    return 0U;
  }
  const double ratio = (double)SCENE_RATE / info.samplerate;
  info.frames = (sf_count_t)fmin((double)info.frames, room / ratio + 256.0);
  float* const in = (float*)malloc((size_t)info.frames * sizeof(float));
  const size_t most = (size_t)((double)info.frames * ratio) + 64U;
  float* const up = (float*)malloc(most * sizeof(float));
  SRC_DATA     src = {.data_in = in, .data_out = up, .src_ratio = ratio};
  src.input_frames = sf_readf_float(file, in, info.frames);
  src.output_frames = (long)most;
  sf_close(file);
  src_simple(&src, SRC_SINC_MEDIUM_QUALITY, 1);
  const uint32_t made = (uint32_t)src.output_frames_gen;
  const uint32_t n = made < room ? made : room;
  memcpy(out, up, n * sizeof(float));
  free(in);
  free(up);
  return n;
}

static unsigned
draw(unsigned* const seed) {
  return (unsigned)((tap_noise(seed) * 0.5f + 0.5f) * 16777216.0f);
}

static void
set_rms(float* const x, const uint32_t n, const double rms) {
  double sum = 1e-30;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  const float gain = (float)(rms / sqrt(sum / n));
  for (uint32_t i = 0U; i < n; ++i) {
    x[i] *= gain;
  }
}

float*
voices_load(const char* const talker, unsigned seed, const uint32_t n) {
  Paths paths = list_talker(talker);
  if (!paths.n) {
    return NULL;
  }
  float* const x = (float*)calloc(n, sizeof(float));
  seed = seed * 7919U + 17U;
  draw(&seed);
  for (uint32_t at = SCENE_RATE / 5U, tries = 0U; at < n && tries < 10000U; ++tries) {
    const char* const path = paths.path[draw(&seed) % paths.n];
    if (strstr(path, "beep") || strstr(path, "tone") || strstr(path, "silence")) {
      continue;
    }
    const uint32_t wrote = append(path, x + at, n - at);
    set_rms(x + at, wrote, 0.05);
    at += wrote ? wrote + SCENE_RATE / 10U + draw(&seed) % (SCENE_RATE / 4U) : 0U;
  }
  for (uint32_t p = 0U; p < paths.n; ++p) {
    free(paths.path[p]);
  }
  free(paths.path);
  set_rms(x, n, 0.05);
  return x;
}

const char*
noise_name(const NoiseKind kind) {
  static const char* const names[] = {"white",  "pink",  "pink rising",
                                      "babble", "music", "recorded"};
  return names[kind];
}

/// Pink by P. Kellet's filter, within 0.05 dB above 10 Hz
static void
make_pink(float* const x, const uint32_t n) {
  static const double pole[] = {0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616};
  static const double gain[] = {0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980};
  double              b[7] = {0.0};
  for (uint32_t i = 0U; i < n; ++i) {
    const double white = (double)x[i];
    double       sum = b[6] + white * 0.5362;
    for (int p = 0; p < 6; ++p) {
      b[p] = pole[p] * b[p] + white * gain[p];
      sum += b[p];
    }
    b[6] = white * 0.115926;
    x[i] = (float)sum;
  }
}

float*
babble_make(const char* const* const talkers, const uint32_t n_talkers, const uint32_t n_voices,
            const unsigned seed, const uint32_t n) {
  float* const x = (float*)calloc(n, sizeof(float));
  uint32_t     found = 0U;
  for (uint32_t i = 0U; i < n_voices + n_talkers && found < n_voices; ++i) {
    float* const one = voices_load(talkers[i % n_talkers], seed * 31U + i + 500U, n);
    for (uint32_t k = 0U; one && k < n; ++k) {
      x[k] += one[(k + i * (SCENE_RATE / 3U + 7919U)) % n];
    }
    found += one != NULL;
    free(one);
  }
  if (!found) {
    free(x);
    return NULL;
  }
  return x;
}

static float*
make_babble(unsigned seed, const uint32_t n, const char* const but) {
  float* const x = (float*)calloc(n, sizeof(float));
  uint32_t     found = 0U;
  for (uint32_t i = 0U; i < 3U * voices_n_talkers && found < 6U; ++i) {
    const char* const talker = voices_talkers[i % 6U];
    float* const      one = strcmp(talker, but) ? voices_load(talker, seed * 31U + i, n) : NULL;
    for (uint32_t k = 0U; one && k < n; ++k) {
      x[k] += one[(k + found * SCENE_RATE / 3U) % n];
    }
    found += one != NULL;
    free(one);
  }
  if (!found) {
    free(x);
    return NULL;
  }
  return x;
}

/// Recordings one after the other, from somewhere in the first
static float*
make_recorded(const NoiseKind kind, unsigned seed, const uint32_t n) {
  char              dir[600] = "/usr/share/asterisk/moh";
  const char* const named = getenv("PINNA_SHARED");
  if (kind == NOISE_RECORDED) {
    snprintf(dir, sizeof(dir), "%s/data/noise", named ? named : "../shared");
  }
  const Paths paths = list_dir(dir, kind == NOISE_RECORDED ? "freesound" : "", ".wav");
  if (!paths.n) {
    return NULL;
  }
  enum { MOST = 60 };
  float* const   x = (float*)calloc(n, sizeof(float));
  float* const   whole = (float*)calloc((size_t)MOST * SCENE_RATE, sizeof(float));
  const uint32_t room = MOST * SCENE_RATE;
  seed = seed * 7919U + 23U;
  draw(&seed);
  for (uint32_t at = 0U, tries = 0U; at < n && tries < 100U; ++tries) {
    const uint32_t wrote = append(paths.path[draw(&seed) % paths.n], whole, room);
    const uint32_t from = at || !wrote ? 0U : draw(&seed) % (wrote / 2U + 1U);
    const uint32_t take = wrote - from < n - at ? wrote - from : n - at;
    memcpy(x + at, whole + from, take * sizeof(float));
    at += take;
  }
  free(whole);
  for (uint32_t p = 0U; p < paths.n; ++p) {
    free(paths.path[p]);
  }
  free(paths.path);
  return x;
}

float*
noise_make(const NoiseKind kind, unsigned seed, const uint32_t n, const char* const but) {
  if (kind == NOISE_BABBLE) {
    return make_babble(seed, n, but);
  }
  if (kind == NOISE_MUSIC || kind == NOISE_RECORDED) {
    return make_recorded(kind, seed, n);
  }
  float* const x = (float*)malloc(n * sizeof(float));
  seed = seed * 104729U + 1U;
  for (uint32_t i = 0U; i < n; ++i) { // Sum of four: close to Gaussian
    x[i] = tap_noise(&seed) + tap_noise(&seed) + tap_noise(&seed) + tap_noise(&seed);
  }
  if (kind != NOISE_WHITE) {
    make_pink(x, n);
  }
  for (uint32_t i = 0U; kind == NOISE_PINK_RISING && i < n; ++i) {
    x[i] *= (float)pow(10.0, 6.0 / 20.0 * i / n);
  }
  return x;
}

void
scene_mix(const float* const clean, float* const noise, float* const mix, const uint32_t n,
          const double snr_db) {
  double speech = 0.0;
  double other = 1e-30;
  for (uint32_t i = 0U; i < n; ++i) {
    speech += (double)clean[i] * (double)clean[i];
    other += (double)noise[i] * (double)noise[i];
  }
  const float gain = (float)sqrt(speech / other * pow(10.0, -snr_db / 10.0));
  for (uint32_t i = 0U; i < n; ++i) {
    noise[i] *= gain;
    mix[i] = clean[i] + noise[i];
  }
}
