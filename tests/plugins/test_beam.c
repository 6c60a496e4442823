// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/array_file.h"
#include "plugins/common/file.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/plugins/lv2_state_fixture.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Geometry files: what they may say, what is said about bad ones, and that the plugin hears by them

enum { BLOCK = 256, N = 750 * BLOCK };

static const char* const square = "# A square\n\nunit mm\n-20 -30 0 # left\r\n20,-30,0\n-20; 30; "
                                  "5.5\n\t2e1 30 5.5";

static void
test_good(void) {
  static const struct {
    const char* text;
    const char* name;
    double      scale;
  } rows[] = {{"unit mm\n1 2 3\n4 5 6\n", "millimetres", 1e-3},
              {"\xEF\xBB\xBF"
               "unit cm\r\n1 2 3\r\n4 5 6",
               "centimetres from another system", 1e-2},
              {"unit m # metres\n+1 2 3\n4 5 6", "metres with a sign", 0.25},
              {"0.1;0.2;0.3\n0.4 , 0.5 ,0.6", "metres by default", 0.1}};
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    PinnaArray array = {0};
    PinnaError error = {""};
    char       text[128];
    snprintf(text, sizeof(text), "%s", rows[i].text);
    if (rows[i].scale == 0.25) { // So that they are near enough
      snprintf(text, sizeof(text), "unit m\n+.25 .5 .75\n1 1.25 1.5");
    }
    const PinnaStatus status =
        pinna_array_file_parse(&array, 2U, text, strlen(text), "good", &error);
    double worst = 0.0;
    for (uint32_t k = 0U; k < 6U; ++k) {
      const double off = array.at[k / 3U][k % 3U] - rows[i].scale * (k + 1U);
      worst = off * off > worst ? off * off : worst;
    }
    tap_ok(!status && array.n_mics == 2U && worst < 1e-24, "%s %s", rows[i].name, error.text);
  }
}

/// What is wrong is named with file and line, and so is the cure
static void
test_bad(void) {
  static const struct {
    const char* text;
    const char* said;
    const char* cure;
  } rows[] = {
      {"", "bad: 0 microphones, but this plugin has 2", "write a line 'x y z' for each"},
      {"# x\n0 0 0", "bad: 1 microphones", "write a line"},
      {"0 0 0\n0.05 0", "bad:2: x, y and z are wanted", "'0.05 0 0'"},
      {"0 0 0\n0.05 O 0", "bad:2: 'O' is no number", "write x, y and z"},
      {"0 0 0\n0.05 0 nan", "bad:2: 'nan' is no number", "write x, y and z"},
      {"0 0 0\n0.05 0 0 7", "bad:2: '7' is too much", "comments begin with #"},
      {"0 0 0\n0.05 0 0\n\n.1 0 0", "bad:4: one microphone too many", "this plugin has 2"},
      {"unit inch\n0 0 0\n1 0 0", "bad:1: the unit is not known",
       "'unit m', 'unit cm' or 'unit mm'"},
      {"unit\n0 0 0\n1 0 0", "bad:1: the unit is not known", "'unit mm'"},
      {"0 0 0\nunit mm\n1 0 0", "bad:2: the unit is said once", "move this line up"},
      {"unit m\nunit m\n0 0 0\n1 0 0", "bad:2: the unit is said once", "move this line up"},
      {"-25 0 0\n25 0 0", "bad:2: 50 m from microphone 1", "'unit mm'"},
      {"unit m\n-25 0 0\n25 0 0", "bad:3: 50 m from microphone 1", "look at the unit"},
      {"unit mm\n1 2 3\n\n1 2 3.05", "bad:4: the same place as microphone 1 in line 2", "its own"},
      {"mics: 2\n0 0 0\n1 0 0", "bad:1: 'mics:' is no number", "write x, y and z"},
  };
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    PinnaArray array = {.n_mics = 77U};
    PinnaError error = {""};
    tap_int(pinna_array_file_parse(&array, 2U, rows[i].text, strlen(rows[i].text), "bad", &error),
            PINNA_STATUS_BAD_FILE, "refused");
    tap_ok(strstr(error.text, rows[i].said) == error.text && strstr(error.text, rows[i].cure),
           "it says: %s", error.text);
    tap_int(array.n_mics, 77, "and leaves the array alone");
  }
  PinnaArray array;
  PinnaError error = {""};
  tap_int(pinna_array_file_parse(&array, 2U, "0 0 0\0 1", 8U, "bad", &error), PINNA_STATUS_BAD_FILE,
          "a binary: %s", error.text);
  error.text[0] = '\0';
  tap_int(pinna_array_file_read(&array, 2U, "/dev/zero", &error), PINNA_STATUS_BAD_FILE,
          "a device without end: %s", error.text);
  error.text[0] = '\0';
  tap_int(pinna_array_file_read(&array, 2U, "/nonexistent/geometry", &error), PINNA_STATUS_IO,
          "no file: %s", error.text);
}

static void
write_file(char* const path, const char* const text) {
  strcpy(path, P_tmpdir "/pinna-geometry-XXXXXX");
  const int fd = mkstemp(path);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd)) {
    tap_skip_all("no file can be written");
  }
}

