// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"

#include <lv2/atom/atom.h>
#include <lv2/midi/midi.h>
#include <math.h>
#include <stdalign.h>

// Any plugin runs: refusals, ports, audio, controls, latency, events

enum { N = 128 };

static void
expect_refusal(PinnaWorld* const world, const char* const uri,
               const PinnaInstanceConfig* const config, const PinnaStatus expected,
               const char* const names) {
  PinnaError        error = {""};
  PinnaInstance*    instance = NULL;
  const PinnaStatus status = pinna_instance_new(&instance, world, uri, config, &error);
  tap_int(status, expected, "%s is refused: %s", uri, error.text);
  tap_ok(!instance && strstr(error.text, names), "the error names '%s'", names);
  pinna_instance_free(instance);
}

static void
test_refusals(PinnaWorld* const world) {
  expect_refusal(world, "urn:pinna:test:ampp", &live, PINNA_STATUS_NOT_FOUND,
                 "did you mean 'urn:pinna:test:amp'");
  expect_refusal(world, "urn:pinna:test:unknown", &live, PINNA_STATUS_UNSUPPORTED,
                 "urn:pinna:test:a-feature-nobody-has");
  expect_refusal(world, "urn:pinna:test:refuse", &live, PINNA_STATUS_UNSUPPORTED, "48000 Hz");
  expect_refusal(world, "urn:pinna:test:missing", &live, PINNA_STATUS_BAD_FILE, "missing.so");
  expect_refusal(world, "urn:pinna:test:broken", &live, PINNA_STATUS_BAD_FILE, "broken.lv2");
  expect_refusal(world, "urn:pinna:test:fixed", &live, PINNA_STATUS_UNSUPPORTED,
                 "fixedBlockLength");

  const PinnaInstanceConfig bad[] = {
      {.sample_rate = 0.0, .max_block = N},
      {.sample_rate = NAN, .max_block = N},
      {.sample_rate = 48000.0, .max_block = 0U},
  };
  for (size_t i = 0U; i < 3U; ++i) {
    expect_refusal(world, "urn:pinna:test:amp", bad + i, PINNA_STATUS_BAD_ARG, "cannot run at");
  }
  pinna_instance_free(NULL);
}

static void
test_ports(PinnaWorld* const world) {
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  if (!amp) {
    return;
  }

  tap_string(pinna_instance_name(amp), "Test amp", "name");
  tap_string(pinna_instance_uri(amp), "urn:pinna:test:amp", "URI");
  tap_int(pinna_instance_n_ports(amp), 8, "ports");
  const PinnaPortInfo* const gain = pinna_instance_port(amp, port_of(amp, "gain"));
  tap_string(gain->unit, "dB", "unit of a known kind");
  tap_near((double)gain->minimum, -90.0, 0.0, "minimum");
  tap_near((double)gain->maximum, 24.0, 0.0, "maximum");

  const PinnaPortInfo* const mode = pinna_instance_port(amp, port_of(amp, "mode"));
  tap_int(mode->n_points, 3, "scale points");
  tap_string(mode->points[1].label, "Inverted", "sorted by value");
  tap_ok(mode->flags & PINNA_PORT_ENUMERATION, "enumeration");

  const PinnaPortInfo* const cutoff = pinna_instance_port(amp, port_of(amp, "cutoff"));
  tap_near((double)cutoff->maximum, 24000.0, 0.0, "half of the sample rate");
  tap_near((double)cutoff->initial, 12000.0, 0.0, "default times the sample rate");
  tap_ok(cutoff->flags & PINNA_PORT_LOGARITHMIC, "logarithmic");
  tap_ok(pinna_instance_port(amp, port_of(amp, "enabled"))->flags & PINNA_PORT_ENABLED, "enabled");

  PinnaError error = {""};
  uint32_t   port = 0U;
  tap_int(pinna_instance_find(amp, "gian", &port, &error), PINNA_STATUS_NOT_FOUND, "misspelt");
  tap_ok(strstr(error.text, "did you mean 'gain'") != NULL, "nearest symbol: %s", error.text);
  tap_ok(!pinna_instance_port(amp, 8U), "no ninth port");
  pinna_instance_free(amp);
}

