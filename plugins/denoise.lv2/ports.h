// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_PORTS_H
#define PINNA_PLUGINS_DENOISE_PORTS_H

#include "dsp/denoise.h"
#include "plugins/common/engine_port.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

// The denoiser's ports: the only place that says their symbols, ranges, defaults and units

#define DENOISE_MONO_URI "urn:pinna:denoise:mono"
#define DENOISE_STEREO_URI "urn:pinna:denoise:stereo"

enum {
  DENOISE_REDUCTION = PINNA_CONTROL_FREEWHEEL + 1,
  DENOISE_NEURAL,
  DENOISE_MODE,
  DENOISE_METHOD,
  DENOISE_SENSITIVITY,
  DENOISE_SPEED,
  DENOISE_SMOOTHING,
  DENOISE_PRESERVE,
  DENOISE_WHITENING,
  DENOISE_LEARN,
  DENOISE_RESET,
  DENOISE_STATISTIC,
  DENOISE_LOW_LATENCY,
  DENOISE_HUM,
  DENOISE_RUMBLE,
  DENOISE_DEREVERB,
  DENOISE_RT60,
  DENOISE_GATE,
  DENOISE_THRESHOLD,
  DENOISE_HOLD,
  DENOISE_LOOKBACK,
  DENOISE_RANGE,
  DENOISE_LISTEN,
  DENOISE_MIX,
  DENOISE_REDUCED,
  DENOISE_SNR,
  DENOISE_VAD,
  DENOISE_MODEL,
  DENOISE_ENGINE,
  DENOISE_LATE,
  DENOISE_GAPS,
  DENOISE_CONTROL
};

static const PinnaScalePoint denoise_modes[] = {{"Adaptive", PINNA_DENOISE_ADAPTIVE},
                                                {"Profile", PINNA_DENOISE_PROFILE},
                                                {"Hybrid", PINNA_DENOISE_HYBRID},
                                                {0}};

static const PinnaScalePoint denoise_methods[] = {
    {"IMCRA (sure)", PINNA_DENOISE_IMCRA}, {"SPP-MMSE (fast)", PINNA_DENOISE_SPP}, {0}};

static const PinnaScalePoint denoise_statistics[] = {
    {"Mean", PINNA_PROFILE_MEAN}, {"90th percentile", PINNA_PROFILE_HIGH}, {0}};

static const PinnaScalePoint denoise_hums[] = {
    {"Off", 0.0f}, {"50 Hz", 50.0f}, {"60 Hz", 60.0f}, {0}};

static const PinnaScalePoint denoise_gates[] = {
    {"Off", PINNA_GATE_OFF}, {"Spectral", PINNA_GATE_SPECTRAL}, {"Voice", PINNA_GATE_VOICE}, {0}};

