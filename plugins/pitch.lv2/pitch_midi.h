// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_PITCH_PITCH_MIDI_H
#define PINNA_PLUGINS_PITCH_PITCH_MIDI_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

// Which note is held on a keyboard of any channel, the newest first, and where its wheel stands

#define PITCH_MIDI_MAX_HELD 16U

typedef struct {
  uint8_t  held[PITCH_MIDI_MAX_HELD]; ///< Oldest first
  uint32_t n_held;
  double   bend; ///< Semitones, -2 to 2
} PitchMidi;

/// No note held, wheel in the middle. Realtime.
void pinna_pitch_midi_reset(PitchMidi* midi) PINNA_RT;

/// Take one message in. Realtime.
/// @param message Bytes [size], running status never
/// @return Whether anything changed
bool pinna_pitch_midi_take(PitchMidi* midi, const uint8_t* message, uint32_t size) PINNA_RT;

/// The newest held note and the wheel, 0 if none is held. Realtime.
double pinna_pitch_midi_note(const PitchMidi* midi) PINNA_RT;

#endif // PINNA_PLUGINS_PITCH_PITCH_MIDI_H
