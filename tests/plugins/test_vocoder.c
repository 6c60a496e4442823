// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/file.h"
#include "plugins/common/inline_display.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The vocoder plugin: its latency, its level, its picture, what each edit does to a voice, and
// frames that are sent to it

enum { RATE = 48000, BLOCK = 256, N = 3 * RATE, N_BANDS = 80 };

#define URI "urn:pinna:vocoder:mono"
#define MEL "urn:pinna:vocoder#mel"

static FixturePlugin*
load(Fixture* const fixture, const char* const uri) {
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float                silence[2][BLOCK] = {{0.0f}};
  for (int i = 0; p && i < 4; ++i) {
    fixture_run(p, (float*[]){silence[0], silence[1]}, (float*[]){silence[0], silence[1]}, BLOCK);
    fixture_work(p);
  }
  return p;
}

/// From the beginning, with the controls as they are now
static void
speak(FixturePlugin* const p, float* const in, float* const out, const uint32_t n) {
  fixture_restart(p);
  fixture_render(p, (float*[]){in}, (float*[]){out}, n, BLOCK);
}

/// A vowel of `hz` with formants at 600, 1100 and 2500 Hz, from 0.2 s to `end`
static void
make_vowel(float* const x, const double hz, const uint32_t end) {
  static const double formants[] = {600.0, 1100.0, 2500.0};
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = (double)i / RATE;
    const double in = fmin(fmax((t - 0.2) / 0.05, 0.0), 1.0);
    const double away = fmin(fmax(((double)end / RATE - t) / 0.05, 0.0), 1.0);
    double       sum = 0.0;
    for (int k = 1; k * hz < 4000.0; ++k) {
      double gain = 0.0;
      for (int f = 0; f < 3; ++f) {
        gain += 1.0 / ((f + 1.0) * (1.0 + pow((k * hz - formants[f]) / 120.0, 2.0)));
      }
      sum += gain * sin(2.0 * M_PI * k * hz * t + k * k);
    }
    x[i] = (float)(0.06 * in * away * sum);
  }
}

static double
level_db(const float* const x, const uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return 10.0 * log10(sum / n + 1e-20);
}

/// Pitch in [70, 450] Hz by the shortest of the best autocorrelations; how good it is
static double
pitch_of(const float* const x, double* const strength) {
  enum { WINDOW = RATE / 4, FIRST = RATE / 450, LAST = RATE / 70 };
  double value[LAST + 2];
  double top = 0.0;
  for (int lag = FIRST; lag <= LAST + 1; ++lag) {
    double ab = 0.0;
    double aa = 1e-20;
    double bb = 1e-20;
    for (int i = 0; i < WINDOW; ++i) {
      ab += (double)x[i] * (double)x[i + lag];
      aa += (double)x[i] * (double)x[i];
      bb += (double)x[i + lag] * (double)x[i + lag];
    }
    value[lag] = ab / sqrt(aa * bb);
    top = lag <= LAST ? fmax(top, value[lag]) : top;
  }
  int best = FIRST + 1;
  while (best < LAST && (value[best] < 0.95 * top || value[best] < value[best - 1] ||
                         value[best] < value[best + 1])) {
    ++best;
  }
  *strength = top;
  return (double)RATE / best;
}

/// Power of a half second around `hz`, by one bin of a Hann window
static double
power_at(const float* const x, const double hz) {
  double re = 0.0;
  double im = 0.0;
  for (int i = 0; i < RATE / 2; ++i) {
    const double w = 1.0 - cos(2.0 * M_PI * (i + 0.5) / (RATE / 2));
    re += w * (double)x[i] * cos(2.0 * M_PI * hz * i / RATE);
    im += w * (double)x[i] * sin(2.0 * M_PI * hz * i / RATE);
  }
  return (re * re + im * im) / ((double)RATE * RATE);
}

/// ln of the mean frequency between `low` and `high`, of the power
static double
centroid(const float* const x, const double low, const double high) {
  double sum = 0.0;
  double weighted = 0.0;
  for (double hz = low; hz < high; hz += 4.0) {
    const double power = power_at(x, hz);
    sum += power;
    weighted += power * log(hz);
  }
  return weighted / sum;
}

/// Power of the harmonics of `hz` above that between them [dB]
static double
contrast_db(const float* const x, const double hz) {
  double on = 0.0;
  double off = 0.0;
  for (int k = 2; k <= 6; ++k) {
    on += power_at(x, k * hz);
    off += power_at(x, (k + 0.5) * hz);
  }
  return 10.0 * log10(on / off);
}

