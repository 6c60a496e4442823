// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/analyze.lv2/ports.h"
#include "plugins/common/inline_display.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/patch/patch.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The built analyser: passes every bit, its meters are right, its vectors arrive, it is cheap

enum { RATE = 48000, BLOCK = 256 };

/// A harmonic tone of `n` partials; one partial is a sine
static void
make_tone(float** const x, const uint32_t n_ch, const uint32_t n, const double hz,
          const double amplitude, const int partials) {
  for (uint32_t i = 0U; i < n; ++i) {
    double sum = 0.0;
    for (int h = 1; h <= partials; ++h) {
      sum += sin(2.0 * M_PI * fmod(hz * h * i / RATE, 1.0)) / h;
    }
    for (uint32_t c = 0U; c < n_ch; ++c) {
      x[c][i] = (float)(amplitude * sum);
    }
  }
}

static double
get(FixturePlugin* const p, const char* const symbol) {
  return (double)*fixture_control(p, symbol);
}

static void
check_through(Fixture* const fixture, const char* const uri) {
  enum { N = 60000 };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  unsigned             seed = 11U;
  for (int i = 0; i < N; ++i) {
    in[0][i] = tap_noise(&seed) * powf(10.0f, 4.0f * tap_noise(&seed));
    in[1][i] = -in[0][i] * 1e-20f;
  }
  *fixture_control(p, "enabled") = 1.0f;
  fixture_render(p, in, out, N / 2, 127U);
  *fixture_control(p, "enabled") = 0.0f;
  float* in_at[2] = {in[0] + N / 2, in[1] + N / 2};
  float* out_at[2] = {out[0] + N / 2, out[1] + N / 2};
  fixture_render(p, in_at, out_at, N / 2, 1000U);
  for (uint32_t c = 0U; c < p->n_out; ++c) {
    tap_all_equal(out[c], in[c], N, "%s passes channel %u bit by bit, on and off", uri, c);
  }
  tap_int(fixture_latency(p), 0, "%s has no latency", uri);
  free(in);
  free(out);
  fixture_free(p);
}

static void
check_levels(Fixture* const fixture, const char* const uri) {
  enum { N = 20 * RATE };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  const double         want = p->n_in == 2U ? -23.0 : -26.01;
  make_tone(in, 2U, N, 1000.0, pow(10.0, -23.0 / 20.0), 1);
  fixture_render(p, in, out, N, BLOCK);
  tap_near(get(p, "momentary"), want, 0.1, "%s: momentary of EBU 3341 case 1", uri);
  tap_near(get(p, "short_term"), want, 0.1, "%s: short-term", uri);
  tap_near(get(p, "integrated"), want, 0.1, "%s: integrated", uri);
  tap_near(get(p, "lra"), 0.0, 0.1, "%s: range", uri);
  tap_near(get(p, "true_peak"), -23.0, 0.1, "%s: true peak", uri);
  tap_near(get(p, "rms"), -26.01, 0.02, "%s: RMS of a sine", uri);
  tap_near(get(p, "crest"), 3.01, 0.02, "%s: crest of a sine", uri);
  tap_near(get(p, "dc"), 0.0, 1e-4, "%s: no DC", uri);
  tap_near(get(p, "centroid"), 1000.0, 30.0, "%s: centroid of a sine", uri);
  tap_near(get(p, "rolloff"), 1000.0, 60.0, "%s: roll-off of a sine", uri);
  tap_at_most(get(p, "flux"), 0.02, "%s: a steady tone adds nothing", uri);
  tap_at_most(get(p, "flatness"), 0.01, "%s: a tone is not flat", uri);

  for (int i = 0; i < N; ++i) {
    in[0][i] = in[1][i] = 0.1f * in[0][i] + 0.25f;
  }
  *fixture_control(p, "reset") = 1.0f;
  fixture_render(p, in, out, 2 * RATE, BLOCK);
  tap_near(get(p, "dc"), 0.25, 1e-4, "%s: DC", uri);
  tap_at_most(get(p, "integrated"), want - 15.0, "%s: integrated begins anew at reset", uri);
  free(in);
  free(out);
  fixture_free(p);
}

