// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Laws of realtime that every plugin keeps: any block length, in place, bad input, latency, rates

enum { N_FRAMES = 2 * (1 + 31 + 64 + 127 + 1024 + 8192) };

static const uint32_t lengths[] = {0U, 1U, 31U, 64U, 127U, 1024U, 8192U};

static float**
make_noise(const uint32_t n_channels, const uint32_t n_frames, unsigned seed) {
  float** const noise = fixture_buffers(n_channels, n_frames);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t i = 0U; i < n_frames; ++i) {
      noise[c][i] = 0.25f * tap_noise(&seed);
    }
  }
  return noise;
}

/// Two instances with the same random values, see load_as(); runs `a` whole, and leaves `b` to the
/// test
typedef struct {
  FixturePlugin* a;
  FixturePlugin* b;
  float**        in;
  float**        expected;
  float**        out;
} Pair;

/// Networks may run in the audio thread or by a worker: freewheeling, nobody can tell
static FixturePlugin*
load_as(Fixture* const fixture, const char* const uri, const char* const engine) {
  setenv("PINNA_ENGINE", engine, 1);
  return fixture_load(fixture, uri, 48000.0);
}

static Pair
make_pair(Fixture* const fixture, const char* const uri, unsigned* const seed) {
  Pair pair = {load_as(fixture, uri, "inline"), load_as(fixture, uri, "async"), NULL, NULL, NULL};
  fixture_randomise(pair.a, seed);
  memcpy(pair.b->value, pair.a->value, pair.a->n_ports * sizeof(float));
  pair.in = make_noise(pair.a->n_in, N_FRAMES, *seed);
  pair.expected = fixture_buffers(pair.a->n_out, N_FRAMES);
  pair.out = fixture_buffers(pair.a->n_out + pair.a->n_in, N_FRAMES);
  fixture_render(pair.a, pair.in, pair.expected, N_FRAMES, 8192U);
  return pair;
}

static void
free_pair(const Pair* const pair) {
  fixture_free(pair->a);
  fixture_free(pair->b);
  free(pair->in);
  free(pair->expected);
  free(pair->out);
}

static void
check_splits(Fixture* const fixture, const char* const uri, unsigned seed) {
  const Pair pair = make_pair(fixture, uri, &seed);
  uint32_t   at = 0U;
  while (at < N_FRAMES) {
    const uint32_t choice = (uint32_t)(fabsf(tap_noise(&seed)) * 7.0f) % 7U;
    const uint32_t left = N_FRAMES - at;
    const uint32_t n = lengths[choice] < left ? lengths[choice] : left;
    float*         in[FIXTURE_MAX_CHANNELS];
    float*         out[FIXTURE_MAX_CHANNELS];
    for (uint32_t c = 0U; c < pair.b->n_in; ++c) {
      in[c] = pair.in[c] + at;
    }
    for (uint32_t c = 0U; c < pair.b->n_out; ++c) {
      out[c] = pair.out[c] + at;
    }
    fixture_run(pair.b, in, out, n);
    at += n;
  }
  for (uint32_t c = 0U; c < pair.b->n_out; ++c) {
    tap_all_equal(pair.out[c], pair.expected[c], N_FRAMES,
                  "%s output %u does not depend on how time is cut", uri, c);
  }
  free_pair(&pair);
}

/// `shift`: which input's buffer an output shares
static void
check_in_place(Fixture* const fixture, const char* const uri, unsigned seed, const uint32_t shift) {
  const Pair     pair = make_pair(fixture, uri, &seed);
  const uint32_t n_in = pair.b->n_in;
  float*         out[FIXTURE_MAX_CHANNELS];
  for (uint32_t c = 0U; c < n_in; ++c) {
    memcpy(pair.out[c], pair.in[c], N_FRAMES * sizeof(float));
  }
  for (uint32_t c = 0U; c < pair.b->n_out; ++c) {
    out[c] = n_in ? pair.out[(c + shift) % n_in] : pair.out[c];
    out[c] = c < n_in || !n_in ? out[c] : pair.out[c];
  }
  fixture_render(pair.b, pair.out, out, N_FRAMES, 1024U);
  for (uint32_t c = 0U; c < pair.b->n_out; ++c) {
    tap_all_equal(out[c], pair.expected[c], N_FRAMES, "%s output %u written over input %u", uri, c,
                  n_in ? (c + shift) % n_in : c);
  }
  free_pair(&pair);
}

static double
rms(const float* const x, const uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return sqrt(sum / n);
}

static bool
all_finite(float* const* const x, const uint32_t n_channels, const uint32_t n) {
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      if (!isfinite(x[c][i])) {
        return false;
      }
    }
  }
  return true;
}

/// One block of `bad` samples, then good ones: sound is back after the latency and one block
static void
check_recovery(Fixture* const fixture, const char* const uri, const float bad, unsigned seed) {
  const uint32_t block = 1024U;
  const Pair     pair = make_pair(fixture, uri, &seed);
  const uint32_t delay = fixture_latency(pair.b) + block;
  const uint32_t after = 4U * block + delay;
  for (uint32_t c = 0U; c < pair.b->n_in; ++c) {
    for (uint32_t i = 3U * block; i < 4U * block; i += 1U + (i + c) % 3U) {
      pair.in[c][i] = bad;
    }
  }
  fixture_render(pair.b, pair.in, pair.out, N_FRAMES, block);
  tap_ok(all_finite(pair.out, pair.b->n_out, N_FRAMES), "%s stays finite after %g", uri,
         (double)bad);
  for (uint32_t c = 0U; c < pair.b->n_out && after < N_FRAMES; ++c) {
    const double clean = rms(pair.expected[c] + after, N_FRAMES - after);
    const double now = rms(pair.out[c] + after, N_FRAMES - after);
    tap_ok(now >= 0.5 * clean && now <= 2.0 * clean + 1e-6,
           "%s output %u is back one block after %g (%g, clean %g)", uri, c, (double)bad, now,
           clean);
  }
  free_pair(&pair);
}

