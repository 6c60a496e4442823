// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_PITCH_PORTS_H
#define PINNA_PLUGINS_PITCH_PORTS_H

#include "dsp/pitch.h"
#include "plugins/common/port.h"

// The pitch shifter's ports: the only place that says their symbols, ranges, defaults and units

#define PITCH_MONO_URI "urn:pinna:pitch:mono"
#define PITCH_STEREO_URI "urn:pinna:pitch:stereo"

enum {
  PITCH_SEMITONES = PINNA_CONTROL_FREEWHEEL + 1,
  PITCH_CENTS,
  PITCH_MODE,
  PITCH_FORMANT,
  PITCH_PRESERVE,
  PITCH_MIX,
  PITCH_GLIDE,
  PITCH_TRANSIENTS,
  PITCH_MIDI_MODE,
  PITCH_TRACKED,
  PITCH_CONFIDENCE,
  PITCH_MIDI
};

static const PinnaScalePoint pitch_modes[] = {{"Poly", PINNA_PITCH_POLY},
                                              {"Low latency", PINNA_PITCH_LOW_LATENCY},
                                              {"Voice", PINNA_PITCH_VOICE},
                                              {0}};

/// What notes do
enum { PITCH_MIDI_OFF, PITCH_MIDI_INTERVAL, PITCH_MIDI_TARGET, PITCH_N_MIDI_MODES };

static const PinnaScalePoint pitch_midi_modes[] = {
    {"Off", PITCH_MIDI_OFF}, {"Interval", PITCH_MIDI_INTERVAL}, {"Target", PITCH_MIDI_TARGET}, {0}};

static const PinnaPort pitch_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_IN("semitones", "Semitones", .unit = PINNA_UNIT_SEMITONE, .min = -24.0f, .max = 24.0f,
             .steps = 49U, .priority = 90U,
             .comment = "How far the pitch moves; fractions are welcome"),
    PINNA_IN("cents", "Cents", .unit = PINNA_UNIT_CENT, .min = -100.0f, .max = 100.0f,
             .priority = 80U, .comment = "Added to the semitones"),
    PINNA_IN("mode", "Mode", .flags = PINNA_ENUMERATION | PINNA_NOT_AUTOMATIC,
             .max = PINNA_PITCH_N_MODES - 1, .points = pitch_modes, .priority = 70U,
             .comment =
                 "Poly takes anything and 64 ms, Low latency 43 ms, Voice one voice and 30 ms; a "
                 "change is heard from the next activation on, as it changes the latency"),
    PINNA_IN("formant", "Formant", .unit = PINNA_UNIT_SEMITONE, .min = -12.0f, .max = 12.0f,
             .priority = 60U,
             .comment = "Moves the formants: down for a larger throat, up for a smaller one"),
    PINNA_SWITCH_IN(
        "preserve", "Keep formants", .priority = 65U,
        .comment = "Formants do not follow the pitch, so that a voice stays the same person's"),
    PINNA_SHARE_IN("mix", "Mix", .def = 100.0f, .priority = 50U,
                   .comment = "Share of the shifted sound; the rest is the input, exactly as late"),
    PINNA_IN("glide", "Glide", .unit = PINNA_UNIT_MS, .flags = PINNA_LOGARITHMIC, .def = 15.0f,
             .min = 10.0f, .max = 1000.0f, .priority = 40U,
             .comment = "Time in which a new pitch is nearly reached"),
    PINNA_SHARE_IN("transients", "Transients", .def = 50.0f, .priority = 30U,
                   .comment =
                       "How readily attacks pass sharp and unshifted; 0 shifts them like all else"),
    PINNA_CHOICE_IN(
        "midi_mode", "MIDI mode", pitch_midi_modes, PITCH_N_MIDI_MODES - 1,
        .comment = "What a held note and the pitch bend add: Interval shifts by its distance from "
                   "middle C, Target moves the detected pitch onto the note"),
    PINNA_OUT("pitch", "Detected pitch", .unit = PINNA_UNIT_HZ, .max = 1000.0f,
              .comment = "Fundamental of the input, the last clear one; 0 before there was one"),
    PINNA_OUT("confidence", "Confidence", .unit = PINNA_UNIT_COEF, .max = 1.0f,
              .comment = "How periodic the input is"),
    {.symbol = "midi",
     .name = "MIDI",
     .kind = PINNA_EVENT_IN,
     .supports = "midi:MidiEvent",
     .comment = "Notes and pitch bend (two semitones) for the MIDI mode"},
};

static const PinnaVariant pitch_variants[] =
    PINNA_MONO_AND_STEREO(PITCH_MONO_URI, PITCH_STEREO_URI, "Pinna Pitch");

static const PinnaInfo pinna_info = {
    .name = "pitch",
    .type = "lv2:PitchPlugin",
    .comment = "Shifts pitch by up to two octaves with a latency that never changes: chords stay "
               "clean, attacks sharp, formants where they are told to be. At rest it passes the "
               "input unchanged.",
    .minor = 2U,
    .micro = 0U,
    .variants = pitch_variants,
    .n_variants = PINNA_COUNT(pitch_variants),
    .controls = pitch_controls,
    .n_controls = PINNA_COUNT(pitch_controls),
};

#endif // PINNA_PLUGINS_PITCH_PORTS_H