static void
test_latency(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const p = fixture_load(fixture, URI, RATE);
  const uint32_t       first = fixture_latency(p);
  fixture_run(p, (float*[]){x}, (float*[]){y}, BLOCK);
  tap_int((long long)*fixture_control(p, "model_status"), PINNA_FILE_LOADING, "a model is awaited");
  fixture_work(p);
  fixture_run(p, (float*[]){x}, (float*[]){y}, BLOCK);
  tap_int(fixture_latency(p), first, "it does not change when the model is there ..");
  tap_int((long long)*fixture_control(p, "model_status"), PINNA_FILE_BUILT_IN, "built in");
  fixture_restart(p);
  tap_int(fixture_latency(p), first, ".. nor with the next activation");
  make_vowel(x, 125.0, 2U * RATE);
  *fixture_control(p, "mix") = 0.0f;
  speak(p, x, y, N);
  tap_all_equal(y + first, x, N - first, "without the new voice: the sound, as late as reported");
  *fixture_control(p, "mix") = 100.0f;
  double power[2] = {1e-20, 1e-20};
  double centre[2] = {0.0, 0.0};
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = ((double)i - 1.0 * RATE) / (0.04 * RATE);
    x[i] *= (float)exp(-t * t);
  }
  speak(p, x, y, N);
  for (uint32_t i = 0U; i < N; ++i) {
    const double squares[] = {(double)x[i] * (double)x[i], (double)y[i] * (double)y[i]};
    for (int k = 0; k < 2; ++k) {
      power[k] += squares[k];
      centre[k] += squares[k] * i;
    }
  }
  tap_near(centre[1] / power[1] - centre[0] / power[0], first, 0.004 * RATE,
           "a burst of the new voice is as late, by its centre");
  for (int i = 0; i < 3; ++i) { // However the stream is cut
    static const uint32_t blocks[] = {31U, 1000U, 4096U};
    float* const          again = y + N;
    fixture_restart(p);
    fixture_render(p, (float*[]){x}, (float*[]){again}, N, blocks[i]);
    tap_all_equal(again, y, N, "in blocks of %u the same bits", blocks[i]);
  }
  fixture_free(p);
}

static void
test_level(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const p = load(fixture, URI);
  const uint32_t       late = fixture_latency(p);
  for (int db = 0; db >= -30; db -= 15) {
    make_vowel(x, 110.0 - db, N);
    for (uint32_t i = 0U; i < N; ++i) {
      x[i] *= powf(10.0f, 0.05f * (float)db);
    }
    speak(p, x, y, N);
    tap_near(level_db(y + RATE + late, RATE), level_db(x + RATE, RATE), 1.0,
             "as loud as the voice, at %d dB", db);
  }
  fixture_free(p);
}

/// Set a control, speak the vowel of 125 Hz, set it back. @return A second of the new voice
static const float*
with(FixturePlugin* const p, const char* const symbol, const float value, float* const x,
     float* const y) {
  float* const control = fixture_control(p, symbol);
  const float  before = *control;
  *control = value;
  speak(p, x, y, N);
  *control = before;
  return y + RATE;
}

static void
test_edits(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const p = load(fixture, URI);
  double               plain;
  double               strength;
  make_vowel(x, 125.0, N);
  const float* own = with(p, "mix", 100.0f, x, y);
  tap_near(pitch_of(own, &plain), 125.0, 3.0, "the new voice has the voice's pitch");
  tap_at_least(plain, 0.8, "clearly");
  const double middle = centroid(own, 300.0, 3500.0);
  const double contrast = contrast_db(own, 125.0);
  tap_near(pitch_of(with(p, "pitch", 7.0f, x, y), &strength), 125.0 * pow(2.0, 7.0 / 12.0), 8.0,
           "a fifth higher");
  tap_near(centroid(y + RATE, 300.0, 3500.0), middle, 0.15, "its vowel stays");
  tap_near(pitch_of(with(p, "pitch", -5.0f, x, y), &strength), 125.0 * pow(2.0, -5.0 / 12.0), 5.0,
           "a fourth lower");
  with(p, "formant", 5.0f, x, y);
  tap_near(centroid(y + RATE, 300.0, 3500.0) - middle, 5.0 / 12.0 * log(2.0), 0.15,
           "a smaller head: the vowel moves");
  tap_near(pitch_of(y + RATE, &strength), 125.0, 3.0, "its pitch stays");
  *fixture_control(p, "robot_pitch") = 180.0f;
  tap_near(pitch_of(with(p, "robot", 1.0f, x, y), &strength), 180.0, 5.0, "a robot's pitch");
  pitch_of(with(p, "whisper", 100.0f, x, y), &strength);
  tap_at_most(strength, 0.6 * plain, "a whisper has none");
  tap_at_most(contrast_db(with(p, "blur", 100.0f, x, y), 125.0), contrast - 6.0,
              "blurred: its harmonics are less apart");
  with(p, "mix", 50.0f, x, y);
  tap_near(level_db(y + RATE, RATE), level_db(x + RATE, RATE), 4.0,
           "half of each is about as loud");
  fixture_free(p);
}

