// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/instance.h"
#include "tests/tap.h"

#include <math.h>
#include <string.h>

// Any plugin runs: audio, controls, text, latency, events

enum { BLOCK = 128 };

static const PinnaInstanceConfig live = {.sample_rate = 48000.0, .max_block = BLOCK};

static void
test_eg_amp(PinnaWorld* const world) {
  static const char* const uri = "http://lv2plug.in/plugins/eg-amp";
  PinnaError               error = {""};
  PinnaInstance*           amp = NULL;
  if (!pinna_world_plugin(world, uri, NULL)) {
    tap_skip("package lv2-examples is not installed", "eg-amp");
    return;
  }
  if (!tap_int(pinna_instance_new(&amp, world, uri, &live, &error), PINNA_STATUS_OK, "eg-amp: %s",
               error.text)) {
    return;
  }

  tap_int(pinna_instance_n_audio_in(amp), 1, "one input");
  tap_int(pinna_instance_n_audio_out(amp), 1, "one output");
  uint32_t gain = 0U;
  tap_int(pinna_instance_find(amp, "gain", &gain, &error), PINNA_STATUS_OK, "gain");
  const PinnaPortInfo* const info = pinna_instance_port(amp, gain);
  tap_string(info->unit, "dB", "unit");
  tap_near((double)info->minimum, -90.0, 0.0, "minimum");
  tap_near((double)info->maximum, 24.0, 0.0, "maximum");

  float    in[BLOCK];
  float    out[BLOCK];
  float    expected[BLOCK];
  unsigned seed = 1U;
  for (unsigned i = 0U; i < BLOCK; ++i) {
    in[i] = tap_noise(&seed);
    expected[i] = in[i] * 2.0F;
  }
  const float* const ins[] = {in};
  float* const       outs[] = {out};
  pinna_instance_set(amp, gain, 20.0F * log10f(2.0F));
  pinna_instance_run(amp, ins, outs, BLOCK);
  tap_all_near(out, expected, BLOCK, 1e-6, "+6.02 dB doubles");
  pinna_instance_free(amp);
}

int
main(void) {
  PinnaError  error = {""};
  PinnaWorld* world = NULL;
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world: %s", error.text);
  if (world) {
    test_eg_amp(world);
  }
  pinna_world_free(world);
  return tap_done();
}
