// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_DENOISE_PORTS_H
#define PINNA_PLUGINS_DENOISE_PORTS_H

#include "dsp/denoise.h"
#include "nn/engine.h"
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

#define DENOISE_PERCENT(s, n, d, g, text)                                                          \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, .unit = PINNA_UNIT_PC, .def = (d),       \
    .max = 100.0f, .group = (g), .comment = (text)                                                 \
  }

#define DENOISE_CHOICE(s, n, list, most, g, text)                                                  \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, .flags = PINNA_ENUMERATION,              \
    .max = (most), .points = (list), .group = (g), .comment = (text)                               \
  }

#define DENOISE_METER(s, n, u, low, high, text)                                                    \
  {                                                                                                \
    .symbol = (s), .name = (n), .kind = PINNA_CONTROL_OUT, .unit = (u), .min = (low),              \
    .max = (high), .group = "meters", .comment = (text)                                            \
  }

static const PinnaScalePoint denoise_files[] = PINNA_FILE_POINTS;

static const PinnaScalePoint denoise_engines[] = {{"None", PINNA_NN_ENGINE_AUTO},
                                                  {"Inline", PINNA_NN_ENGINE_INLINE},
                                                  {"Worker", PINNA_NN_ENGINE_ASYNC},
                                                  {"Offline", PINNA_NN_ENGINE_OFFLINE},
                                                  {0}};

