// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_VOCODER_PORTS_H
#define PINNA_PLUGINS_VOCODER_PORTS_H

#include "nn/engine.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

// The vocoder's ports: the only place that says their symbols, ranges, defaults and units

#define VOCODER_MONO_URI "urn:pinna:vocoder:mono"
#define VOCODER_STEREO_URI "urn:pinna:vocoder:stereo"
#define VOCODER_MEL_URI "urn:pinna:vocoder#mel" ///< Property: ln mel frames, one behind the other

enum {
  VOCODER_MIX = PINNA_CONTROL_FREEWHEEL + 1,
  VOCODER_PITCH,
  VOCODER_FORMANT,
  VOCODER_ROBOT,
  VOCODER_ROBOT_PITCH,
  VOCODER_WHISPER,
  VOCODER_FREEZE,
  VOCODER_SMOOTH,
  VOCODER_BLUR,
  VOCODER_DENOISE,
  VOCODER_MODEL,
  VOCODER_LATE,
  VOCODER_GAPS,
  VOCODER_WORST,
  VOCODER_CONTROL
};

static const PinnaScalePoint vocoder_files[] = PINNA_FILE_POINTS;

#define VOCODER_PERCENT(s, n, d, g, text)                                                          \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, .unit = PINNA_UNIT_PC, .def = (d),       \
    .max = 100.0f, .group = (g), .comment = (text)                                                 \
  }

#define VOCODER_SEMITONES(s, n, g, text)                                                           \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, .unit = PINNA_UNIT_SEMITONE,             \
    .min = -24.0f, .max = 24.0f, .priority = 90U, .group = (g), .comment = (text)                  \
  }

#define VOCODER_SWITCH(s, n, g, text)                                                              \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, .flags = PINNA_TOGGLED, .max = 1.0f,     \
    .group = (g), .comment = (text)                                                                \
  }

static const PinnaPort vocoder_controls[] = {
    PINNA_COMMON_CONTROLS,
    {.symbol = "mix",
     .name = "Mix",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_PC,
     .def = 100.0f,
     .max = 100.0f,
     .priority = 100U,
     .comment = "Share of the voice that is spoken again; the rest is the sound itself, in step"},
    VOCODER_SEMITONES("pitch", "Pitch", "voice", "Moves the harmonics, not the vowels"),
    VOCODER_SEMITONES("formant", "Formants", "voice", "Moves the vowels: a smaller or larger head"),
    VOCODER_SWITCH("robot", "Robot", "voice", "Speaks at one pitch"),
    {.symbol = "robot_pitch",
     .name = "Robot pitch",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_HZ,
     .flags = PINNA_LOGARITHMIC,
     .def = 110.0f,
     .min = 50.0f,
     .max = 500.0f,
     .group = "voice",
     .comment = "That pitch"},
    VOCODER_PERCENT("whisper", "Whisper", 0.0f, "voice", "Takes the voice out of the words"),
    VOCODER_SWITCH("freeze", "Freeze", "time", "Holds the sound of the moment"),
    {.symbol = "smooth",
     .name = "Smooth in time",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_MS,
     .max = 2000.0f,
     .group = "time",
     .comment = "Time constant with which the spectrum follows"},
    VOCODER_PERCENT("blur", "Blur", 0.0f, "time", "Smooths the spectrum along frequency"),
    {.symbol = "denoise",
     .name = "Denoise",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_DB,
     .max = 40.0f,
     .group = "voice",
     .comment = "Most attenuation of steady noise before the voice is spoken again"},
    PINNA_STATE_OUT("model_status", "Model", vocoder_files, PINNA_FILE_FAILED, "health",
                    "Weights of the vocoder; until they are there the sound itself is heard"),
    PINNA_COUNT_OUT("late", "Late chunks", "health",
                    "10 ms each that a worker did not have in time"),
    PINNA_COUNT_OUT("gaps", "Lost chunks", "health", "10 ms each that no worker came to"),
    {.symbol = "worst",
     .name = "Longest chunk",
     .kind = PINNA_CONTROL_OUT,
     .unit = PINNA_UNIT_MS,
     .max = 10000.0f,
     .group = "health",
     .comment = "Time that the slowest chunk of 10 ms took"},
    PINNA_CONTROL_EVENTS(
        65536U, "Takes patch:Set of the model's path, and of urn:pinna:vocoder#mel: frames of ln "
                "mel magnitudes as a vector of floats, spoken instead of the input's"),
};

static const PinnaGroup vocoder_groups[] = {{"voice", "Voice", "param:ControlGroup", 0},
                                            {"time", "Time and spectrum", "param:ControlGroup", 0},
                                            {"health", "Health", "param:ControlGroup", 0}};

static const PinnaPort vocoder_mono[] = PINNA_AUDIO_MONO;
static const PinnaPort vocoder_stereo[] = PINNA_AUDIO_STEREO;

static const PinnaVariant vocoder_variants[] = {
    {VOCODER_MONO_URI, "Pinna Vocoder Mono", vocoder_mono, 1U, 1U, "pg:MonoGroup"},
    {VOCODER_STEREO_URI, "Pinna Vocoder Stereo", vocoder_stereo, 2U, 2U, "pg:StereoGroup"},
};

static const PinnaInfo pinna_info = {
    .name = "vocoder",
    .type = "lv2:SpectralPlugin",
    .comment = "Takes a voice apart into mel frames, changes it there, and speaks it again with a "
               "neural network beside the audio thread. If the network is late, the sound itself "
               "is heard instead, without a click.",
    .minor = 2U,
    .micro = 0U,
    .variants = vocoder_variants,
    .n_variants = PINNA_COUNT(vocoder_variants),
    .controls = vocoder_controls,
    .n_controls = PINNA_COUNT(vocoder_controls),
    .groups = vocoder_groups,
    .n_groups = PINNA_COUNT(vocoder_groups),
    .state = 1,
    .wakes = 1,
    .rewrites = 1,
    .inline_display = 1,
    .file = "model",
    .file_comment = "Weights of the vocoder: HiFi-GAN's, WaveRNN's or Pinna's own",
};

#endif // PINNA_PLUGINS_VOCODER_PORTS_H
