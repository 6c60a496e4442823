// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/pitch.lv2/pitch_midi.h"

#include <string.h>

// A list of held notes

enum { NOTE_OFF = 0x80, NOTE_ON = 0x90, CONTROLLER = 0xB0, BEND = 0xE0, ALL_SOUND_OFF = 120 };

void
pinna_pitch_midi_reset(PitchMidi* const midi) {
  *midi = (PitchMidi){{0}, 0U, 0.0};
}

static void
release(PitchMidi* const midi, const uint8_t note) {
  uint32_t kept = 0U;
  for (uint32_t i = 0U; i < midi->n_held; ++i) {
    if (midi->held[i] != note) {
      midi->held[kept++] = midi->held[i];
    }
  }
  midi->n_held = kept;
}

static void
press(PitchMidi* const midi, const uint8_t note) {
  release(midi, note);
  if (midi->n_held == PITCH_MIDI_MAX_HELD) {
    memmove(midi->held, midi->held + 1, PITCH_MIDI_MAX_HELD - 1U);
    --midi->n_held;
  }
  midi->held[midi->n_held++] = note;
}

bool
pinna_pitch_midi_take(PitchMidi* const midi, const uint8_t* const message, const uint32_t size) {
  if (size < 3U) {
    return false;
  }

  const uint8_t kind = message[0] & 0xF0U;
  const uint8_t first = message[1] & 0x7FU;
  const uint8_t second = message[2] & 0x7FU;
  if (kind == NOTE_ON && second) {
    press(midi, first);
  } else if (kind == NOTE_ON || kind == NOTE_OFF) {
    release(midi, first);
  } else if (kind == BEND) {
    midi->bend = ((int)first + 128 * (int)second - 8192) / 4096.0;
  } else if (kind == CONTROLLER && first >= ALL_SOUND_OFF) {
    midi->n_held = 0U;
  } else {
    return false;
  }
  return true;
}

double
pinna_pitch_midi_note(const PitchMidi* const midi) {
  return midi->n_held ? midi->held[midi->n_held - 1U] + midi->bend : 0.0;
}