/// Noise from one side that comes and goes over noise from everywhere
static void
render(FixturePlugin* const p, float* const* const out) {
  float** const in = fixture_buffers(p->n_in, N);
  unsigned      seed = 21U;
  for (uint32_t i = 0U; i < N; ++i) {
    const float voice = i > 36000U && (i / 6000U) % 2U ? 0.1f * tap_noise(&seed) : 0.0f;
    for (uint32_t c = 0U; c < p->n_in; ++c) {
      const uint32_t at = i + 3U * c;
      in[c][i] += 0.02f * tap_noise(&seed);
      if (at < N) {
        in[c][at] += voice;
      }
    }
  }
  fixture_restart(p);
  fixture_render(p, in, out, N, BLOCK);
  free(in);
}

/// Steered by the places, so that they are heard
static FixturePlugin*
load(Fixture* const fixture) {
  FixturePlugin* const p = fixture_load(fixture, "urn:pinna:beam:4", 48000.0);
  *fixture_control(p, "mode") = 1.0f;
  *fixture_control(p, "azimuth") = 30.0f;
  return p;
}

static void
wait_for_file(FixturePlugin* const p) {
  float** const x = fixture_buffers(p->n_in + p->n_out, BLOCK);
  for (int i = 0; i < 3; ++i) {
    fixture_run(p, x, x + p->n_in, BLOCK);
    fixture_work(p);
  }
  free(x);
}

static void
test_state(FixturePlugin* const a, float* const* const want, float* const* const out) {
  Fixture* const       fixture = a->fixture;
  FixturePlugin* const b = fixture_load(fixture, "urn:pinna:beam:4", 48000.0);
  LilvState* const     state = fixture_save_state(a);
  fixture_restore_state(b, state);
  render(b, out);
  tap_int((long long)*fixture_control(b, "geometry_status"), PINNA_FILE_READY,
          "a state brings its geometry along");
  tap_all_equal(out[0], want[0], N, "and sounds the same");
  lilv_state_free(state);
  fixture_free(b);
}

static void
test_plugin(Fixture* const fixture) {
  static const float   places[12] = {-20, -30, 0, 20, -30, 0, -20, 30, 5.5F, 20, 30, 5.5F};
  FixturePlugin* const p = load(fixture);
  float** const        by_hand = fixture_buffers(p->n_out, N);
  float** const        out = fixture_buffers(p->n_out, N);
  char                 good[64];
  char                 bad[64];
  write_file(good, square);
  write_file(bad, "0 0 0\n1 1\n");

  *fixture_control(p, "array") = 2.0f;
  render(p, by_hand);
  *fixture_control(p, "array") = 3.0f;
  render(p, out);
  tap_int((long long)*fixture_control(p, "geometry_status"), PINNA_FILE_NONE, "no file yet");
  for (uint32_t i = 0U; i < 12U; ++i) {
    char symbol[16];
    snprintf(symbol, sizeof(symbol), "mic%u_%c", i / 3U + 1U, "xyz"[i % 3U]);
    *fixture_control(p, symbol) = places[i];
  }
  tap_ok(memcmp(out[0], by_hand[0], N * sizeof(float)) == 0, "without one, the places count");
  *fixture_control(p, "array") = 2.0f;
  render(p, by_hand);
  tap_ok(memcmp(out[0], by_hand[0], N * sizeof(float)) != 0, "places are heard");

  FixturePlugin* const q = load(fixture);
  *fixture_control(q, "array") = 3.0f;
  fixture_send_path(q, "urn:pinna:beam4#geometry", good);
  wait_for_file(q);
  render(q, out);
  tap_int((long long)*fixture_control(q, "geometry_status"), PINNA_FILE_READY, "a file is loaded");
  tap_all_equal(out[0], by_hand[0], N, "the file's places sound as those set by hand");
  tap_all_equal(out[1], by_hand[1], N, "so does the residual");
  test_state(q, by_hand, out);
  fixture_send_path(q, "urn:pinna:beam4#geometry", bad);
  wait_for_file(q);
  render(q, out);
  tap_int((long long)*fixture_control(q, "geometry_status"), PINNA_FILE_FAILED, "a bad file fails");
  tap_all_equal(out[0], by_hand[0], N, "and the good one stays");
  unlink(good);
  unlink(bad);
  fixture_free(p);
  fixture_free(q);
  free(by_hand);
  free(out);
}

/// The preset finds its file beside itself
static void
test_preset(Fixture* const fixture) {
  FixturePlugin* const  p = fixture_load(fixture, "urn:pinna:beam:4", 48000.0);
  const LilvNode* const node = fixture_node(fixture, "urn:pinna:beam4:preset:tetrahedron");
  LilvState* const      state = fixture_read_preset(p, node);
  if (tap_ok(state, "the preset with a file is there")) {
    fixture_restore_state(p, state);
    wait_for_file(p);
    tap_int((long long)*fixture_control(p, "geometry_status"), PINNA_FILE_READY,
            "it brings its geometry along");
    tap_int((long long)*fixture_control(p, "array"), 3, "and uses it");
  }
  lilv_state_free(state);
  fixture_free(p);
}

int
main(void) {
  test_good();
  test_bad();
  Fixture* const fixture = fixture_open();
  fixture_offer_worker(fixture);
  test_plugin(fixture);
  test_preset(fixture);
  fixture_close(fixture);
  return tap_done();
}
