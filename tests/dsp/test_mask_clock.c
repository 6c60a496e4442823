// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mask_clock.h"
#include "tests/tap.h"

#include <math.h>

// When masks come: Poisson and tempo statistics, the cap, and that only seed and position count

static const double frame = 256.0 / 48000.0;

enum { N_FRAMES = 375000 }; // 2000 s

static PinnaMaskPlan
base_plan(const uint64_t seed) {
  return (PinnaMaskPlan){.seed = seed,
                         .bpm = 120.0f,
                         .time = {PINNA_MASK_RANDOM, 1.0f, 1.0f},
                         .time_width = 0.05f,
                         .chance = 1.0f,
                         .p = 1.0f,
                         .n_bands = 1U,
                         .freq_width = 27.0f,
                         .freq_vary = 1.0f};
}

typedef struct {
  unsigned n;       ///< Masks begun
  double   covered; ///< Seconds
  double   most;    ///< Greatest distance of beginnings from the grid, seconds
} Count;

static Count
count(const PinnaMaskPlan* const plan, const double grid) {
  PinnaMaskClock clock = {0};
  Count          result = {0};
  double         begun = -1.0;
  for (unsigned i = 0U; i < N_FRAMES; ++i) {
    result.covered += frame * (double)pinna_mask_clock_advance(&clock, plan, frame, false);
    if (clock.end > clock.begin && clock.begin != begun) {
      begun = clock.begin;
      ++result.n;
      // A mask begins within two frames after its beat
      const double late = grid > 0.0 ? fmod(begun + 1e-6, grid) : 0.0;
      result.most = fmax(result.most, late);
    }
  }
  return result;
}

static void
check_random(void) {
  for (uint64_t seed = 1U; seed <= 3U; ++seed) {
    PinnaMaskPlan plan = base_plan(seed);
    const Count   c = count(&plan, 0.0);
    // A mask of 50 + 8 ms follows each event, during which others are lost: renewal process
    const double expected = 2000.0 / (1.0 + 0.058 + 0.5 * frame);
    tap_near(c.n, expected, 4.0 * sqrt(expected), "seed %d: as many as a Poisson process",
             (int)seed);
    tap_near(c.covered, 0.05 * c.n, 0.02 * 0.05 * c.n, "each covers its 50 ms");
    plan.time_vary = 1.0f;
    const Count varied = count(&plan, 0.0);
    tap_near(varied.covered / varied.n, 0.025, 0.003, "lengths uniform from 0: half on average");
  }
}

static void
check_cap(void) {
  PinnaMaskPlan plan = base_plan(5U);
  plan.time.rate = 20.0f;
  plan.time_width = 0.5f;
  plan.p = 0.2f;
  const Count c = count(&plan, 0.0);
  tap_at_most(c.covered / 2000.0, 0.2001, "masks cover at most p of the time");
  tap_at_least(c.covered / 2000.0, 0.19, "and come near it where there are enough");
  plan.p = 0.0f;
  tap_int(count(&plan, 0.0).n, 0, "p = 0: none");
}

static void
check_tempo(void) {
  PinnaMaskPlan plan = base_plan(7U);
  plan.time = (PinnaMaskEvents){PINNA_MASK_TEMPO, 0.0f, 0.5f};
  Count c = count(&plan, 0.25);
  tap_int(c.n, 8000, "an eighth note at 120 bpm: every 250 ms");
  tap_at_most(c.most, 2.0 * frame, "on the grid");
  plan.chance = 0.3f;
  c = count(&plan, 0.25);
  tap_near(c.n, 2400.0, 4.0 * sqrt(8000.0 * 0.3 * 0.7), "three in ten of them");
}

/// What was before does not change what comes
static void
check_position(void) {
  const PinnaMaskPlan plan = base_plan(9U);
  PinnaMaskPlan       other = plan;
  other.time.rate = 15.0f;
  PinnaMaskClock a = {0};
  PinnaMaskClock b = {0};
  unsigned       n_differ = 0U;
  for (unsigned i = 0U; i < 20000U; ++i) {
    const float x = pinna_mask_clock_advance(&a, &plan, frame, false);
    const float y = pinna_mask_clock_advance(&b, i < 5000U ? &other : &plan, frame, false);
    n_differ += i > 5200U && x != y;
  }
  tap_int(n_differ, 0, "masks follow from the position, not from earlier settings");
}

static void
check_bands(void) {
  PinnaMaskPlan  plan = base_plan(3U);
  PinnaMaskClock clock = {0};
  plan.freq = (PinnaMaskEvents){PINNA_MASK_RANDOM, 5.0f, 1.0f};
  double   sum = 0.0;
  unsigned n = 0U;
  bool     inside = true;
  for (unsigned i = 0U; i < 200000U; ++i) {
    const uint64_t before = clock.drawn;
    pinna_mask_clock_advance(&clock, &plan, frame, false);
    if (clock.drawn != before) {
      double low = 0.0;
      double high = 0.0;
      pinna_mask_clock_band(&clock, &plan, 0U, 24000.0, &low, &high);
      inside = inside && low >= 0.0 && high >= low && high <= 24000.0 + 1e-6;
      sum += 2595.0 * log10((700.0 + high) / (700.0 + low));
      ++n;
    }
  }
  const double mel = 2595.0 * log10(1.0 + 24000.0 / 700.0) / PINNA_MASK_N_MELS;
  tap_ok(inside, "bands lie between 0 and Nyquist");
  tap_near(sum / n / mel, 13.5, 0.5, "27 mel bins at most: 13.5 on average");
  tap_near(n, 200000.0 * frame * 5.0, 4.0 * sqrt(200000.0 * frame * 5.0), "5 moves a second");
}

static void
check_trigger(void) {
  PinnaMaskPlan  plan = base_plan(1U);
  PinnaMaskClock clock = {0};
  plan.time.timing = PINNA_MASK_NEVER;
  double covered = 0.0;
  for (unsigned i = 0U; i < 1000U; ++i) {
    covered += frame * (double)pinna_mask_clock_advance(&clock, &plan, frame, i == 100U);
  }
  tap_near(covered, 0.05, frame, "a trigger masks the full width");
  tap_int((long long)clock.drawn, 100, "and draws new bands");
}

int
main(void) {
  check_random();
  check_cap();
  check_tempo();
  check_position();
  check_bands();
  check_trigger();
  return tap_done();
}
