// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/inline_display.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/tap.h"

#include <lilv/lilv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The spectral masker through its ports: seed, trigger, meters, both channels alike, its picture

enum { N_FRAMES = 96000, BLOCK = 480 };

static float**
make_sound(const uint32_t n_channels, unsigned seed) {
  float** const x = fixture_buffers(n_channels, N_FRAMES);
  float         low = 0.0f;
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    low += 0.02f * (tap_noise(&seed) - low); // Falls by 6 dB an octave
    const float voice = 0.2f * sinf(0.02f * (float)i) + 0.1f * sinf(0.13f * (float)i);
    for (uint32_t c = 0U; c < n_channels; ++c) {
      x[c][i] = voice + 1.5f * low + 0.01f * tap_noise(&seed);
    }
  }
  return x;
}

static double
rms(const float* const x, const uint32_t from, const uint32_t to) {
  double sum = 0.0;
  for (uint32_t i = from; i < to; ++i) {
    sum += (double)x[i] * (double)x[i];
  }
  return sqrt(sum / (to - from));
}

static void
check_seed(Fixture* const fixture) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:specmask:stereo", 48000.0);
  float** const        in = make_sound(2U, 3U);
  float** const        a = fixture_buffers(2U, N_FRAMES);
  float** const        b = fixture_buffers(2U, N_FRAMES);
  *fixture_control(p, "time_rate") = 5.0f;
  *fixture_control(p, "freq_count") = 3.0f;
  *fixture_control(p, "fill") = 2.0f;
  fixture_restart(p);
  fixture_render(p, in, a, N_FRAMES, BLOCK);
  fixture_restart(p);
  fixture_render(p, in, b, N_FRAMES, 1024U);
  tap_all_equal(b[0], a[0], N_FRAMES, "activated again, masked again: left");
  tap_all_equal(b[1], a[1], N_FRAMES, "activated again, masked again: right");
  *fixture_control(p, "seed") = 77.0f;
  fixture_restart(p);
  fixture_render(p, in, b, N_FRAMES, BLOCK);
  tap_ok(memcmp(a[0], b[0], N_FRAMES * sizeof(float)) != 0, "another seed is heard");
  free(in);
  free(a);
  free(b);
  fixture_free(p);
}

static void
check_trigger(Fixture* const fixture) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:specmask:mono", 48000.0);
  const uint32_t       latency = fixture_latency(p);
  float** const        in = make_sound(1U, 5U);
  float** const        out = fixture_buffers(1U, N_FRAMES);
  float                most = 0.0f;
  *fixture_control(p, "time_mode") = 0.0f;
  *fixture_control(p, "freq_count") = 0.0f;
  *fixture_control(p, "time_width") = 300.0f;
  fixture_restart(p);
  for (uint32_t at = 0U; at < N_FRAMES; at += BLOCK) {
    float* const x = in[0] + at;
    float* const y = out[0] + at;
    *fixture_control(p, "trigger") = at >= 48000U && at < 60000U ? 1.0f : 0.0f;
    fixture_run(p, &x, &y, BLOCK);
    most = fmaxf(most, *fixture_control(p, "time_masked"));
  }
  const uint32_t from = 48000U + latency;
  tap_at_most(rms(out[0], from + 1500U, from + 12900U), 1e-6, "pressed: 300 ms of silence");
  tap_all_near(out[0] + from + 18000U, in[0] + from + 18000U - latency, N_FRAMES - from - 18000U,
               1e-6, "held down it does not mask again");
  tap_near((double)most, 100.0, 0.01, "the meter says that all was masked");
  free(in);
  free(out);
  fixture_free(p);
}

static void
write_ppm(const InlineDisplaySurface* const s, const char* const name) {
  const char* const dir = getenv("PINNA_DISPLAY_DIR");
  char              path[512];
  snprintf(path, sizeof(path), "%s/specmask-%s.ppm", dir ? dir : ".", name);
  FILE* const out = dir ? fopen(path, "wb") : NULL;
  if (out) {
    fprintf(out, "P6 %d %d 255\n", s->width, s->height);
    for (int i = 0; i < s->width * s->height; ++i) {
      const unsigned char* const p = s->data + i / s->width * s->stride + i % s->width * 4;
      const unsigned char        rgb[3] = {p[2], p[1], p[0]};
      fwrite(rgb, 1U, 3U, out);
    }
    fclose(out);
  }
}

/// With sound, the picture shows its spectrum; with PINNA_DISPLAY_DIR every preset's is written
static void
check_picture(Fixture* const fixture) {
  FixturePlugin* const                p = fixture_load(fixture, "urn:pinna:specmask:mono", 48000.0);
  const InlineDisplayInterface* const display =
      (const InlineDisplayInterface*)lilv_instance_get_extension_data(p->instance,
                                                                      INLINE_DISPLAY_INTERFACE_URI);
  const LV2_Handle handle = lilv_instance_get_handle(p->instance);
  float** const    in = make_sound(1U, 9U);
  float** const    out = fixture_buffers(1U, N_FRAMES);
  const size_t     bytes = 200U * 80U * 4U;
  void* const      before = malloc(bytes);
  memcpy(before, display->render(handle, 200U, 80U)->data, bytes);
  const unsigned n = fixture_n_redraws(fixture);
  fixture_render(p, in, out, N_FRAMES, BLOCK);
  tap_near(fixture_n_redraws(fixture) - n, 50.0, 3.0, "2 s ask for 25 pictures a second");
  tap_ok(memcmp(before, display->render(handle, 200U, 80U)->data, bytes) != 0,
         "the picture shows the sound");

  LilvNodes* const presets = fixture_presets(p);
  LILV_FOREACH(nodes, i, presets) {
    const LilvNode* const preset = lilv_nodes_get(presets, i);
    fixture_apply_preset(p, preset);
    fixture_restart(p);
    fixture_render(p, in, out, 48000U, BLOCK);
    write_ppm(display->render(handle, 500U, 200U), strrchr(lilv_node_as_uri(preset), ':') + 1);
  }
  lilv_nodes_free(presets);
  free(before);
  free(in);
  free(out);
  fixture_free(p);
}

int
main(void) {
  Fixture* const fixture = fixture_open();
  check_seed(fixture);
  check_trigger(fixture);
  check_picture(fixture);
  fixture_close(fixture);
  return tap_done();
}
