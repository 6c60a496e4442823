// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/scenes/array_scene.h"

#include "dsp/fft.h"
#include "tests/scenes/voices.h"
#include "tests/tap.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Rooms after Allen and Berkley (1979), with Peterson's windowed-sinc fractional delays

#define SOUND 343.0
#define ORDER 12
#define TAPS_HALF 16
#define STEPS 64

static double
uniform(unsigned* const seed, const double low, const double high) {
  return low + (high - low) * 0.5 * (1.0 + (double)tap_noise(seed));
}

/// Buzz through moving formants, in syllables: something like speech
static void
synthesise(float* const x, const size_t n, const uint32_t which) {
  unsigned     seed = which * 977U + 5U;
  const double f0 = 90.0 + 140.0 * fabs((double)tap_noise(&seed));
  double       y[3][2] = {{0.0}};
  double       target[3] = {500.0, 1500.0, 2500.0};
  double       phase = 0.0;
  double       loud = 0.0;
  double       wanted = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    if (i % 9000U == 0U) {
      wanted = tap_noise(&seed) > -0.4f ? 1.0 : 0.0;
      target[0] = 500.0 + 250.0 * (double)tap_noise(&seed);
      target[1] = 1500.0 + 600.0 * (double)tap_noise(&seed);
    }
    loud += 0.0008 * (wanted - loud);
    phase += f0 * (1.0 + 0.1 * sin((double)i * 2e-4)) / SCENE_RATE;
    const double pulse = phase >= 1.0 ? 1.0 : 0.002 * (double)tap_noise(&seed);
    phase -= floor(phase);
    double sum = 0.0;
    for (int f = 0; f < 3; ++f) {
      const double r = exp(-M_PI * (60.0 + 40.0 * f) / SCENE_RATE);
      const double v =
          pulse + 2.0 * r * cos(2.0 * M_PI * target[f] / SCENE_RATE) * y[f][0] - r * r * y[f][1];
      y[f][1] = y[f][0];
      y[f][0] = v;
      sum += (1.0 - r) * v / (1.0 + f);
    }
    x[i] = (float)(sum * loud);
  }
}