static void
test_channels(PinnaWorld* const world) {
  PinnaInstance* const side = start(world, "urn:pinna:test:sidechain", &live);
  PinnaInstance* const cv = start(world, "urn:pinna:test:cv", &live);
  if (!side || !cv) {
    return;
  }

  tap_int(pinna_instance_n_audio_in(side), 3, "all inputs");
  tap_int(pinna_instance_n_main_in(side), 2, "without the side chain");
  tap_int(pinna_instance_audio_in(side, 2U), 0, "the side chain comes last");
  tap_int(pinna_instance_n_audio_in(cv), 2, "audio and CV");
  tap_int(pinna_instance_n_main_in(cv), 1, "the audio is the main input");
  tap_int(pinna_instance_audio_in(cv, 1U), 0, "CV comes after it");

  float              data[5][N];
  unsigned           seed = 3U;
  const float* const in[] = {data[0], data[1], data[2]};
  float* const       out[] = {data[3], data[4]};
  for (unsigned i = 0U; i < 3U * N; ++i) {
    data[i / N][i % N] = tap_noise(&seed);
  }

  float expected[N];
  for (unsigned i = 0U; i < N; ++i) {
    expected[i] = data[1][i] * data[2][i];
  }
  pinna_instance_run(side, in, out, N);
  tap_all_equal(data[4], expected, N, "multiplied by the side chain");
  const float* const unkeyed[] = {data[0], data[1], NULL};
  pinna_instance_run(side, unkeyed, out, N);
  tap_all_equal(data[4], data[1], N, "an optional input without a source is left unconnected");
  tap_near((double)value_of(side, "keyed"), 0.0, 0.0, "which the plugin sees");

  float* const half[] = {NULL, data[4]};
  pinna_instance_run(cv, in, half, N);
  for (unsigned i = 0U; i < N; ++i) {
    expected[i] = 2.0F * data[1][i];
  }
  tap_all_equal(data[4], expected, N, "CV out of CV, with the audio thrown away");
  pinna_instance_free(side);
  pinna_instance_free(cv);
}

static void
test_controls(PinnaWorld* const world) {
  static const struct {
    const char* symbol;
    float       set;
    double      get;
  } cases[] = {
      {"gain", 6.5F, 6.5},       {"gain", 99.0F, 24.0},  {"gain", -INFINITY, -90.0},
      {"repeat", 2.4F, 2.0},     {"repeat", 2.6F, 3.0},  {"repeat", -7.0F, 1.0},
      {"enabled", 0.3F, 1.0},    {"enabled", 0.0F, 0.0}, {"enabled", 7.0F, 1.0},
      {"mode", 0.7F, 1.0},       {"mode", 9.0F, 2.0},    {"mode", 0.0F, 0.0},
      {"cutoff", 1e6F, 24000.0}, {"cutoff", 0.0F, 4.8},
  };
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  if (!amp) {
    return;
  }

  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    set_value(amp, cases[i].symbol, cases[i].set);
    tap_near((double)value_of(amp, cases[i].symbol), cases[i].get, 1e-6 * fabs(cases[i].get),
             "%s = %g", cases[i].symbol, (double)cases[i].set);
  }
  set_value(amp, "gain", 3.0F);
  set_value(amp, "gain", NAN);
  tap_near((double)value_of(amp, "gain"), 3.0, 0.0, "NaN changes nothing");
  pinna_instance_set(amp, 1234567U, 1.0F);
  pinna_instance_set(amp, 0U, 1.0F);
  tap_ok(isnan(pinna_instance_get(amp, 1234567U)), "no such port: nothing happens");
  pinna_instance_free(amp);

  PinnaInstance* const meter = start(world, "urn:pinna:test:meter", &live);
  if (meter) {
    set_value(meter, "reset", 1.0F);
    for (int i = 0; i < 5; ++i) {
      run_silence(meter, N);
    }
    tap_near((double)value_of(meter, "resets"), 1.0, 0.0, "a trigger falls back after one run");
    tap_ok(!pinna_instance_in_place(meter), "in-place broken");
    pinna_instance_free(meter);
  }
}

