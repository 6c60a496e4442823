// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/revoice_live.h"
#include "tests/models/tone_vocoder.h"
#include "tests/residual.h"
#include "tests/rt_trap.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A revoiced stream beside a thread that keeps time: latency, bits, and what is heard when it
// stalls

#define RATE 48000U
#define N (3U * RATE)
#define BLOCK 128U

static PinnaRevoiceLive*
make(Tone* const tone, const uint32_t n_channels, const PinnaNnEngineMode mode) {
  const PinnaRevoiceLiveConfig config = {RATE, n_channels, tone_vocoder(tone), 0.0, 0U, mode};
  PinnaRevoiceLive*            live = NULL;
  if (pinna_revoice_live_new(&live, &config)) {
    abort();
  }
  return live;
}

/// The sound itself, as late as the voice
static void
run(PinnaRevoiceLive* const live, const float* const in, float* const out, const uint32_t first,
    const uint32_t n) {
  static float       dry[N];
  const uint32_t     late = pinna_revoice_live_latency(live);
  const float* const from[] = {in + first};
  const float* const delayed[] = {dry};
  float* const       to[] = {out + first};
  for (uint32_t i = 0U; i < n; ++i) {
    dry[i] = first + i >= late ? in[first + i - late] : 0.0F;
  }
  pinna_revoice_live_run(live, from, delayed, to, n);
}

/// Block by block, each when its time has come
static void
run_paced(PinnaRevoiceLive* const live, const float* const in, float* const out,
          const uint32_t first, const uint32_t n) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (uint32_t at = 0U; at < n; at += BLOCK) {
    run(live, in, out, first + at, n - at < BLOCK ? n - at : BLOCK);
    next.tv_nsec += (long)(1e9 * BLOCK / RATE);
    if (next.tv_nsec >= 1000000000L) {
      next.tv_nsec -= 1000000000L;
      ++next.tv_sec;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
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

static void
test_latency(float* const in, float* const out) {
  static const PinnaNnEngineMode modes[] = {PINNA_NN_ENGINE_INLINE, PINNA_NN_ENGINE_ASYNC};
  for (int i = 0; i < 2; ++i) {
    Tone                    tone;
    double                  centre[2] = {0.0, 0.0};
    double                  power[2] = {1e-30, 1e-30};
    PinnaRevoiceLive* const live = make(&tone, 1U, modes[i]);
    for (uint32_t k = 0U; k < N; ++k) {
      const double t = ((double)k - 30000.0) / 600.0;
      in[k] = (float)(0.3 * exp(-t * t) * sin(0.1 * k));
    }
    pinna_revoice_live_set_offline(live, true);
    run(live, in, out, 0U, N);
    for (uint32_t k = 0U; k < N; ++k) {
      power[0] += (double)in[k] * (double)in[k];
      centre[0] += (double)in[k] * (double)in[k] * k;
      power[1] += (double)out[k] * (double)out[k];
      centre[1] += (double)out[k] * (double)out[k] * k;
    }
    tap_near(centre[1] / power[1] - centre[0] / power[0], (double)pinna_revoice_live_latency(live),
             100.0, "a burst comes out as late as said");
    pinna_revoice_live_set_mix(live, 0.0, true);
    pinna_revoice_live_reset(live);
    run(live, in, out, 0U, N);
    const uint32_t late = pinna_revoice_live_latency(live);
    tap_all_equal(out + late, in, N - late, "without the new voice it is the delayed sound");
    pinna_revoice_live_free(live);
  }
}

static void
test_stall(float* const in, float* const out, float* const offline) {
  Tone                    tone;
  PinnaRevoiceLive* const live = make(&tone, 1U, PINNA_NN_ENGINE_ASYNC);
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = 0.05F * sinf(6.2831853F * 200.0F * (float)i / (float)RATE);
  }
  pinna_revoice_live_set_offline(live, true);
  run(live, in, offline, 0U, N);
  pinna_revoice_live_set_offline(live, false);
  pinna_revoice_live_reset(live);
  run_paced(live, in, out, 0U, RATE);
  const PinnaNnEngineHealth calm = pinna_revoice_live_health(live);
  if (calm.n_late) {
    tap_skip("this machine is too busy to keep time", "live is offline, bit for bit");
  } else {
    tap_all_equal(out, offline, RATE, "live is offline, bit for bit, as long as nothing is late");
  }
  atomic_store(&tone.stall_ms, 600U);
  run_paced(live, in, out, RATE, N - RATE);
  const PinnaNnEngineHealth health = pinna_revoice_live_health(live);
  tap_at_least((double)health.n_late, 20.0, "a stall of 0.6 s is counted as late chunks");
  tap_at_most(20.0 * log10(residual_above(out, 20000U, N, RATE)), -50.0, "and heard as no click");
  double quietest = 0.0;
  for (uint32_t at = 20000U; at + 960U <= N; at += 960U) {
    quietest = fmin(quietest, level_db(out + at, 960U));
  }
  tap_at_least(quietest, level_db(in, RATE) - 7.0, "nor as a hole");
  const uint32_t late = pinna_revoice_live_latency(live);
  double         dry = 0.0;
  for (uint32_t i = N - 4800U; i < N; ++i) {
    dry = fmax(dry, fabs((double)out[i] - (double)in[i - late]));
  }
  tap_at_least(dry, 0.02, "the new voice is back at the end, without a restart");
  pinna_revoice_live_free(live);
}

static void
test_realtime(float* const in, float* const out) {
  Tone                    tone;
  PinnaRevoiceLive* const live = make(&tone, 2U, PINNA_NN_ENGINE_ASYNC);
  const float* const      from[] = {in, in + RATE};
  float* const            to[] = {out, out + RATE};
  rt_trap_enter();
  pinna_revoice_live_run(live, from, from, to, 4096U);
  pinna_revoice_live_set_mix(live, 0.3, false);
  pinna_revoice_live_reset(live);
  pinna_revoice_live_run(live, from, from, to, 4096U);
  rt_trap_leave();
  rt_trap_check("running asks the system for nothing");
  pinna_revoice_live_free(live);
  PinnaRevoiceLiveConfig padded = {RATE, 1U, tone_vocoder(&tone), 0.0, 0U, PINNA_NN_ENGINE_ASYNC};
  const uint32_t         least = pinna_revoice_live_measure(&padded) + 777U;
  PinnaRevoiceLive*      none = NULL;
  padded.least_latency = least;
  if (!pinna_revoice_live_new(&none, &padded)) {
    tap_int(pinna_revoice_live_latency(none), least, "a faster vocoder waits for the latency");
    pinna_revoice_live_free(none);
  }
  const PinnaRevoiceLiveConfig bad = {RATE, 3U, tone_vocoder(&tone),
                                      0.0,  0U, PINNA_NN_ENGINE_ASYNC};
  tap_int(pinna_revoice_live_new(&none, &bad), PINNA_STATUS_BAD_ARG, "three channels are refused");
}

int
main(void) {
  float* const x = (float*)calloc(3U * N, sizeof(float));
  if (!x) {
    abort();
  }
  test_latency(x, x + N);
  test_stall(x, x + N, x + 2U * N);
  test_realtime(x, x + N);
  free(x);
  return tap_done();
}
