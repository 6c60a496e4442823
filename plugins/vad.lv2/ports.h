// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_VAD_PORTS_H
#define PINNA_PLUGINS_VAD_PORTS_H

#include "nn/engine.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

// The voice detector's ports: the only place that says their symbols, ranges, defaults and units

#define VAD_MONO_URI "urn:pinna:vad:mono"
#define VAD_STEREO_URI "urn:pinna:vad:stereo"

/// Property of events: a vector of 1 or 0 (voice begins or ends) and the probability
#define VAD_EVENT_URI "urn:pinna:vad#voice"

enum {
  VAD_THRESHOLD = PINNA_CONTROL_FREEWHEEL + 1,
  VAD_HOLD,
  VAD_GATE,
  VAD_RANGE,
  VAD_PROBABILITY,
  VAD_ACTIVE,
  VAD_STARTS,
  VAD_DETECTOR,
  VAD_MODEL,
  VAD_ENGINE,
  VAD_LATE,
  VAD_GAPS,
  VAD_CONTROL,
  VAD_NOTIFY
};

static const PinnaScalePoint vad_files[] = PINNA_FILE_POINTS;

static const PinnaScalePoint vad_detectors[] = {{"Statistical", 0.0f}, {"Silero", 1.0f}, {0}};

static const PinnaScalePoint vad_engines[] = {{"None", PINNA_NN_ENGINE_AUTO},
                                              {"Inline", PINNA_NN_ENGINE_INLINE},
                                              {"Worker", PINNA_NN_ENGINE_ASYNC},
                                              {"Offline", PINNA_NN_ENGINE_OFFLINE},
                                              {0}};

static const PinnaPort vad_controls[] = {
    PINNA_COMMON_CONTROLS,
    {.symbol = "threshold",
     .name = "Threshold",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_COEF,
     .def = 0.5f,
     .max = 1.0f,
     .priority = 100U,
     .comment = "Probability from which it is voice; it stays so down to 0.15 less"},
    {.symbol = "hold",
     .name = "Hold",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_MS,
     .def = 200.0f,
     .max = 2000.0f,
     .comment = "Voice lasts so much longer"},
    {.symbol = "gate",
     .name = "Gate",
     .kind = PINNA_CONTROL_IN,
     .flags = PINNA_TOGGLED,
     .max = 1.0f,
     .comment = "Turns down what is no voice; as there is no latency, it opens 30 to 60 ms late"},
    {.symbol = "range",
     .name = "Gate range",
     .kind = PINNA_CONTROL_IN,
     .unit = PINNA_UNIT_DB,
     .def = 40.0f,
     .max = 90.0f,
     .comment = "Attenuation of the closed gate"},
    {.symbol = "probability",
     .name = "Probability",
     .kind = PINNA_CONTROL_OUT,
     .unit = PINNA_UNIT_COEF,
     .max = 1.0f,
     .group = "meters",
     .comment = "Of voice, at present"},
    {.symbol = "active",
     .name = "Voice",
     .kind = PINNA_CONTROL_OUT,
     .flags = PINNA_TOGGLED,
     .max = 1.0f,
     .group = "meters",
     .comment = "Somebody speaks: threshold and hold applied"},
    PINNA_COUNT_OUT("starts", "Starts", "meters", "How often voice began"),
    PINNA_STATE_OUT("detector", "Detector", vad_detectors, 1.0f, "neural",
                    "Silero's network if its weights were loaded, else a statistical detector"),
    PINNA_STATE_OUT("model_status", "Model", vad_files, PINNA_FILE_FAILED, "neural",
                    "Weights of the network"),
    PINNA_STATE_OUT("inference", "Inference", vad_engines, PINNA_NN_ENGINE_OFFLINE, "neural",
                    "Where the network runs: at once where it is cheap, else in a worker"),
    PINNA_COUNT_OUT("late", "Late results", "neural", "Results that a worker did not have in time"),
    PINNA_COUNT_OUT("gaps", "Lost chunks", "neural", "Chunks that no worker came to"),
    PINNA_CONTROL_EVENTS(8192U, "Takes patch:Set of the model's path"),
    {.symbol = "notify",
     .name = "Notify",
     .kind = PINNA_EVENT_OUT,
     .supports = "patch:Message",
     .size = 8192U,
     .comment = "Sends urn:pinna:vad#voice where voice begins and ends"},
};

static const PinnaGroup vad_groups[] = {{"meters", "Meters", "param:ControlGroup", 0},
                                        {"neural", "Neural", "param:ControlGroup", 0}};

static const PinnaPort vad_mono[] = PINNA_AUDIO_MONO;
static const PinnaPort vad_stereo[] = PINNA_AUDIO_STEREO;

static const PinnaVariant vad_variants[] = {
    {VAD_MONO_URI, "Pinna Voice Detector Mono", vad_mono, 1U, 1U, "pg:MonoGroup"},
    {VAD_STEREO_URI, "Pinna Voice Detector Stereo", vad_stereo, 2U, 2U, "pg:StereoGroup"},
};

static const PinnaInfo pinna_info = {
    .name = "vad",
    .type = "lv2:AnalyserPlugin",
    .comment =
        "Tells whether somebody speaks: by Silero's network, or, without its weights, by the "
        "statistics of noise. The sound passes unchanged and without latency, or gated.",
    .minor = 2U,
    .micro = 0U,
    .variants = vad_variants,
    .n_variants = PINNA_COUNT(vad_variants),
    .controls = vad_controls,
    .n_controls = PINNA_COUNT(vad_controls),
    .groups = vad_groups,
    .n_groups = PINNA_COUNT(vad_groups),
    .wakes = 1,
    .file = "model",
    .file_comment = "Weights of Silero's detector, silero_vad_16k.safetensors",
};

#endif // PINNA_PLUGINS_VAD_PORTS_H