static const PinnaPort denoise_controls[] = {
    PINNA_COMMON_CONTROLS,
    {.symbol = "reduction",
     .name = "Reduction",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_DB,
     .def = 18.0f,
     .max = 40.0f,
     .priority = 100U,
     .group = "noise",
     .comment = "Most attenuation of noise; at 0 the sound passes unchanged"},
    {.symbol = "neural",
     .name = "Neural",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_PC,
     .max = 100.0f,
     .priority = 95U,
     .group = "noise",
     .comment = "Share of the learned mask, for babble, music and sudden noise; above 0 when the "
                "plugin is activated, it adds 16 ms of latency, or 24 to low latency"},
    DENOISE_CHOICE(
        "mode", "Mode", denoise_modes, 2.0f, "noise",
        "Adaptive follows the noise, Profile takes what was learned, Hybrid the greater"),
    DENOISE_CHOICE("method", "Method", denoise_methods, 1.0f, "noise",
                   "How noise is followed: sure of steady noise, or fast"),
    DENOISE_PERCENT("sensitivity", "Sensitivity", 50.0f, "noise",
                    "More takes more of the sound for noise"),
    {.symbol = "speed",
     .name = "Tracking time",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_S,
     .flags = PINNA_LOGARITHMIC,
     .def = 1.0f,
     .min = 0.1f,
     .max = 10.0f,
     .group = "noise",
     .comment = "Window after which louder noise is taken for noise"},
    DENOISE_PERCENT("smoothing", "Smoothing", 30.0f, "noise",
                    "Evens the gain where there is no speech, against musical noise"),
    DENOISE_PERCENT("preserve", "Preserve", 0.0f, "noise",
                    "Keeps attacks and steady tones, for music"),
    DENOISE_PERCENT("whitening", "Whitening", 0.0f, "noise",
                    "Makes what remains of the noise even"),
    {.symbol = "learn",
     .name = "Learn",
     .kind = PINNA_CONTROL_IN,
     .flags = PINNA_TOGGLED,
     .max = 1.0f,
     .priority = 90U,
     .group = "profile",
     .comment = "While on, what comes is added to the profile; any number of times"},
    {.symbol = "reset",
     .name = "Reset profile",
     .kind = PINNA_CONTROL_IN,
     .flags = PINNA_TOGGLED | PINNA_TRIGGER,
     .max = 1.0f,
     .group = "profile",
     .comment = "Forgets what was learned"},
    DENOISE_CHOICE("statistic", "Statistic", denoise_statistics, 1.0f, "profile",
                   "What of the learned noise counts: its mean, or also what flares up"),
    {.symbol = "low_latency",
     .name = "Low latency",
     .kind = PINNA_CONTROL_IN,
     .flags = PINNA_TOGGLED | PINNA_NOT_AUTOMATIC,
     .max = 1.0f,
     .comment = "8 instead of 21 ms; takes effect when the plugin is activated"},
    {.symbol = "hum",
     .name = "Hum",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_HZ,
     .flags = PINNA_ENUMERATION,
     .max = 60.0f,
     .points = denoise_hums,
     .group = "low",
     .comment = "Takes out mains hum and its harmonics and follows their drift"},
    {.symbol = "rumble",
     .name = "Rumble cut",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_HZ,
     .max = 300.0f,
     .group = "low",
     .comment = "Low cut of 24 dB per octave; below 10 Hz it is off"},
    DENOISE_PERCENT("dereverb", "De-reverb", 0.0f, "room", "Takes out late reverberation"),
    {.symbol = "rt60",
     .name = "Room RT60",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_S,
     .flags = PINNA_LOGARITHMIC,
     .def = 0.5f,
     .min = 0.1f,
     .max = 5.0f,
     .group = "room",
     .comment = "Time in which the room's reverberation falls by 60 dB"},
    DENOISE_CHOICE("gate", "Gate", denoise_gates, 2.0f, "gate",
                   "Spectral closes bands without signal, Voice everything without voice"),
    {.symbol = "threshold",
     .name = "Gate threshold",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_DB,
     .def = 3.0f,
     .min = -10.0f,
     .max = 30.0f,
     .group = "gate",
     .comment = "Signal over noise that opens the gate"},
    {.symbol = "hold",
     .name = "Gate hold",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_MS,
     .def = 200.0f,
     .max = 2000.0f,
     .group = "gate",
     .comment = "Stays open for so long"},
    {.symbol = "lookback",
     .name = "Gate look-back",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_MS,
     .flags = PINNA_NOT_AUTOMATIC,
     .max = 150.0f,
     .group = "gate",
     .comment = "Opens so much before what opens it; adds to the latency at activation"},
    {.symbol = "range",
     .name = "Gate range",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_DB,
     .def = 40.0f,
     .max = 90.0f,
     .group = "gate",
     .comment = "Attenuation of the closed gate"},
    {.symbol = "listen",
     .name = "Listen to rest",
     .kind = PINNA_CONTROL_IN,
     .flags = PINNA_TOGGLED,
     .max = 1.0f,
     .comment = "Hear what is taken away"},
    DENOISE_PERCENT("mix", "Mix", 100.0f, NULL, "Share of the cleaned sound"),
    DENOISE_METER("reduced", "Reduced by", PINNA_UNIT_DB, 0.0f, 100.0f,
                  "Power taken away at present"),
    DENOISE_METER("snr", "SNR", PINNA_UNIT_DB, -20.0f, 60.0f, "Speech over noise at present"),
    DENOISE_METER("vad", "Voice", PINNA_UNIT_COEF, 0.0f, 1.0f, "Probability of voice"),
    PINNA_STATE_OUT("model_status", "Model", denoise_files, PINNA_FILE_FAILED, "neural",
                    "Weights of the learned mask; without them it is as with Neural at 0"),
    PINNA_STATE_OUT("inference", "Inference", denoise_engines, PINNA_NN_ENGINE_OFFLINE, "neural",
                    "Where the network runs: at once where it is cheap, else in a worker"),
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

static const PinnaPort denoise_mono[] = PINNA_AUDIO_MONO;
static const PinnaPort denoise_stereo[] = PINNA_AUDIO_STEREO;

static const PinnaVariant denoise_variants[] = {
    {DENOISE_MONO_URI, "Pinna Denoise Mono", denoise_mono, 1U, 1U, "pg:MonoGroup"},
    {DENOISE_STEREO_URI, "Pinna Denoise Stereo", denoise_stereo, 2U, 2U, "pg:StereoGroup"},
};

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
    .wakes = 1,
    .file = "model",
    .file_comment = "Weights of the learned mask: GTCRN's, DTLN's or Pinna's",
};

#endif // PINNA_PLUGINS_DENOISE_PORTS_H
