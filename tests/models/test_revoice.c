// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "models/revoice.h"
#include "tests/models/tone_vocoder.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The stream around a vocoder, with one whose sound is known: a tone as loud as the frame says

#define N 48000U

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_revoice_init((PinnaRevoice**)object, arena, (const PinnaRevoiceConfig*)config);
}

static PinnaRevoice*
make(void** const memory, Tone* const tone, const uint32_t rate) {
  const PinnaRevoiceConfig config = {rate, tone_vocoder(tone)};
  void*                    object = NULL;
  if (pinna_arena_build(memory, &object, build, &config)) {
    abort();
  }
  return (PinnaRevoice*)object;
}

static double
centre_of(const float* const x, const uint32_t n) {
  double sum = 0.0;
  double at = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    const double power = (double)x[i] * (double)x[i];
    sum += power;
    at += power * i;
  }
  return at / (sum + 1e-30);
}

static void
burst(float* const x, const uint32_t rate, unsigned* const seed) {
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = ((double)i - 0.3 * N) / (0.012 * rate);
    x[i] = (float)(0.3 * exp(-t * t) * sin(0.1 * i)) + 1e-6F * tap_noise(seed);
  }
}

static void
test_rate(const uint32_t rate, float* const in, float* const out, float* const again) {
  unsigned            seed = rate;
  Tone                tone;
  void*               memory = NULL;
  PinnaRevoice* const revoice = make(&memory, &tone, rate);
  burst(in, rate, &seed);
  pinna_revoice_run(revoice, in, out, N);
  const double late = centre_of(out, N) - centre_of(in, N);
  tap_near(late, (double)pinna_revoice_latency(revoice), 0.002 * rate,
           "%u Hz: a burst comes out as late as said", rate);
  pinna_revoice_reset(revoice);
  for (uint32_t at = 0U; at < N;) {
    const uint32_t n = 1U + (uint32_t)(999.0F * fabsf(tap_noise(&seed)));
    const uint32_t n_now = n < N - at ? n : N - at;
    memcpy(again + at, in + at, n_now * sizeof(float));
    pinna_revoice_run(revoice, again + at, again + at, n_now); // In place
    at += n_now;
  }
  tap_all_equal(again, out, N, "cut at random and in place it is the same bit for bit");
  pinna_arena_free(memory);
}

static double
level_of(const float* const x, const uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return 10.0 * log10(sum / n + 1e-20);
}

static void
test_level(float* const in, float* const out) {
  unsigned            seed = 9U;
  Tone                tone;
  void*               memory = NULL;
  PinnaRevoice* const revoice = make(&memory, &tone, 16000U);
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = 0.02F * tap_noise(&seed);
  }
  const PinnaMelEditParams louder = {.formant = 0.0, .whisper = 0.0, .blur = 1.0};
  pinna_revoice_set(revoice, &louder);
  for (int i = 0; i < 4; ++i) {
    pinna_revoice_run(revoice, in, out, N);
  }
  tap_near(level_of(out, N), level_of(in, N), 1.0, "what is spoken is as loud as what was said");
  pinna_arena_free(memory);
}

static void
test_fed(float* const in, float* const out) {
  Tone                tone;
  void*               memory = NULL;
  float               mel[N_MELS];
  uint32_t            n_taken = 0U;
  PinnaRevoice* const revoice = make(&memory, &tone, 16000U);
  memset(in, 0, N * sizeof(float));
  for (uint32_t m = 0U; m < N_MELS; ++m) {
    mel[m] = logf(0.25F / TONE_GAIN);
  }
  while (pinna_revoice_feed(revoice, mel) && n_taken < 1000U) {
    ++n_taken;
  }
  tap_ok(n_taken >= 100U && n_taken <= 200U, "one to two seconds of frames may wait (%u)", n_taken);
  pinna_revoice_run(revoice, in, out, 16000U);
  tap_near(level_of(out + 4000, 8000U), 20.0 * log10(0.25) - 3.01, 0.2, "fed frames are spoken");
  pinna_revoice_run(revoice, in, out, 16000U);
  pinna_revoice_run(revoice, in, out, 16000U);
  tap_at_most(level_of(out + 8000, 8000U), -80.0, "and then the sound's own again: silence");
  pinna_arena_free(memory);
}

static void
test_realtime(float* const in, float* const out) {
  Tone                     tone;
  void*                    memory = NULL;
  PinnaRevoice* const      revoice = make(&memory, &tone, 44100U);
  const PinnaMelEditParams params = {.pitch = 3.0, .freeze = true};
  const float              mel[N_MELS] = {0.0F};
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = i % 1000U ? 0.1F : i % 2000U ? NAN : INFINITY;
  }
  rt_trap_enter();
  pinna_revoice_set(revoice, &params);
  pinna_revoice_feed(revoice, mel);
  pinna_revoice_run(revoice, in, out, N);
  pinna_revoice_reset(revoice);
  rt_trap_leave();
  rt_trap_check("a realtime vocoder's stream asks nothing of the system");
  bool is_finite = true;
  for (uint32_t i = 0U; i < N; ++i) {
    is_finite = is_finite && isfinite(out[i]);
  }
  tap_ok(is_finite, "samples that are no number leave the stream finite");
  pinna_arena_free(memory);
}

int
main(void) {
  float* const x = (float*)calloc(3U * N, sizeof(float));
  if (!x) {
    abort();
  }
  static const uint32_t rates[] = {8000U, 16000U, 22050U, 44100U, 48000U, 96000U, 192000U};
  for (size_t i = 0U; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    test_rate(rates[i], x, x + N, x + 2U * N);
  }
  test_level(x, x + N);
  test_fed(x, x + N);
  test_realtime(x, x + N);
  free(x);
  return tap_done();
}
