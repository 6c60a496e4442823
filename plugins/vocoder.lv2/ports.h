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

static const PinnaPort vocoder_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_SHARE_IN(
        "mix", "Mix", .def = 100.0f, .priority = 100U,
        .comment =
            "Share of the voice that is spoken again; the rest is the sound itself, in step"),
    PINNA_IN("pitch", "Pitch", .unit = PINNA_UNIT_SEMITONE, .min = -24.0f, .max = 24.0f,
             .priority = 90U, .group = "voice", .comment = "Moves the harmonics, not the vowels"),
    PINNA_IN("formant", "Formants", .unit = PINNA_UNIT_SEMITONE, .min = -24.0f, .max = 24.0f,
             .priority = 90U, .group = "voice",
             .comment = "Moves the vowels: a smaller or larger head"),
    PINNA_SWITCH_IN("robot", "Robot", .group = "voice", .comment = "Speaks at one pitch"),
    PINNA_IN("robot_pitch", "Robot pitch", .unit = PINNA_UNIT_HZ, .flags = PINNA_LOGARITHMIC,
             .def = 110.0f, .min = 50.0f, .max = 500.0f, .group = "voice", .comment = "That pitch"),
    PINNA_SHARE_IN("whisper", "Whisper", .group = "voice",
                   .comment = "Takes the voice out of the words"),
    PINNA_SWITCH_IN("freeze", "Freeze", .group = "time",
                    .comment = "Holds the sound of the moment"),
    PINNA_IN("smooth", "Smooth in time", .unit = PINNA_UNIT_MS, .max = 2000.0f, .group = "time",
             .comment = "Time constant with which the spectrum follows"),
    PINNA_SHARE_IN("blur", "Blur", .group = "time",
                   .comment = "Smooths the spectrum along frequency"),
    PINNA_IN("denoise", "Denoise", .unit = PINNA_UNIT_DB, .max = 40.0f, .group = "voice",
             .comment = "Most attenuation of steady noise before the voice is spoken again"),
    PINNA_FILE_OUT("model_status", "Model", "health",
                   "Weights of the vocoder; until they are there the sound itself is heard"),
    PINNA_COUNT_OUT("late", "Late chunks", "health",
                    "10 ms each that a worker did not have in time"),
    PINNA_COUNT_OUT("gaps", "Lost chunks", "health", "10 ms each that no worker came to"),
    PINNA_OUT("worst", "Longest chunk", .unit = PINNA_UNIT_MS, .max = 10000.0f, .group = "health",
              .comment = "Time that the slowest chunk of 10 ms took"),
    PINNA_CONTROL_EVENTS(
        65536U, "Takes patch:Set of the model's path, and of urn:pinna:vocoder#mel: frames of ln "
                "mel magnitudes as a vector of floats, spoken instead of the input's"),
};

static const PinnaGroup vocoder_groups[] = {{"voice", "Voice", "param:ControlGroup", 0},
                                            {"time", "Time and spectrum", "param:ControlGroup", 0},
                                            {"health", "Health", "param:ControlGroup", 0}};

static const PinnaVariant vocoder_variants[] =
    PINNA_MONO_AND_STEREO(VOCODER_MONO_URI, VOCODER_STEREO_URI, "Pinna Vocoder");

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
    .has_workers = 1,
    .rewrites = 1,
    .inline_display = 1,
    .file = "model",
    .file_comment = "Weights of the vocoder: HiFi-GAN's, WaveRNN's or Pinna's own",
};

#endif // PINNA_PLUGINS_VOCODER_PORTS_H