static void
test_text(PinnaWorld* const world) {
  static const struct {
    const char* symbol;
    const char* text;
    double      value; ///< NAN: refused
    const char* error;
  } cases[] = {
      {"gain", "3", 3.0, ""},
      {"gain", "-3dB", -3.0, ""},
      {"gain", "1.5e1 db", 15.0, ""},
      {"gain", "2kHz", NAN, "a number from -90 to 24 dB, not '2kHz'"},
      {"gain", "loud", NAN, "'gain' takes a number"},
      {"gain", "25", NAN, "from -90 to 24 dB"},
      {"gain", "nan", NAN, "not 'nan'"},
      {"gain", "inf", NAN, "not 'inf'"},
      {"gain", "", NAN, "not ''"},
      {"gain", "3 4", NAN, "not '3 4'"},
      {"cutoff", "2kHz", 2000.0, ""},
      {"cutoff", "2.5 k", 2500.0, ""},
      {"cutoff", "440", 440.0, ""},
      {"cutoff", "10 ms", NAN, "Hz"},
      {"mode", "inverted", 1.0, ""},
      {"mode", "2", 2.0, ""},
      {"mode", "sideways", NAN, "'Straight' (0), 'Inverted' (1), 'Mute' (2)"},
      {"repeat", "2", 2.0, ""},
      {"repeat", "2.5", NAN, "a whole number from 1 to 4"},
      {"enabled", "off", 0.0, ""},
      {"enabled", "Yes", 1.0, ""},
      {"enabled", "FALSE", 0.0, ""},
      {"enabled", "1", 1.0, ""},
      {"enabled", "maybe", NAN, "on or off"},
      {"in", "1", NAN, "not a control"},
      {"gane", "1", NAN, "did you mean 'gain'"},
  };
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  if (!amp) {
    return;
  }

  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    PinnaError        error = {""};
    const PinnaStatus status = pinna_instance_set_text(amp, cases[i].symbol, cases[i].text, &error);
    if (isnan(cases[i].value)) {
      tap_ok(status && strstr(error.text, cases[i].error), "%s = '%s' is refused: %s",
             cases[i].symbol, cases[i].text, error.text);
    } else {
      tap_near(status ? NAN : (double)value_of(amp, cases[i].symbol), cases[i].value,
               1e-6 * fabs(cases[i].value), "%s = '%s' %s", cases[i].symbol, cases[i].text,
               error.text);
    }
  }
  pinna_instance_free(amp);
}

static void
test_parameters(PinnaWorld* const world) {
  static const struct {
    const char* name;
    const char* text;
    const char* symbol; ///< Output that tells
    double      value;
    const char* error;
  } cases[] = {
      {"gain", "0.5", "gain_now", 0.5, ""},
      {"how loud", "2", "gain_now", 2.0, ""},
      {"urn:pinna:test:params#gain", "0.25", "gain_now", 0.25, ""},
      {"gain", "5", "", NAN, "a number from 0 to 4, not '5'"},
      {"gain", "loud", "", NAN, "a number from 0 to 4"},
      {"count", "-3", "count_now", -3.0, ""},
      {"count", "2.5", "", NAN, "a whole number"},
      {"on", "Yes", "on_now", 1.0, ""},
      {"on", "maybe", "", NAN, "on or off"},
      {"text", "one: 8; two", "text_now", 11.0, ""},
      {"file", "/a/b", "path_now", 4.0, ""},
      {"path", "/a/b/c", "path_now", 6.0, ""},
      {"shape", "1 2 3", "", NAN, "of a type that no text can say"},
      {"gane", "1", "", NAN,
       "did you mean 'gain'? Its parameters are count, file, gain, on, shape and "
       "text"},
      {"gain_now", "1", "", NAN, "not a control"},
  };
  PinnaInstance* const params = start(world, "urn:pinna:test:params", &live);
  for (size_t i = 0U; params && i < sizeof(cases) / sizeof(cases[0]); ++i) {
    PinnaError        error = {""};
    const PinnaStatus checked =
        pinna_instance_check_text(params, cases[i].name, cases[i].text, NULL);
    const PinnaStatus status =
        pinna_instance_set_text(params, cases[i].name, cases[i].text, &error);
    if (isnan(cases[i].value)) {
      tap_ok(status && checked == status && strstr(error.text, cases[i].error),
             "%s = '%s' is refused: %s", cases[i].name, cases[i].text, error.text);
    } else {
      run_silence(params, 1U);
      tap_near(status || checked ? NAN : (double)value_of(params, cases[i].symbol), cases[i].value,
               1e-6, "%s = '%s' %s", cases[i].name, cases[i].text, error.text);
    }
  }
  char folder[4096];
  pinna_instance_set_text(params, "file", "here.txt", NULL);
  pinna_instance_set_text(params, "gain", "3", NULL);
  pinna_instance_reset(params);
  tap_near((double)value_of(params, "path_now"),
           (double)strlen(getcwd(folder, sizeof(folder)) ? folder : "") + 9.0, 0.0,
           "a path is of the working folder, and a reset takes what waits");
  float        sound = 0.0F;
  float* const outs[] = {&sound};
  pinna_instance_run(params, NULL, outs, 1U);
  tap_near((double)sound, 3.0, 0.0, "so that the first sample is right");
  pinna_instance_free(params);
}

