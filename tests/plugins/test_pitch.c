// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/pitch.lv2/ports.h"
#include "tests/plugins/lv2_fixture.h"
#include "tests/tap.h"

#include <lv2/atom/atom.h>
#include <lv2/midi/midi.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The pitch plugin: modes and their latency, notes, what it reports

enum { N = 48000, BLOCK = 512 };

typedef struct {
  uint32_t frame;
  uint8_t  bytes[3];
} Message;

static float* in;
static float* out;

static uint32_t
event_port(const FixturePlugin* const p) {
  uint32_t port = 0U;
  while (port < p->n_ports && !p->events[port]) {
    ++port;
  }
  return port;
}

/// Run `in` to `out` with messages at frames of the whole
static void
play(FixturePlugin* const p, Fixture* const fixture, const Message* const messages,
     const uint32_t n_messages, const uint32_t block) {
  const LV2_URID_Map* const map = (const LV2_URID_Map*)fixture_urid_map(fixture);
  const LV2_URID            midi = map->map(map->handle, LV2_MIDI__MidiEvent);
  const LV2_URID            sequence = map->map(map->handle, LV2_ATOM__Sequence);
  LV2_Atom_Sequence* const  events = (LV2_Atom_Sequence*)p->events[event_port(p)];
  for (uint32_t at = 0U; at < N; at += block) {
    const uint32_t n = N - at < block ? N - at : block;
    char*          to = (char*)(&events->body + 1);
    for (uint32_t m = 0U; m < n_messages; ++m) {
      if (messages[m].frame >= at && messages[m].frame < at + n) {
        const LV2_Atom_Event head = {{.frames = messages[m].frame - at}, {3U, midi}};
        memcpy(to, &head, sizeof(head));
        memset(to + sizeof(head), 0, 8U);
        memcpy(to + sizeof(head), messages[m].bytes, 3U);
        to += sizeof(head) + 8U;
      }
    }
    events->atom.type = sequence;
    events->atom.size = (uint32_t)(to - (char*)&events->body);
    events->body = (LV2_Atom_Sequence_Body){0U, 0U};
    lilv_instance_connect_port(p->instance, p->in_port[0], in + at);
    lilv_instance_connect_port(p->instance, p->out_port[0], out + at);
    lilv_instance_run(p->instance, n);
  }
}

/// Frequency of a tone from its rising zero crossings between two frames
static double
frequency(const float* const x, const uint32_t first, const uint32_t last) {
  double   begin = 0.0;
  double   end = 0.0;
  uint32_t n = 0U;
  for (uint32_t i = first; i + 1U < last; ++i) {
    if (x[i] < 0.0f && x[i + 1U] >= 0.0f) {
      end = i + (double)x[i] / ((double)x[i] - (double)x[i + 1U]);
      begin = n++ ? begin : end;
    }
  }
  return n > 1U ? 48000.0 * (n - 1U) / (end - begin) : 0.0;
}

static double
cents(const double actual, const double wanted) {
  return 1200.0 * log2(fmax(actual, 1.0) / wanted);
}

static void
fill_tone(const double hz) {
  for (uint32_t i = 0U; i < N; ++i) {
    in[i] = 0.25f * (float)sin(2.0 * M_PI * hz * i / 48000.0);
  }
}

static void
check_modes(Fixture* const fixture) {
  static const double  limit_ms[] = {64.0, 43.0, 30.0};
  FixturePlugin* const p = fixture_load(fixture, PITCH_MONO_URI, 48000.0);
  for (int mode = 0; mode < PINNA_PITCH_N_MODES; ++mode) {
    *fixture_control(p, "mode") = (float)mode;
    fixture_restart(p);
    fixture_run(p, &in, &out, BLOCK);
    const float latency = *fixture_control(p, "latency");
    tap_at_most((double)latency / 48.0, limit_ms[mode], "mode %d: latency, ms", mode);
    *fixture_control(p, "mode") = (float)((mode + 1) % PINNA_PITCH_N_MODES);
    fixture_run(p, &in, &out, BLOCK);
    *fixture_control(p, "semitones") = -7.0f;
    fixture_run(p, &in, &out, BLOCK);
    tap_int((int)*fixture_control(p, "latency"), (int)latency,
            "mode %d: a choice waits for the next activation", mode);
  }
  fixture_free(p);
}

static void
check_notes(Fixture* const fixture, const int mode) {
  static const Message interval[] = {{100U, {0x90, 64, 90}},
                                     {20000U, {0x91, 53, 1}},
                                     {34000U, {0x81, 53, 0}},
                                     {34001U, {0xE0, 0, 96}}};
  FixturePlugin* const p = fixture_load(fixture, PITCH_MONO_URI, 48000.0);
  *fixture_control(p, "mode") = (float)mode;
  *fixture_control(p, "midi_mode") = PITCH_MIDI_INTERVAL;
  fill_tone(330.0);
  play(p, fixture, interval, 4U, BLOCK);
  tap_near(cents(frequency(out, 8000U, 20000U), 330.0), 400.0, 2.0,
           "mode %d: E above middle C shifts up by four semitones, cents", mode);
  tap_near(cents(frequency(out, 27000U, 34000U), 330.0), -700.0, 2.0,
           "mode %d: the newest note counts", mode);
  tap_near(cents(frequency(out, 41000U, N), 330.0), 500.0, 2.0,
           "mode %d: then the one still held, bent by half the wheel", mode);

  static const Message target[] = {{10U, {0x90, 69, 90}}};
  *fixture_control(p, "midi_mode") = PITCH_MIDI_TARGET;
  fixture_restart(p);
  fill_tone(391.0);
  play(p, fixture, target, 1U, BLOCK);
  tap_near(cents(frequency(out, 12000U, N), 440.0), 0.0, 2.0, "mode %d: A is sung at 440 Hz, cents",
           mode);
  tap_near((double)*fixture_control(p, "pitch"), 391.0, 0.2, "mode %d: detected, Hz", mode);
  tap_at_least((double)*fixture_control(p, "confidence"), 0.95, "mode %d: confidence", mode);

  *fixture_control(p, "midi_mode") = PITCH_MIDI_OFF;
  fixture_restart(p);
  play(p, fixture, target, 1U, BLOCK);
  tap_near(cents(frequency(out, 12000U, N), 391.0), 0.0, 2.0, "mode %d, off: notes do nothing",
           mode);
  fixture_free(p);
}

static void
check_cuts(Fixture* const fixture) {
  static const Message messages[] = {
      {100U, {0x90, 64, 90}}, {9000U, {0xE0, 1, 30}}, {20001U, {0x90, 57, 1}}};
  float* const         other = (float*)calloc(N, sizeof(float));
  FixturePlugin* const p = fixture_load(fixture, PITCH_MONO_URI, 48000.0);
  *fixture_control(p, "midi_mode") = PITCH_MIDI_TARGET;
  fill_tone(300.0);
  play(p, fixture, messages, 3U, 8192U);
  memcpy(other, out, N * sizeof(float));
  fixture_restart(p);
  play(p, fixture, messages, 3U, 37U);
  tap_all_equal(out, other, N, "messages are taken at their frames, however time is cut");
  fixture_free(p);
  free(other);
}

int
main(void) {
  Fixture* const fixture = fixture_open();
  in = (float*)calloc(N, sizeof(float));
  out = (float*)calloc(N, sizeof(float));
  check_modes(fixture);
  for (int mode = 0; mode < PINNA_PITCH_N_MODES; ++mode) {
    check_notes(fixture, mode);
  }
  check_cuts(fixture);
  free(in);
  free(out);
  fixture_close(fixture);
  return tap_done();
}
