// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/tract.h"
#include "tests/tap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// Resonances from nothing but levels of partials, which come from resonators in closed form

#define N_CALLS 40U

static float freqs[PINNA_TRACT_PARTIALS];
static float levels[PINNA_TRACT_PARTIALS];

typedef struct {
  double freqs[PINNA_TRACT_FORMANTS];
  double widths[PINNA_TRACT_FORMANTS];
  double slope;
} Voice;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  (void)config;
  return pinna_tract_init((PinnaTract**)object, arena);
}

static double
between(unsigned* const seed, const double low, const double high) {
  return low + (high - low) * (0.5 + 0.5 * (double)tap_noise(seed));
}

/// Somebody's vowel: formants of their range, widths and slope of theirs
static Voice
random_voice(unsigned* const seed) {
  Voice v = {.slope = between(seed, 0.0, 1.8)};
  v.freqs[0] = between(seed, 290.0, 850.0);
  v.freqs[1] = between(seed, fmax(750.0, v.freqs[0] * 1.35), 2300.0);
  v.freqs[2] = fmax(between(seed, 2200.0, 2900.0), v.freqs[1] + 400.0);
  v.freqs[3] = v.freqs[2] + between(seed, 700.0, 1000.0);
  v.freqs[4] = v.freqs[3] + between(seed, 800.0, 1100.0);
  for (uint32_t k = 0U; k < PINNA_TRACT_FORMANTS; ++k) {
    v.widths[k] = (75.0 + v.freqs[k] / 50.0) * between(seed, 0.7, 1.4);
  }
  return v;
}

static double
level(const Voice* const v, const double hz) {
  double sum = -v->slope * log(hz / 500.0);
  for (uint32_t k = 0U; k < PINNA_TRACT_FORMANTS; ++k) {
    const double f = v->freqs[k];
    const double a = 0.25 * v->widths[k] * v->widths[k];
    sum += log(f * f + a) - 0.5 * log((hz - f) * (hz - f) + a) - 0.5 * log((hz + f) * (hz + f) + a);
  }
  return sum;
}

/// Partials of a voice, `offset` louder
static uint32_t
fill(const Voice* const v, const double f0, const double offset) {
  uint32_t n = 0U;
  while (n < PINNA_TRACT_PARTIALS && f0 * (n + 1.0) < 6000.0) {
    freqs[n] = (float)(f0 * (n + 1.0));
    levels[n] = (float)(level(v, f0 * (n + 1.0)) + offset);
    ++n;
  }
  return n;
}

static void
test_voices(PinnaTract* const tract) {
  static const double f0s[] = {75.0, 110.0, 160.0, 215.0, 250.0};
  unsigned            seed = 11U;
  for (uint32_t f = 0U; f < 5U; ++f) {
    const bool is_high = f0s[f] > 240.0; // Four partials for two formants: some have two answers
    double     worst = 0.0;
    double     worst_level = 0.0;
    for (uint32_t t = 0U; t < 12U; ++t) {
      const Voice    voice = random_voice(&seed);
      const uint32_t n = fill(&voice, f0s[f], between(&seed, -12.0, 6.0));
      pinna_tract_reset(tract);
      for (uint32_t i = 0U; i < N_CALLS; ++i) {
        pinna_tract_follow(tract, freqs, levels, n);
      }
      const PinnaFormant* const found = pinna_tract_formants(tract);
      for (uint32_t k = 0U; k < 3U; ++k) {
        worst = fmax(worst, fabs((double)found[k].freq / voice.freqs[k] - 1.0));
      }
      float own[PINNA_TRACT_PARTIALS];
      pinna_tract_levels(tract, freqs, own, n);
      for (uint32_t i = 1U; i < n && freqs[i] < 3000.0f; ++i) {
        const float off = own[i] - own[0] - levels[i] + levels[0];
        worst_level = fmax(worst_level, fabs((double)off));
      }
    }
    tap_at_most(worst * 100.0, is_high ? 10.0 : 5.0, "f0 %g Hz: worst of 36 formants, percent",
                f0s[f]);
    tap_at_most(worst_level * 8.686, is_high ? 8.0 : 3.0, "f0 %g Hz: levels explained, dB", f0s[f]);
  }
}

/// From one vowel to another within some calls, whichever it was
static void
test_change(PinnaTract* const tract) {
  const Voice    i = {{280.0, 2250.0, 2900.0, 3500.0, 4500.0}, {70, 90, 120, 130, 140}, 1.0};
  const Voice    a = {{730.0, 1090.0, 2440.0, 3500.0, 4500.0}, {70, 90, 120, 130, 140}, 1.0};
  const uint32_t n = fill(&i, 120.0, 0.0);
  pinna_tract_reset(tract);
  tap_ok(isinf(pinna_tract_misfit(tract)), "nothing heard, nothing known");
  for (uint32_t t = 0U; t < N_CALLS; ++t) {
    pinna_tract_follow(tract, freqs, levels, n);
  }
  fill(&a, 120.0, 0.0);
  for (uint32_t t = 0U; t < 12U; ++t) {
    pinna_tract_follow(tract, freqs, levels, n);
  }
  for (uint32_t k = 0U; k < 3U; ++k) {
    const double off = fabs((double)pinna_tract_formants(tract)[k].freq / a.freqs[k] - 1.0);
    tap_at_most(off * 100.0, 3.0, "another vowel after 12 calls: F%u, percent", k + 1U);
  }
  tap_at_most((double)pinna_tract_misfit(tract), 0.2, "it is a voice");
  tap_at_most(fabs((double)pinna_tract_slope(tract) - 1.0), 0.3, "its slope");
}

static void
test_oddities(PinnaTract* const tract) {
  unsigned seed = 3U;
  bool     is_finite = true;
  for (uint32_t t = 0U; t < 300U; ++t) {
    const uint32_t n = (uint32_t)between(&seed, 0.0, 95.9);
    for (uint32_t i = 0U; i < n; ++i) {
      freqs[i] = (float)((i + 1U) * between(&seed, 40.0, 60.0));
      levels[i] = t % 3U ? 20.0f * tap_noise(&seed) : -27.6f;
    }
    pinna_tract_follow(tract, freqs, levels, n);
    for (uint32_t k = 0U; k < PINNA_TRACT_FORMANTS; ++k) {
      const PinnaFormant f = pinna_tract_formants(tract)[k];
      is_finite = is_finite && isfinite(f.freq) && isfinite(f.width) && f.freq > 0.0f &&
                  f.width > 0.0f && !isnan(pinna_tract_misfit(tract));
    }
  }
  tap_ok(is_finite, "noise, silence and next to no partials leave finite resonances");
}

int
main(void) {
  PinnaArena  none = pinna_arena_over(NULL, 0U);
  PinnaTract* tract = NULL;
  void*       memory = NULL;
  void*       object = NULL;
  tap_int(pinna_tract_init(&tract, &none), PINNA_STATUS_NO_MEM, "no memory is refused");
  if (pinna_arena_build(&memory, &object, build, NULL)) {
    tap_ok(false, "builds");
    return tap_done();
  }
  tract = (PinnaTract*)object;
  test_voices(tract);
  test_change(tract);
  test_oddities(tract);
  pinna_arena_free(memory);
  return tap_done();
}