static void
check_pitch(Fixture* const fixture, const char* const uri) {
  enum { N = RATE };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  static const double  pitches[] = {73.4, 110.0, 220.5, 441.7, 784.0};
  for (size_t k = 0U; k < sizeof(pitches) / sizeof(*pitches); ++k) {
    make_tone(in, 2U, N, pitches[k], 0.1, 8);
    fixture_render(p, in, out, N, BLOCK);
    tap_near(1200.0 * log2(get(p, "f0") / pitches[k]), 0.0, 2.0, "%s: %.1f Hz in cents", uri,
             pitches[k]);
    tap_at_least(get(p, "f0_confidence"), 0.95, "%s: %.1f Hz is periodic", uri, pitches[k]);
  }
  unsigned seed = 3U;
  for (int i = 0; i < N; ++i) {
    in[0][i] = 0.01f * tap_noise(&seed);
    in[1][i] = 0.01f * tap_noise(&seed);
  }
  fixture_restart(p);
  fixture_render(p, in, out, N, BLOCK);
  tap_at_most(get(p, "vad"), 0.3, "%s: noise is no voice", uri);
  tap_at_most(get(p, "f0_confidence"), 0.7, "%s: noise is not periodic", uri);
  tap_near(get(p, "centroid"), 12000.0, 1500.0, "%s: centroid of white noise", uri);
  tap_at_least(get(p, "flatness"), 0.4, "%s: white noise is flat", uri);
  make_tone(out, 2U, N, 140.0, 0.05, 20);
  for (int i = 0; i < N; ++i) {
    in[0][i] += out[0][i];
    in[1][i] += out[1][i];
  }
  fixture_render(p, in, out, RATE / 10, BLOCK);
  tap_at_least(get(p, "vad"), 0.7, "%s: a buzz in noise is voice", uri);
  free(in);
  free(out);
  fixture_free(p);
}

/// What one block's events say
typedef struct {
  uint32_t     n_mel;
  uint32_t     n_mfcc;
  uint32_t     loudest; ///< Band of the last mel vector
  int64_t      last;    ///< Frame
  const float* mel;
} Vectors;

static bool
read_events(FixturePlugin* const p, Vectors* const v) {
  LV2_URID_Map* const map = (LV2_URID_Map*)fixture_urid_map(p->fixture);
  const LV2_URID      mel = map->map(map->handle, ANALYZE_MEL_URI);
  const LV2_URID      property = map->map(map->handle, LV2_PATCH__property);
  const LV2_URID      value = map->map(map->handle, LV2_PATCH__value);
  bool                good = true;
  for (uint32_t port = 0U; port < p->n_ports; ++port) {
    const LV2_Atom_Sequence* const sequence = (const LV2_Atom_Sequence*)p->events[port];
    if (!sequence) {
      continue;
    }
    v->last = -1;
    LV2_ATOM_SEQUENCE_FOREACH(sequence, event) {
      const LV2_Atom* key = NULL;
      const LV2_Atom* vector = NULL;
      lv2_atom_object_get((const LV2_Atom_Object*)&event->body, property, &key, value, &vector, 0);
      if (!key || !vector || vector->type != map->map(map->handle, LV2_ATOM__Vector) ||
          event->time.frames < v->last) {
        return false;
      }
      const uint32_t n = (vector->size - (uint32_t)sizeof(LV2_Atom_Vector_Body)) / 4U;
      const float* x = (const float*)(const void*)((const LV2_Atom_Vector*)(const void*)vector + 1);
      v->last = event->time.frames;
      if (((const LV2_Atom_URID*)(const void*)key)->body == mel) {
        good = good && n == 80U;
        ++v->n_mel;
        v->loudest = 0U;
        for (uint32_t i = 1U; i < n; ++i) {
          v->loudest = x[i] > x[v->loudest] ? i : v->loudest;
        }
      } else {
        good = good && n == 40U;
        ++v->n_mfcc;
      }
    }
  }
  return good;
}

