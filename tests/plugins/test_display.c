// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/inline_display.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Inline displays of every plugin: sizes kept, pixels premultiplied, the picture follows the
// values and the sound. With PINNA_DISPLAY_DIR set, writes what it draws there as PPM files

static bool
is_premultiplied(const InlineDisplaySurface* const s) {
  for (int i = 0; i < s->width * s->height; ++i) {
    const unsigned char* const p = s->data + i / s->width * s->stride + i % s->width * 4;
    if (p[0] > p[3] || p[1] > p[3] || p[2] > p[3]) {
      return false;
    }
  }
  return true;
}

static unsigned
count_colours(const InlineDisplaySurface* const s) {
  const uint32_t* const pixels = (const uint32_t*)(const void*)s->data;
  unsigned              n = 0U;
  for (int i = 1; i < s->width * s->height; ++i) {
    n += pixels[i] != pixels[i - 1];
  }
  return n;
}

static void
write_ppm(const InlineDisplaySurface* const s, const char* const name) {
  const char* const dir = getenv("PINNA_DISPLAY_DIR");
  char              path[512];
  if (!dir) {
    return;
  }
  snprintf(path, sizeof(path), "%s/%s-%dx%d.ppm", dir, name, s->width, s->height);
  FILE* const out = fopen(path, "wb");
  if (!out) {
    tap_diag("cannot write %s", path);
    return;
  }
  fprintf(out, "P6 %d %d 255\n", s->width, s->height);
  for (int i = 0; i < s->width * s->height; ++i) {
    const unsigned char* const p = s->data + i / s->width * s->stride + i % s->width * 4;
    fputc(p[2], out);
    fputc(p[1], out);
    fputc(p[0], out);
  }
  fclose(out);
}

static void
check_sizes(FixturePlugin* const p, const InlineDisplayInterface* const display,
            const char* const name) {
  static const uint32_t sizes[][2] = {{100U, 40U}, {1U, 1U},     {3U, 500U},    {200U, 20U},
                                      {61U, 61U},  {400U, 300U}, {1200U, 600U}, {100000U, 50U}};
  for (size_t i = 0U; i < PINNA_COUNT(sizes); ++i) {
    const InlineDisplaySurface* const s =
        display->render(lilv_instance_get_handle(p->instance), sizes[i][0], sizes[i][1]);
    if (tap_ok(s && s->width > 0 && s->height > 0 && (uint32_t)s->width <= sizes[i][0] &&
                   (uint32_t)s->height <= sizes[i][1] && s->stride >= 4 * s->width,
               "%s fits in %u x %u", name, sizes[i][0], sizes[i][1])) {
      tap_ok(is_premultiplied(s), "%s is premultiplied", name);
      write_ppm(s, name);
    }
  }
  tap_ok(!display->render(lilv_instance_get_handle(p->instance), 0U, 0U), "%s: nothing in 0 x 0",
         name);
}

/// Syllables of a gliding voice, later from channel to channel, over noise from the other side
static void
play(FixturePlugin* const p) {
  enum { RATE = 48000, N = 5 * RATE, BLOCK = 512 };
  float** const x = fixture_buffers(p->n_in + p->n_out, N);
  unsigned      seed = 5U;
  double        phase = 0.0;
  for (uint32_t i = 0U; i < N; ++i) {
    const double t = (double)i / RATE;
    const bool   speaks = t > 1.0 && fmod(t, 0.9) < 0.6;
    double       voice = 0.0;
    phase += (140.0 + 60.0 * sin(1.7 * t)) / RATE;
    for (int h = 1; speaks && h <= 40; ++h) {
      const double hz = h * (140.0 + 60.0 * sin(1.7 * t));
      const double near = fmin(fabs(hz - 600.0 - 200.0 * sin(5.0 * t)), fabs(hz - 1900.0));
      voice += sin(2.0 * M_PI * h * phase) / (h * (0.3 + near / 400.0));
    }
    const float noise = 0.08f * tap_noise(&seed);
    for (uint32_t c = 0U; c < p->n_in; ++c) {
      const uint32_t at = i + 4U * c;
      const uint32_t noise_at = i + 5U * (p->n_in - 1U - c);
      x[c][i] += 0.002f * tap_noise(&seed);
      x[c][at < N ? at : 0U] += (float)(0.06 * voice);
      x[c][noise_at < N ? noise_at : 0U] += noise;
    }
  }
  fixture_restart(p);
  fixture_render(p, x, x + p->n_in, N, BLOCK);
  free(x);
}