static void
test_time(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const p = load(fixture, URI);
  const uint32_t       late = fixture_latency(p);
  const uint32_t       end = 3U * RATE / 2U;
  make_vowel(x, 140.0, end);
  speak(p, x, y, N);
  tap_at_most(level_db(y + end + late + RATE / 5U, RATE / 5U), -70.0, "after the voice: silence");
  *fixture_control(p, "smooth") = 1000.0f;
  speak(p, x, y, N);
  tap_at_least(level_db(y + end + late + RATE / 5U, RATE / 5U), -60.0, "smoothed: it lingers");
  *fixture_control(p, "smooth") = 0.0f;

  fixture_restart(p);
  fixture_render(p, (float*[]){x}, (float*[]){y}, RATE, BLOCK);
  *fixture_control(p, "freeze") = 1.0f;
  fixture_render(p, (float*[]){x + RATE}, (float*[]){y + RATE}, 3U * RATE / 2U, BLOCK);
  tap_near(level_db(y + 2U * RATE, RATE / 2U), level_db(x + RATE / 2U, RATE / 2U), 3.0,
           "frozen: the vowel goes on over silence");
  *fixture_control(p, "freeze") = 0.0f;
  fixture_render(p, (float*[]){x + 2U * RATE}, (float*[]){y}, RATE / 2U, BLOCK);
  fixture_render(p, (float*[]){x + 2U * RATE}, (float*[]){y}, RATE / 4U, BLOCK);
  tap_at_most(level_db(y, RATE / 4U), -70.0, "thawed: silence");

  unsigned seed = 3U;
  for (uint32_t i = 0U; i < N; ++i) {
    x[i] += 0.005f * tap_noise(&seed);
  }
  speak(p, x, y, N);
  const double noise = level_db(y + 2U * RATE + late, RATE / 2U);
  const double voice = level_db(y + RATE, RATE / 4U);
  *fixture_control(p, "denoise") = 20.0f;
  speak(p, x, y, N);
  tap_at_most(level_db(y + 2U * RATE + late, RATE / 2U), noise - 12.0, "noise is taken away ..");
  tap_near(level_db(y + RATE, RATE / 4U), voice, 2.0, ".. and the voice is not");
  fixture_free(p);
}

/// Sum of red, green and blue in a box of the picture, 0 to 1 of its size
static double
light(const InlineDisplaySurface* const s, const int x0, const int y0, const int x1, const int y1) {
  double sum = 0.0;
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const unsigned char* const pixel = s->data + y * s->stride + 4 * x;
      sum += (pixel[0] + pixel[1] + pixel[2]) / 765.0;
    }
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

/// A second and a half of a vowel that is frozen before it ends: above what was said, below what is
/// spoken, 3/4 of 400 pixels for 2 s
static void
test_picture(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const                p = load(fixture, URI);
  const InlineDisplayInterface* const display =
      (const InlineDisplayInterface*)lilv_instance_get_extension_data(p->instance,
                                                                      INLINE_DISPLAY_INTERFACE_URI);
  const LV2_Handle handle = lilv_instance_get_handle(p->instance);
  const unsigned   n_redraws = fixture_n_redraws(fixture);
  const double     dark = light(display->render(handle, 400U, 160U), 0, 0, 300, 160);
  make_vowel(x, 140.0, 3U * RATE / 2U);
  fixture_restart(p);
  fixture_render(p, (float*[]){x}, (float*[]){y}, RATE, BLOCK);
  *fixture_control(p, "freeze") = 1.0f;
  fixture_render(p, (float*[]){x + RATE}, (float*[]){y}, RATE, BLOCK);
  const InlineDisplaySurface* const s = display->render(handle, 400U, 160U);
  tap_at_most(light(s, 0, 0, 20, 160), dark + 0.02, "a picture: silence is dark");
  tap_at_least(light(s, 50, 0, 200, 80), dark + 0.2, "the voice is not");
  tap_at_least(light(s, 50, 82, 200, 160), dark + 0.2, "nor is the new one");
  tap_at_most(light(s, 250, 0, 300, 78), dark + 0.02, "the voice ends");
  tap_at_least(light(s, 250, 82, 300, 160), dark + 0.2, "the frozen one does not");
  tap_near((double)(fixture_n_redraws(fixture) - n_redraws), 40.0, 12.0,
           "the host is asked to draw it 20 times a second");
  fixture_free(p);
}