static void
check_vectors(Fixture* const fixture, const char* const uri) {
  enum { N = RATE / 2, LONG = 4000 };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  Vectors              v = {.last = -1};
  bool                 good = true;
  *fixture_control(p, "every") = 1.0f;
  make_tone(in, 2U, N, 2000.0, 0.1, 1);
  for (uint32_t at = 0U; at + LONG <= N; at += LONG) {
    float* in_at[2] = {in[0] + at, in[1] + at};
    float* out_at[2] = {out[0] + at, out[1] + at};
    fixture_run(p, in_at, out_at, LONG);
    good = read_events(p, &v) && v.last < LONG && good;
  }
  tap_ok(good, "%s: events are patch:Set with vectors of floats, in order", uri);
  tap_int(v.n_mel, N / 480, "%s: a mel vector every 10 ms", uri);
  tap_int(v.n_mfcc, N / 480, "%s: an MFCC vector every 10 ms", uri);
  // HTK mels: band b of 80 is centred on (b + 1) / 81 of mel(24 kHz)
  const double band = 81.0 * log10(1.0 + 2000.0 / 700.0) / log10(1.0 + 24000.0 / 700.0) - 1.0;
  tap_near(v.loudest, band, 0.6, "%s: the tone is in its band", uri);
  free(in);
  free(out);
  fixture_free(p);
}

/// Share of one core that a second of audio takes: the least of several rounds
static void
check_cost(Fixture* const fixture, const char* const uri) {
  enum { N = RATE };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  double               best = INFINITY;
  make_tone(in, 2U, N, 333.0, 0.1, 5);
  for (int round = 0; round < 16; ++round) {
    struct timespec from;
    struct timespec to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    fixture_render(p, in, out, N, BLOCK);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    const double seconds =
        (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    best = fmin(best, seconds * RATE / N);
  }
  tap_diag("%s takes %.2f %% of a core", uri, 100.0 * best);
  if (getenv("PINNA_SANITIZED")) {
    tap_skip("sanitized", "%s takes at most 1 %% of a core", uri);
  } else {
    tap_at_most(100.0 * best, 1.0, "%s, percent of a core", uri);
  }
  free(in);
  free(out);
  fixture_free(p);
}

static unsigned
n_bright(const InlineDisplaySurface* const s, const int x0, const int x1, const int y0,
         const int y1) {
  unsigned n = 0U;
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      n += s->data[y * s->stride + x * 4 + 2] > 180U;
    }
  }
  return n;
}

/// A tone glides up: the picture shows it where it was; PINNA_DISPLAY_DIR receives it to look at
static void
check_picture(Fixture* const fixture, const char* const uri) {
  enum { N = 10 * RATE };
  FixturePlugin* const p = fixture_load(fixture, uri, RATE);
  float** const        in = fixture_buffers(2U, N);
  float** const        out = fixture_buffers(2U, N);
  unsigned             seed = 9U;
  double               phase = 0.0;
  for (int i = 0; i < N; ++i) {
    const double hz = 100.0 * pow(80.0, (double)i / N);
    phase = fmod(phase + hz / RATE, 1.0);
    in[0][i] = in[1][i] = (float)(0.1 * sin(2.0 * M_PI * phase) + 1e-3 * (double)tap_noise(&seed));
  }
  fixture_render(p, in, out, N, BLOCK);
  const InlineDisplayInterface* const display =
      (const InlineDisplayInterface*)lilv_instance_get_extension_data(p->instance,
                                                                      INLINE_DISPLAY_INTERFACE_URI);
  const InlineDisplaySurface* const s =
      display->render(lilv_instance_get_handle(p->instance), 400U, 160U);
  const unsigned low_then = n_bright(s, 20, 120, 80, 160);
  const unsigned low_now = n_bright(s, 280, 370, 80, 160);
  const unsigned high_now = n_bright(s, 280, 370, 0, 80);
  tap_ok(low_then > 100U && low_now < 60U && high_now > 100U,
         "%s: a glide goes from low (%u, then %u) to high (%u)", uri, low_then, low_now, high_now);
  free(in);
  free(out);
  fixture_free(p);
}

int
main(void) {
  static const char* const uris[] = {ANALYZE_MONO_URI, ANALYZE_STEREO_URI};
  Fixture* const           fixture = fixture_open();
  for (int i = 0; i < 2; ++i) {
    check_through(fixture, uris[i]);
    check_levels(fixture, uris[i]);
    check_pitch(fixture, uris[i]);
    check_vectors(fixture, uris[i]);
    check_cost(fixture, uris[i]);
    check_picture(fixture, uris[i]);
  }
  fixture_close(fixture);
  return tap_done();
}