static double
power(const float* const x, const size_t n) {
  double sum = 1e-20;
  for (size_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return sum / (double)n;
}

/// Add a voice of unit power to x [n]: recorded where there are recordings
static void
add_voice(float* const x, const size_t n, const uint32_t which) {
  float* voice = NULL;
  for (uint32_t t = 0U; t < voices_n_talkers && !voice; ++t) {
    voice = voices_load(voices_talkers[(which + t) % voices_n_talkers], which + 1U, (uint32_t)n);
  }
  if (!voice) {
    voice = (float*)calloc(n, sizeof(float));
    synthesise(voice, n, which);
  }
  const float scale = (float)(1.0 / sqrt(power(voice, n)));
  for (size_t i = 0U; i < n; ++i) {
    x[i] += scale * voice[i];
  }
  free(voice);
}

void
scene_array(double at[SCENE_MAX_MICS][3], const uint32_t n_mics) {
  for (uint32_t m = 0U; m < n_mics; ++m) {
    const double turn = 2.0 * M_PI * (double)m / (double)n_mics;
    at[m][0] = n_mics == 8U ? 0.05 * cos(turn) : 0.05 * ((double)m - 0.5 * (double)(n_mics - 1U));
    at[m][1] = n_mics == 8U ? 0.05 * sin(turn) : 0.0;
    at[m][2] = 0.0;
  }
}

SceneConfig
scene_reference(const uint32_t n_mics, const double beta) {
  return (SceneConfig){
      .n_mics = n_mics,
      .beta = beta,
      .azimuth = 60.0,
      .distance = 1.5,
      .noise = {{SCENE_PINK, 135.0, 2.0, 1.0}, {SCENE_WHITE, 10.0, 2.2, 1.0}},
      .n_noises = 2U,
      .snr = 0.4,
      .sensor = 0.02,
      .lead = 1.0,
      .seconds = 8.0,
      .seed = 1U,
  };
}

SceneConfig
scene_random(const uint32_t n_mics, const unsigned seed) {
  unsigned    rng = seed * 2654435761U + 12345U;
  SceneConfig c = {
      .n_mics = n_mics,
      .sensor = 0.02,
      .lead = 1.0,
      .seconds = 6.0,
      .talker = seed,
      .seed = seed,
  };
  for (int i = 0; i < 8; ++i) {
    tap_noise(&rng);
  }
  c.room[0] = uniform(&rng, 4.0, 8.0);
  c.room[1] = uniform(&rng, 3.5, 6.0);
  c.room[2] = uniform(&rng, 2.5, 3.5);
  for (int axis = 0; axis < 2; ++axis) {
    c.centre[axis] = c.room[axis] * uniform(&rng, 0.4, 0.6);
  }
  c.centre[2] = uniform(&rng, 1.1, 1.6);
  const double rt60 = seed % 4U ? uniform(&rng, 0.15, 0.6) : 0.0;
  const double volume = c.room[0] * c.room[1] * c.room[2];
  const double surface =
      2.0 * (c.room[0] * c.room[1] + c.room[0] * c.room[2] + c.room[1] * c.room[2]);
  const double absorbed = rt60 > 0.0 ? fmin(0.161 * volume / (surface * rt60), 0.99) : 1.0;
  c.beta = sqrt(1.0 - absorbed);
  c.azimuth = uniform(&rng, 0.0, 180.0);
  c.distance = uniform(&rng, 0.6, 1.5);
  c.n_noises = 1U + seed % 2U;
  for (uint32_t i = 0U; i < c.n_noises; ++i) {
    const double away = uniform(&rng, 25.0, 180.0) * (i ? -1.0 : 1.0);
    c.noise[i] = (SceneNoise){(SceneKind)((seed / 2U + i * 2U) % SCENE_N_KINDS), c.azimuth + away,
                              uniform(&rng, 1.0, 1.6), 1.0};
  }
  c.snr = uniform(&rng, -5.0, 10.0);
  return c;
}

/// Windowed sinc, delays in STEPS per sample
static const float*
sinc_table(void) {
  static float table[STEPS + 1][2 * TAPS_HALF + 1];
  if (table[0][TAPS_HALF] == 0.0f) {
    for (int s = 0; s <= STEPS; ++s) {
      for (int t = -TAPS_HALF; t <= TAPS_HALF; ++t) {
        const double x = (double)t - (double)s / STEPS;
        const double w = 0.5 + 0.5 * cos(M_PI * x / (TAPS_HALF + 1));
        table[s][t + TAPS_HALF] = (float)(fabs(x) < 1e-9 ? 1.0 : w * sin(M_PI * x) / (M_PI * x));
      }
    }
  }
  return &table[0][0];
}

static void
add_image(float* const h, const int n_taps, const double distance, const double gain) {
  const double delay = distance / SOUND * SCENE_RATE;
  const int    whole = (int)floor(delay);
  const int    step = (int)((delay - whole) * STEPS + 0.5);
  const float* sinc = sinc_table() + step * (2 * TAPS_HALF + 1);
  if (whole + TAPS_HALF >= n_taps) {
    return;
  }
  const float scale = (float)(gain / (4.0 * M_PI * distance));
  for (int t = -TAPS_HALF; t <= TAPS_HALF; ++t) {
    if (whole + t >= 0) {
      h[whole + t] += scale * sinc[t + TAPS_HALF];
    }
  }
}

/// Impulse response [n_taps] from `from` to `to`
static void
room_response(float* const h, const int n_taps, const SceneConfig* const c, const double from[3],
              const double to[3]) {
  const int order = c->beta > 0.0 ? ORDER : 0;
  memset(h, 0, (size_t)n_taps * sizeof(float));
  for (int i = -order; i <= order; ++i) {
    for (int j = -order; j <= order; ++j) {
      for (int k = -order; k <= order; ++k) {
        const int index[3] = {i, j, k};
        double    d2 = 0.0;
        for (int axis = 0; axis < 3; ++axis) {
          const int    n = index[axis];
          const double size = c->room[axis];
          const double at = n % 2 ? (n + 1) * size - from[axis] : n * size + from[axis];
          d2 += (at - to[axis]) * (at - to[axis]);
        }
        const int bounces = abs(i) + abs(j) + abs(k);
        add_image(h, n_taps, sqrt(d2), bounces ? pow(c->beta, bounces) : 1.0);
      }
    }
  }
}

typedef struct {
  const PinnaFft* fft;
  uint32_t        size;
  float*          time;
  float complex*  source;
  float complex*  response;
} Convolver;

static Convolver
convolver_make(const size_t n) {
  Convolver c = {.size = 1024U};
  while (c.size < n) {
    c.size *= 2U;
  }
  pinna_fft_plan(&c.fft, PINNA_FFT_REAL, c.size);
  c.time = aligned_alloc(64U, c.size * sizeof(float));
  c.source = aligned_alloc(64U, (c.size + 64U) * sizeof(float complex));
  c.response = aligned_alloc(64U, (c.size + 64U) * sizeof(float complex));
  return c;
}

static void
convolver_load(Convolver* const c, const float* const x, const size_t n, float complex* const out) {
  memset(c->time, 0, c->size * sizeof(float));
  memcpy(c->time, x, n * sizeof(float));
  pinna_fft_real_forward(c->fft, c->time, out);
}

static void
convolver_free(Convolver* const c) {
  free(c->time);
  free(c->source);
  free(c->response);
}

/// Images of one source at all microphones are added to out[n_mics][n]
static void
play(Convolver* const conv, const SceneConfig* const c, const float* const source, const size_t n,
     const double from[3], double mics[SCENE_MAX_MICS][3], float* const* const out) {
  const int    n_taps = c->beta > 0.0 ? 16384 : 2048;
  float* const h = (float*)malloc((size_t)n_taps * sizeof(float));
  convolver_load(conv, source, n, conv->source);
  for (uint32_t m = 0U; m < c->n_mics; ++m) {
    room_response(h, n_taps, c, from, mics[m]);
    convolver_load(conv, h, (size_t)n_taps, conv->response);
    for (uint32_t k = 0U; k <= conv->size / 2U; ++k) {
      conv->response[k] *= conv->source[k] / (float)conv->size;
    }
    pinna_fft_real_inverse(conv->fft, conv->response, conv->time);
    for (size_t i = 0U; i < n; ++i) {
      out[m][i] += conv->time[i];
    }
  }
  free(h);
}

static void
fill_noise(float* const x, const size_t n, const SceneNoise* const kind, const uint32_t voice,
           unsigned* const seed) {
  double p0 = 0.0;
  double p1 = 0.0;
  double p2 = 0.0;
  switch (kind->kind) {
  case SCENE_BABBLE:
  case SCENE_SPEECH:
    for (uint32_t v = 0U; v < (kind->kind == SCENE_BABBLE ? 6U : 1U); ++v) {
      add_voice(x, n, voice + 7U * v + 3U);
    }
    break;
  default:
    for (size_t i = 0U; i < n; ++i) {
      const double white = (double)tap_noise(seed);
      p0 = 0.99765 * p0 + white * 0.0990460;
      p1 = 0.96300 * p1 + white * 0.2965164;
      p2 = 0.57000 * p2 + white * 1.0526913;
      const double pink = p0 + p1 + p2 + white * 0.1848;
      x[i] = (float)(kind->kind == SCENE_PINK ? pink : 0.3 * (double)tap_noise(seed));
    }
  }
}

/// Where a source stands, kept inside the room
static void
place(double at[3], const SceneConfig* const c, const double azimuth, const double distance) {
  const double angle = azimuth * M_PI / 180.0;
  double       reach = distance;
  at[2] = fmin(1.5, c->room[2] - 0.3);
  for (;; reach *= 0.95) {
    at[0] = c->centre[0] + reach * cos(angle);
    at[1] = c->centre[1] + reach * sin(angle);
    if (at[0] > 0.3 && at[0] < c->room[0] - 0.3 && at[1] > 0.3 && at[1] < c->room[1] - 0.3) {
      return;
    }
  }
}

static void
allocate(Scene* const scene) {
  for (uint32_t m = 0U; m < scene->n_mics; ++m) {
    scene->mic[m] = calloc(scene->n, sizeof(float));
    scene->image[m] = calloc(scene->n, sizeof(float));
  }
}

/// Add `noise` to the images so that the ratio at microphone 0 is as asked, and the sensors' noise
static void
mix(Scene* const scene, const SceneConfig* const c, unsigned* const seed) {
  const double p_target = power(scene->image[0] + scene->start, scene->n - scene->start);
  const double p_noise = power(scene->mic[0], scene->n);
  const double gain = sqrt(p_target / p_noise * pow(10.0, -0.1 * c->snr));
  const double hiss = c->sensor * sqrt(3.0 * p_target);
  const double level = 0.05 / sqrt(p_target);
  for (uint32_t m = 0U; m < c->n_mics; ++m) {
    const double off = m ? c->mismatch * (double)tap_noise(seed) / 20.0 : 0.0;
    const double trim = level * pow(10.0, off);
    for (size_t i = 0U; i < scene->n; ++i) {
      const double clean = (double)scene->image[m][i];
      const double sum = clean + gain * (double)scene->mic[m][i] + hiss * (double)tap_noise(seed);
      scene->image[m][i] = (float)(trim * clean);
      scene->mic[m][i] = (float)(trim * sum);
    }
  }
}

void
scene_make(Scene* const scene, const SceneConfig* const config) {
  SceneConfig c = *config;
  if (c.room[0] <= 0.0) {
    const double room[3] = {6.0, 5.0, 3.0};
    const double centre[3] = {3.0, 2.4, 1.4};
    memcpy(c.room, room, sizeof(room));
    memcpy(c.centre, centre, sizeof(centre));
  }
  unsigned seed = c.seed * 7919U + 17U;
  *scene = (Scene){.n_mics = c.n_mics, .n = (size_t)(c.seconds * SCENE_RATE)};
  scene->start = (size_t)(c.lead * SCENE_RATE);
  allocate(scene);
  scene_array(scene->at, c.n_mics);

  double mics[SCENE_MAX_MICS][3];
  for (uint32_t m = 0U; m < c.n_mics; ++m) {
    const double turn = M_PI * (double)tap_noise(&seed);
    mics[m][0] = c.centre[0] + scene->at[m][0] + c.misplace * cos(turn);
    mics[m][1] = c.centre[1] + scene->at[m][1] + c.misplace * sin(turn);
    mics[m][2] = c.centre[2];
  }

  Convolver    conv = convolver_make(scene->n + 16384U);
  float* const source = calloc(scene->n, sizeof(float));
  double       from[3];
  place(from, &c, c.azimuth, c.distance);
  add_voice(source + scene->start, scene->n - scene->start, c.talker);
  play(&conv, &c, source, scene->n, from, mics, scene->image);
  for (uint32_t i = 0U; i < c.n_noises; ++i) {
    memset(source, 0, scene->n * sizeof(float));
    fill_noise(source, scene->n, &c.noise[i], c.talker + 1U + 11U * i, &seed);
    // Pink and white keep the research page's mixture; voices are brought to the pink's power
    const double scale =
        c.noise[i].kind >= SCENE_BABBLE ? sqrt(1.0 / power(source, scene->n)) : 1.0;
    for (size_t k = 0U; k < scene->n; ++k) {
      source[k] *= (float)(scale * c.noise[i].gain);
    }
    place(from, &c, c.noise[i].azimuth, c.noise[i].distance);
    play(&conv, &c, source, scene->n, from, mics, scene->mic);
  }
  free(source);
  convolver_free(&conv);
  mix(scene, &c, &seed);
}

void
scene_free(Scene* const scene) {
  for (uint32_t m = 0U; m < scene->n_mics; ++m) {
    free(scene->mic[m]);
    free(scene->image[m]);
  }
}

double
scene_si_sdr(const float* const y, const float* const s, const size_t n) {
  double ys = 0.0;
  double ss = 1e-30;
  for (size_t i = 0U; i < n; ++i) {
    ys += (double)y[i] * (double)s[i];
    ss += (double)s[i] * (double)s[i];
  }
  const double a = ys / ss;
  double       error = 1e-30;
  for (size_t i = 0U; i < n; ++i) {
    const double e = (double)y[i] - a * (double)s[i];
    error += e * e;
  }
  return 10.0 * log10((a * a * ss + 1e-30) / error);
}