static void
check_sound(FixturePlugin* const p, const InlineDisplayInterface* const display,
            const char* const uri) {
  static const uint32_t sizes[][2] = {{100U, 40U}, {500U, 200U}, {1000U, 400U}};
  const LV2_Handle      handle = lilv_instance_get_handle(p->instance);
  uint32_t              before[100 * 40];
  char                  name[64];
  const char* const     last = strstr(uri, "pinna:") + 6;
  fixture_defaults(p);
  if (strstr(uri, ":beam:")) {
    *fixture_control(p, "azimuth") = strstr(uri, ":8") ? 60.0f : 125.0f; // The voice
  }
  fixture_run(p, (float* [FIXTURE_MAX_CHANNELS]){0}, (float* [FIXTURE_MAX_CHANNELS]){0}, 0U);
  memcpy(before, display->render(handle, 100U, 40U)->data, sizeof(before));
  play(p);
  const InlineDisplaySurface* s = display->render(handle, 100U, 40U);
  tap_ok(strstr(uri, ":eq:") || memcmp(before, s->data, sizeof(before)) != 0,
         "%s shows what it hears", uri);
  snprintf(name, sizeof(name), "sound-%.*s-%s", (int)strcspn(last, ":"), last,
           last + strcspn(last, ":") + 1U);
  for (size_t i = 0U; i < PINNA_COUNT(sizes); ++i) {
    s = display->render(handle, sizes[i][0], sizes[i][1]);
    write_ppm(s, name);
  }
}

/// Apply a preset; false if all was so before: one may name the defaults
static bool
moves_a_value(FixturePlugin* const p, const LilvNode* const preset) {
  const size_t n = p->n_ports * sizeof(float);
  float* const before = (float*)malloc(n);
  memcpy(before, p->value, n);
  fixture_apply_preset(p, preset);
  const bool is_new = memcmp(before, p->value, n) != 0;
  free(before);
  return is_new;
}

static void
check_plugin(Fixture* const fixture, const char* const uri) {
  FixturePlugin* const                p = fixture_load(fixture, uri, 48000.0);
  const InlineDisplayInterface* const display =
      (const InlineDisplayInterface*)lilv_instance_get_extension_data(p->instance,
                                                                      INLINE_DISPLAY_INTERFACE_URI);
  tap_ok(!display == !p->info->inline_display, "%s: the table tells whether it draws", uri);
  if (!display) {
    fixture_free(p);
    return;
  }

  LilvNodes* const presets = fixture_presets(p);
  check_sizes(p, display, "default");
  LILV_FOREACH(nodes, i, presets) {
    const LilvNode* const       preset = lilv_nodes_get(presets, i);
    uint32_t                    before[100 * 40];
    const size_t                bytes = sizeof(before);
    const InlineDisplaySurface* s =
        display->render(lilv_instance_get_handle(p->instance), 100U, 40U);
    memcpy(before, s->data, bytes);
    const bool is_new = moves_a_value(p, preset);
    fixture_run(p, (float* [FIXTURE_MAX_CHANNELS]){0}, (float* [FIXTURE_MAX_CHANNELS]){0}, 0U);
    s = display->render(lilv_instance_get_handle(p->instance), 100U, 40U);
    tap_ok((memcmp(before, s->data, bytes) != 0) == is_new,
           "%s draws something else, if it is something else", lilv_node_as_uri(preset));
    tap_at_least(count_colours(s), 100.0, "it is a picture");
    write_ppm(s, strrchr(lilv_node_as_uri(preset), ':') + 1);
    s = display->render(lilv_instance_get_handle(p->instance), 500U, 200U);
    write_ppm(s, strrchr(lilv_node_as_uri(preset), ':') + 1);
  }
  lilv_nodes_free(presets);
  check_sound(p, display, uri);
  fixture_free(p);
}

int
main(void) {
  return fixture_try_all(check_plugin);
}