/// Frames of ln magnitudes as a voice has: some bands loud, the others quiet
static void
make_frames(float* const mel, const uint32_t n) {
  for (uint32_t i = 0U; i < n * N_BANDS; ++i) {
    const float from = (float)(i % N_BANDS) - 12.0f;
    mel[i] = -from * from / 80.0f;
  }
}

static void
test_frames(Fixture* const fixture, float* const x, float* const y) {
  enum { N_SENT = 50 }; // Half a second
  static float         mel[N_SENT * N_BANDS];
  FixturePlugin* const p = load(fixture, URI);
  memset(x, 0, N * sizeof(float));
  make_frames(mel, N_SENT);
  fixture_restart(p);
  fixture_send_floats(p, MEL, mel, N_SENT * N_BANDS);
  fixture_render(p, (float*[]){x}, (float*[]){y}, N, BLOCK);
  const uint32_t late = fixture_latency(p);
  tap_at_least(level_db(y + late, RATE / 3U), -45.0, "frames that were sent are spoken");
  tap_at_most(level_db(y + late + RATE, RATE), -80.0, "and then the input's own: silence");

  static const uint32_t odd[] = {0U, 1U, N_BANDS - 1U, N_BANDS + 1U};
  mel[3] = NAN;
  mel[N_BANDS + 3] = INFINITY;
  mel[7] = -INFINITY;
  for (size_t i = 0U; i < PINNA_COUNT(odd); ++i) {
    fixture_send_floats(p, MEL, mel, odd[i]);
    fixture_render(p, (float*[]){x}, (float*[]){y}, RATE / 10U, BLOCK);
  }
  fixture_send_floats(p, MEL, mel, N_SENT * N_BANDS);
  for (int i = 0; i < 4; ++i) { // More than the ring holds
    fixture_render(p, (float*[]){x}, (float*[]){y}, BLOCK, BLOCK);
    fixture_send_floats(p, MEL, mel, N_SENT * N_BANDS);
  }
  fixture_render(p, (float*[]){x}, (float*[]){y}, N, BLOCK);
  bool is_finite = true;
  for (uint32_t i = 0U; i < N; ++i) {
    is_finite = is_finite && isfinite(y[i]);
  }
  tap_ok(is_finite, "too few, too many and ones that are no number leave it finite");
  fixture_send_floats(p, "urn:pinna:vocoder#none", mel, N_BANDS);
  fixture_render(p, (float*[]){x}, (float*[]){y}, N, BLOCK);
  tap_at_most(level_db(y + RATE, RATE), -80.0, "and another property is nobody's");
  fixture_free(p);
}

/// Two channels: the new voice is that of both, the rest stays where it is
static void
test_stereo(Fixture* const fixture, float* const x, float* const y) {
  FixturePlugin* const p = load(fixture, "urn:pinna:vocoder:stereo");
  make_vowel(x, 125.0, N);
  memset(x + N, 0, N * sizeof(float));
  fixture_restart(p);
  fixture_render(p, (float*[]){x, x + N}, (float*[]){y, y + N}, N, BLOCK);
  tap_all_equal(y, y + N, N, "the new voice is in the middle");
  *fixture_control(p, "mix") = 0.0f;
  fixture_restart(p);
  fixture_render(p, (float*[]){x, x + N}, (float*[]){y, y + N}, N, BLOCK);
  tap_ok(level_db(y + N, N) < -190.0 && level_db(y, N) > -60.0, "the sound is where it was");
  fixture_free(p);
}

int
main(void) {
  float* const   x = (float*)calloc(4U * N, sizeof(float));
  float* const   y = x + 2U * N;
  Fixture* const fixture = fixture_open();
  fixture_offer_worker(fixture);
  test_latency(fixture, x, y);
  test_level(fixture, x, y);
  test_edits(fixture, x, y);
  test_time(fixture, x, y);
  test_picture(fixture, x, y);
  test_frames(fixture, x, y);
  test_stereo(fixture, x, y);
  fixture_close(fixture);
  free(x);
  return tap_done();
}