static void
test_audio(PinnaWorld* const world) {
  PinnaInstance* const amp = start(world, "urn:pinna:test:amp", &live);
  if (!amp) {
    return;
  }

  float              in[N];
  float              out[N];
  float              expected[N];
  unsigned           seed = 11U;
  const float* const ins[] = {in};
  float* const       outs[] = {out};
  for (unsigned i = 0U; i < N; ++i) {
    in[i] = tap_noise(&seed);
    expected[i] = -2.0F * in[i];
    out[i] = 77.0F;
  }
  set_value(amp, "gain", 20.0F * log10f(2.0F));
  set_value(amp, "mode", 1.0F);
  pinna_instance_run(amp, ins, outs, 0U);
  tap_near((double)out[0], 77.0, 0.0, "0 frames touch nothing");
  pinna_instance_run(amp, ins, outs, 1U);
  tap_near((double)out[0], (double)expected[0], 1e-6, "1 frame");
  tap_near((double)out[1], 77.0, 0.0, "and no more");
  pinna_instance_run(amp, ins, outs, N);
  tap_all_near(out, expected, N, 1e-6, "a whole block");
  pinna_instance_run(amp, (const float* const[]){out}, outs, N);
  for (unsigned i = 0U; i < N; ++i) {
    expected[i] *= -2.0F;
  }
  tap_all_near(out, expected, N, 1e-6, "in place");
  pinna_instance_run(amp, (const float* const[]){NULL}, outs, N);
  tap_ok(out[0] == 0.0F && out[N - 1] == 0.0F, "no input is silence");
  pinna_instance_free(amp);
}

static void
test_blocks(PinnaWorld* const world) {
  PinnaInstance* const      pow2 = start(world, "urn:pinna:test:pow2", &live);
  const PinnaInstanceConfig config = {.sample_rate = 48000.0, .max_block = N, .fixed_block = true};
  PinnaInstance* const      fixed = start(world, "urn:pinna:test:fixed", &config);
  float                     in[N];
  float                     out[N];
  unsigned                  seed = 5U;
  for (unsigned i = 0U; i < N; ++i) {
    in[i] = tap_noise(&seed);
  }
  for (unsigned n = 1U; pow2 && n <= N; ++n) {
    memset(out, 0, sizeof(out));
    pinna_instance_run(pow2, (const float* const[]){in}, (float* const[]){out}, n);
    if (memcmp(in, out, n * sizeof(float)) != 0) {
      tap_all_equal(out, in, n, "powers of two, %u frames", n);
    }
  }
  if (pow2 && fixed) {
    tap_near((double)value_of(pow2, "wrong"), 0.0, 0.0, "every run was a power of two");
    run_silence(fixed, N);
    tap_near((double)value_of(fixed, "wrong"), 0.0, 0.0, "fixed blocks, where they are promised");
  }
  pinna_instance_free(pow2);
  pinna_instance_free(fixed);
}

