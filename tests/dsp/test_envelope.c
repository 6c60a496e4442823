// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/arena.h"
#include "dsp/envelope.h"
#include "tests/tap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

// The envelope of partials whose levels follow a known curve

#define N_BINS 2049U

static const double rate = 48000.0;
static float        energy[N_BINS];

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_envelope_init((PinnaEnvelope**)object, arena, (const PinnaEnvelopeConfig*)config);
}

/// A wide resonance at 1.5 kHz on a falling slope, natural logarithm
static double
level(const double hz) {
  return -hz / 3000.0 + 2.0 * exp(-0.5 * pow((hz - 1500.0) / 600.0, 2.0));
}

/// Main lobes of Hann's window, about Gaussian, at multiples of f0
static void
fill(const double f0, const double scale) {
  const double per_bin = rate / (2.0 * (N_BINS - 1U));
  for (uint32_t k = 0U; k < N_BINS; ++k) {
    const double hz = k * per_bin;
    const double h = fmax(1.0, rint(hz / f0));
    const double off = (hz - h * f0) / per_bin;
    energy[k] = (float)(scale * exp(2.0 * level(h * f0) - 1.1 * off * off) + 1e-12 * scale);
  }
}

int
main(void) {
  const PinnaEnvelopeConfig config = {rate, N_BINS};
  const PinnaEnvelopeConfig bad[] = {{1000.0, N_BINS}, {rate, 32U}, {rate, 70000U}};
  void*                     memory = NULL;
  void*                     object = NULL;
  for (uint32_t b = 0U; b < 3U; ++b) {
    tap_int(pinna_arena_build(&memory, &object, build, &bad[b]), PINNA_STATUS_BAD_ARG,
            "bad configuration %u is refused", b);
  }
  if (pinna_arena_build(&memory, &object, build, &config)) {
    tap_ok(false, "builds");
    return tap_done();
  }

  PinnaEnvelope* const envelope = (PinnaEnvelope*)object;
  for (double f0 = 80.0; f0 < 400.0; f0 *= 1.31) {
    for (double scale = 1e-6; scale < 1e5; scale *= 1e5) {
      double at_partials = 0.0;
      double between = 0.0;
      fill(f0, scale);
      pinna_envelope_run(envelope, energy, f0, NULL);
      for (double h = 1.0; h * f0 < 6000.0; h += 0.5) {
        const float  bin = (float)(h * f0 * 2.0 * (N_BINS - 1U) / rate);
        const double off =
            fabs((double)pinna_envelope_at(envelope, bin) - 0.5 * log(scale) - level(h * f0));
        at_partials = fmax(at_partials, h == floor(h) ? off : 0.0);
        between = fmax(between, off);
      }
      tap_at_most(at_partials * 8.686, 0.2, "f0 %.0f Hz, level %g: at the partials, dB", f0, scale);
      tap_at_most(between * 8.686, 1.0, "f0 %.0f Hz, level %g: between, dB", f0, scale);
    }
  }
  for (uint32_t k = 0U; k < N_BINS; ++k) {
    energy[k] = 0.0f;
  }
  pinna_envelope_run(envelope, energy, 0.0, NULL);
  tap_ok(isfinite(pinna_envelope_at(envelope, 5.5f)) &&
             isfinite(pinna_envelope_at(envelope, -9.0f)) &&
             isfinite(pinna_envelope_at(envelope, 1e6f)),
         "silence and places outside are finite");
  pinna_arena_free(memory);
  return tap_done();
}