static const PinnaPort denoise_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_IN("reduction", "Reduction", .unit = PINNA_UNIT_DB, .def = 18.0f, .max = 40.0f,
             .priority = 100U, .group = "noise",
             .comment = "Most attenuation of noise; at 0 the sound passes unchanged"),
    PINNA_SHARE_IN(
        "neural", "Neural", .priority = 95U, .group = "noise",
        .comment =
            "Share of the learned mask, for babble, music and sudden noise; above 0 when the "
            "plugin is activated, it adds 16 ms of latency, or 24 to low latency"),
    PINNA_CHOICE_IN(
        "mode", "Mode", denoise_modes, 2.0f, .group = "noise",
        .comment =
            "Adaptive follows the noise, Profile takes what was learned, Hybrid the greater"),
    PINNA_CHOICE_IN("method", "Method", denoise_methods, 1.0f, .group = "noise",
                    .comment = "How noise is followed: sure of steady noise, or fast"),
    PINNA_SHARE_IN("sensitivity", "Sensitivity", .def = 50.0f, .group = "noise",
                   .comment = "More takes more of the sound for noise"),
    PINNA_IN("speed", "Tracking time", .unit = PINNA_UNIT_S, .flags = PINNA_LOGARITHMIC,
             .def = 1.0f, .min = 0.1f, .max = 10.0f, .group = "noise",
             .comment = "Window after which louder noise is taken for noise"),
    PINNA_SHARE_IN("smoothing", "Smoothing", .def = 30.0f, .group = "noise",
                   .comment = "Evens the gain where there is no speech, against musical noise"),
    PINNA_SHARE_IN("preserve", "Preserve", .group = "noise",
                   .comment = "Keeps attacks and steady tones, for music"),
    PINNA_SHARE_IN("whitening", "Whitening", .group = "noise",
                   .comment = "Makes what remains of the noise even"),
    PINNA_SWITCH_IN("learn", "Learn", .priority = 90U, .group = "profile",
                    .comment = "While on, what comes is added to the profile; any number of times"),
    PINNA_IN("reset", "Reset profile", .flags = PINNA_TOGGLED | PINNA_TRIGGER, .max = 1.0f,
             .group = "profile", .comment = "Forgets what was learned"),
    PINNA_CHOICE_IN("statistic", "Statistic", denoise_statistics, 1.0f, .group = "profile",
                    .comment =
                        "What of the learned noise counts: its mean, or also what flares up"),
    PINNA_IN("low_latency", "Low latency", .flags = PINNA_TOGGLED | PINNA_NOT_AUTOMATIC,
             .max = 1.0f,
             .comment = "8 instead of 21 ms; takes effect when the plugin is activated"),
    PINNA_IN("hum", "Hum", .unit = PINNA_UNIT_HZ, .flags = PINNA_ENUMERATION, .max = 60.0f,
             .points = denoise_hums, .group = "low",
             .comment = "Takes out mains hum and its harmonics and follows their drift"),
    PINNA_IN("rumble", "Rumble cut", .unit = PINNA_UNIT_HZ, .max = 300.0f, .group = "low",
             .comment = "Low cut of 24 dB per octave; below 10 Hz it is off"),
    PINNA_SHARE_IN("dereverb", "De-reverb", .group = "room",
                   .comment = "Takes out late reverberation"),
    PINNA_IN("rt60", "Room RT60", .unit = PINNA_UNIT_S, .flags = PINNA_LOGARITHMIC, .def = 0.5f,
             .min = 0.1f, .max = 5.0f, .group = "room",
             .comment = "Time in which the room's reverberation falls by 60 dB"),
    PINNA_CHOICE_IN("gate", "Gate", denoise_gates, 2.0f, .group = "gate",
                    .comment =
                        "Spectral closes bands without signal, Voice everything without voice"),
    PINNA_IN("threshold", "Gate threshold", .unit = PINNA_UNIT_DB, .def = 3.0f, .min = -10.0f,
             .max = 30.0f, .group = "gate", .comment = "Signal over noise that opens the gate"),
    PINNA_IN("hold", "Gate hold", .unit = PINNA_UNIT_MS, .def = 200.0f, .max = 2000.0f,
             .group = "gate", .comment = "Stays open for so long"),
    PINNA_IN("lookback", "Gate look-back", .unit = PINNA_UNIT_MS, .flags = PINNA_NOT_AUTOMATIC,
             .max = 150.0f, .group = "gate",
             .comment = "Opens so much before what opens it; adds to the latency at activation"),
    PINNA_IN("range", "Gate range", .unit = PINNA_UNIT_DB, .def = 40.0f, .max = 90.0f,
             .group = "gate", .comment = "Attenuation of the closed gate"),
    PINNA_SWITCH_IN("listen", "Listen to rest", .comment = "Hear what is taken away"),
    PINNA_SHARE_IN("mix", "Mix", .def = 100.0f, .comment = "Share of the cleaned sound"),
    PINNA_OUT("reduced", "Reduced by", .unit = PINNA_UNIT_DB, .max = 100.0f, .group = "meters",
              .comment = "Power taken away at present"),
    PINNA_OUT("snr", "SNR", .unit = PINNA_UNIT_DB, .min = -20.0f, .max = 60.0f, .group = "meters",
              .comment = "Speech over noise at present"),
    PINNA_OUT("vad", "Voice", .unit = PINNA_UNIT_COEF, .max = 1.0f, .group = "meters",
              .comment = "Probability of voice"),
    PINNA_FILE_OUT("model_status", "Model", "neural",
                   "Weights of the learned mask; without them it is as with Neural at 0"),
    PINNA_ENGINE_OUT("neural"),
    PINNA_COUNT_OUT("late", "Late masks", "neural", "Masks that a worker did not have in time"),
    PINNA_COUNT_OUT("gaps", "Lost frames", "neural", "Frames that no worker came to"),
    PINNA_CONTROL_EVENTS(8192U, "Takes patch:Set of the model's path"),
};

static const PinnaGroup denoise_groups[] = {{"noise", "Noise", "param:ControlGroup", 0},
                                            {"profile", "Profile", "param:ControlGroup", 0},
                                            {"low", "Hum and rumble", "param:ControlGroup", 0},
                                            {"room", "Room", "param:ControlGroup", 0},
                                            {"gate", "Gate", "param:ControlGroup", 0},
                                            {"meters", "Meters", "param:ControlGroup", 0},
                                            {"neural", "Neural", "param:ControlGroup", 0}};

static const PinnaVariant denoise_variants[] =
    PINNA_MONO_AND_STEREO(DENOISE_MONO_URI, DENOISE_STEREO_URI, "Pinna Denoise");

static const PinnaInfo pinna_info = {
    .name = "denoise",
    .type = "lv2:SpectralPlugin",
    .comment = "Frees speech from noise, hum, rumble and late reverberation. Follows the noise, or "
               "takes what it learned in any number of gestures and keeps that with the session. "
               "21 ms of latency, or 8; 16 ms more with the learned mask.",
    .minor = 4U,
    .micro = 0U,
    .variants = denoise_variants,
    .n_variants = PINNA_COUNT(denoise_variants),
    .controls = denoise_controls,
    .n_controls = PINNA_COUNT(denoise_controls),
    .groups = denoise_groups,
    .n_groups = PINNA_COUNT(denoise_groups),
    .inline_display = 1,
    .state = 1,
    .has_workers = 1,
    .file = "model",
    .file_comment = "Weights of the learned mask: GTCRN's, DTLN's or Pinna's",
};

#endif // PINNA_PLUGINS_DENOISE_PORTS_H