static void
test_latency(PinnaWorld* const world) {
  PinnaInstance* const delay = start(world, "urn:pinna:test:delay", &live);
  if (!delay) {
    return;
  }

  tap_int(pinna_instance_latency(delay), 100, "known before the first run");
  set_value(delay, "frames", 64.0F);
  pinna_instance_reset(delay);
  tap_int(pinna_instance_latency(delay), 64, "learnt by a reset");
  float in[N] = {1.0F};
  float out[N];
  pinna_instance_run(delay, (const float* const[]){in}, (float* const[]){out}, N);
  unsigned at = 0U;
  while (at < N && out[at] == 0.0F) {
    ++at;
  }
  tap_int(at, 64, "the impulse comes so much later: the probe left nothing behind");
  set_value(delay, "frames", 5.0F);
  run_silence(delay, N);
  tap_int(pinna_instance_latency(delay), 5, "follows the port");
  pinna_instance_free(delay);

  const PinnaInstanceConfig offline = {.sample_rate = 48000.0, .max_block = 1U, .offline = true};
  PinnaInstance* const      amp = start(world, "urn:pinna:test:amp", &offline);
  tap_near(amp ? (double)value_of(amp, "fast") : NAN, 1.0, 0.0, "freewheeling is told offline");
  pinna_instance_free(amp);
}

static void
test_events(PinnaWorld* const world) {
  typedef struct {
    LV2_Atom atom;
    uint8_t  bytes[8];
  } Note;

  PinnaInstance* const midi = start(world, "urn:pinna:test:midi", &live);
  if (!midi) {
    return;
  }

  const LV2_URID  type = pinna_world_map(world, LV2_MIDI__MidiEvent);
  const Note      on = {{3U, type}, {0x90U, 60U, 100U}};
  Note            got = {{0U, 0U}, {0U}};
  uint32_t        port = 0U;
  uint64_t        frame = 0U;
  alignas(8) char large[40000] = {0};
  ((LV2_Atom*)large)->size = sizeof(large) - sizeof(LV2_Atom);

  tap_ok(pinna_instance_port(midi, 0U)->flags & PINNA_PORT_MIDI, "takes MIDI");
  tap_ok(!pinna_instance_read_event(midi, &port, &frame, &got, sizeof(got)), "nothing to read");
  run_silence(midi, 100U);
  tap_int(pinna_instance_write_event(midi, 0U, &on), PINNA_STATUS_OK, "note on");
  tap_int(pinna_instance_write_event(midi, 1U, &on), PINNA_STATUS_BAD_ARG, "not into an output");
  tap_int(pinna_instance_write_event(midi, 99U, &on), PINNA_STATUS_BAD_ARG, "not nowhere");
  tap_int(pinna_instance_write_event(midi, 0U, large), PINNA_STATUS_BAD_ARG, "too large");

  float out[N] = {0.0F};
  pinna_instance_run(midi, NULL, (float* const[]){out}, N);
  tap_near((double)out[0], 1.0, 0.0, "the note is held");
  tap_ok(pinna_instance_read_event(midi, &port, &frame, &got, sizeof(got)), "its echo");
  tap_int(port, 1, "from the output");
  tap_int((long long)frame, 103, "at frame 3 of a run that began at 100");
  tap_ok(!memcmp(&got, &on, sizeof(LV2_Atom) + 3U), "unchanged");
  tap_ok(!pinna_instance_read_event(midi, &port, &frame, &got, sizeof(got)), "once");

  unsigned n_written = 0U;
  while (!pinna_instance_write_event(midi, 0U, &on) && n_written < 1000000U) {
    ++n_written;
  }
  unsigned n_read = 0U;
  for (unsigned i = 0U; i < 100U; ++i) {
    run_silence(midi, N);
    while (pinna_instance_read_event(midi, &port, &frame, &got, sizeof(got))) {
      ++n_read;
    }
  }
  tap_int(n_read, n_written, "a full queue arrives in several runs, nothing lost");
  pinna_instance_free(midi);
}

static void
test_all(PinnaWorld* const world) {
  test_refusals(world);
  test_ports(world);
  test_channels(world);
  test_controls(world);
  test_text(world);
  test_parameters(world);
  test_audio(world);
  test_blocks(world);
  test_latency(world);
  test_events(world);
}

int
main(void) {
  return try_world(test_all);
}