/// Lag at which the output looks most like the input
static uint32_t
measure_lag(const float* const in, const float* const out, const uint32_t n, const uint32_t lags) {
  double   best = -1.0;
  uint32_t lag = 0U;
  for (uint32_t l = 0U; l < lags; ++l) {
    double sum = 0.0;
    for (uint32_t i = 0U; i + l < n; ++i) {
      sum += (double)(in[i] * out[i + l]);
    }
    if (fabs(sum) > best) {
      best = fabs(sum);
      lag = l;
    }
  }
  return lag;
}

static void
check_latency(Fixture* const fixture, const char* const uri, const double rate) {
  FixturePlugin* const p = fixture_load(fixture, uri, rate);
  if (!p) {
    tap_skip("the plugin refuses this rate", "%s at %.0f Hz", uri, rate);
    return;
  }
  const uint32_t latency = fixture_latency(p);
  const uint32_t n = 2U * latency + 4096U;
  float** const  in = make_noise(p->n_in, n, 7U);
  float** const  out = fixture_buffers(p->n_out, n);

  for (int enabled = 0; enabled < 2 && p->n_in && p->n_out; ++enabled) {
    *fixture_control(p, "enabled") = (float)enabled;
    if (p->info && p->info->rewrites) {
      *fixture_control(p, "mix") = 0.0F;
    }
    fixture_restart(p);
    fixture_render(p, in, out, n, 256U);
    const uint32_t lag = measure_lag(in[0], out[0], n, latency + 1024U);
    tap_int(lag, latency, "%s at %.0f Hz, %s: latency as reported", uri, rate,
            enabled ? "enabled" : "disabled");
  }
  *fixture_control(p, "enabled") = 0.0f;
  fixture_restart(p);
  fixture_render(p, in, out, n, 256U);
  const bool   has_ref = strstr(uri, ":beam:") != NULL; // Beamformers pass one microphone
  float* const silence = (float*)calloc(n, sizeof(float));
  for (uint32_t c = 0U; c < p->n_out && c < p->n_in; ++c) {
    tap_all_equal(out[c] + latency, c && has_ref ? silence : in[c], n - latency,
                  "%s at %.0f Hz, disabled: %u passes", uri, rate, c);
  }
  if (has_ref) {
    *fixture_control(p, "ref") = 2.0f;
    fixture_restart(p);
    fixture_render(p, in, out, n, 256U);
    tap_all_equal(out[0] + latency, in[1], n - latency,
                  "%s at %.0f Hz, disabled: the reference microphone passes", uri, rate);
  }
  free(silence);
  tap_int(fixture_latency(p), latency, "%s at %.0f Hz: latency is constant", uri, rate);
  free(in);
  free(out);
  fixture_free(p);
}

/// Wild values in every block: nothing explodes
static void
check_fuzz(Fixture* const fixture, const char* const uri, const double rate, unsigned seed) {
  static const float   wild[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 1e-42f};
  FixturePlugin* const p = fixture_load(fixture, uri, rate);
  if (!p) {
    return;
  }
  float** const in = make_noise(p->n_in, 1024U, seed);
  float** const out = fixture_buffers(p->n_out, 1024U);
  double        peak = 0.0;
  bool          good = true;
  for (int b = 0; b < 150; ++b) {
    fixture_randomise(p, &seed);
    for (uint32_t i = 0U; b % 5 == 4 && i < p->n_ports; i += 3U) {
      p->value[i] = wild[(i + (uint32_t)b) % 6U];
    }
    const uint32_t n = 1U + (uint32_t)(fabsf(tap_noise(&seed)) * 1000.0f);
    fixture_run(p, in, out, n);
    good = good && all_finite(out, p->n_out, n);
    for (uint32_t c = 0U; c < p->n_out; ++c) {
      peak = fmax(peak, rms(out[c], n));
    }
  }
  tap_ok(good, "%s at %.0f Hz: finite under random values (loudest block %.3g)", uri, rate, peak);
  free(in);
  free(out);
  fixture_free(p);
}

static void
check_plugin(Fixture* const fixture, const char* const uri) {
  static const double rates[] = {8000.0,  11025.0, 16000.0, 22050.0,  32000.0, 44100.0,
                                 48000.0, 88200.0, 96000.0, 176400.0, 192000.0};
  static const float  bad[] = {NAN, INFINITY, -INFINITY, 1e-40f};

  const unsigned n_seeds = getenv("PINNA_LONG") ? 60U : 3U;
  for (unsigned seed = 1U; seed <= n_seeds; ++seed) {
    check_splits(fixture, uri, seed);
    check_in_place(fixture, uri, seed, 0U);
  }
  check_in_place(fixture, uri, 4U, 1U);
  for (size_t i = 0U; i < PINNA_COUNT(bad); ++i) {
    check_recovery(fixture, uri, bad[i], 11U + (unsigned)i);
  }
  for (size_t r = 0U; r < PINNA_COUNT(rates); ++r) {
    check_latency(fixture, uri, rates[r]);
    for (unsigned seed = 0U; seed < n_seeds; seed += 3U) {
      check_fuzz(fixture, uri, rates[r], 100U + (unsigned)r + 1000U * seed);
    }
  }
}

int
main(void) {
  return fixture_try_all(check_plugin);
}
