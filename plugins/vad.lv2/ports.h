// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_VAD_PORTS_H
#define PINNA_PLUGINS_VAD_PORTS_H

#include "plugins/common/engine_port.h"
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

static const PinnaScalePoint vad_detectors[] = {{"Statistical", 0.0f}, {"Silero", 1.0f}, {0}};

static const PinnaPort vad_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_IN("threshold", "Threshold", .unit = PINNA_UNIT_COEF, .def = 0.5f, .max = 1.0f,
             .priority = 100U,
             .comment = "Probability from which it is voice; it stays so down to 0.15 less"),
    PINNA_IN("hold", "Hold", .unit = PINNA_UNIT_MS, .def = 200.0f, .max = 2000.0f,
             .comment = "Voice lasts so much longer"),
    PINNA_SWITCH_IN(
        "gate", "Gate",
        .comment =
            "Turns down what is no voice; as there is no latency, it opens 30 to 60 ms late"),
    PINNA_IN("range", "Gate range", .unit = PINNA_UNIT_DB, .def = 40.0f, .max = 90.0f,
             .comment = "Attenuation of the closed gate"),
    PINNA_OUT("probability", "Probability", .unit = PINNA_UNIT_COEF, .max = 1.0f, .group = "meters",
              .comment = "Of voice, at present"),
    PINNA_OUT("active", "Voice", .flags = PINNA_TOGGLED, .max = 1.0f, .group = "meters",
              .comment = "Somebody speaks: threshold and hold applied"),
    PINNA_COUNT_OUT("starts", "Starts", "meters", "How often voice began"),
    PINNA_STATE_OUT("detector", "Detector", vad_detectors, 1.0f, "neural",
                    "Silero's network if its weights were loaded, else a statistical detector"),
    PINNA_FILE_OUT("model_status", "Model", "neural", "Weights of the network"),
    PINNA_ENGINE_OUT("neural"),
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

static const PinnaVariant vad_variants[] =
    PINNA_MONO_AND_STEREO(VAD_MONO_URI, VAD_STEREO_URI, "Pinna Voice Detector");

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
    .has_workers = 1,
    .file = "model",
    .file_comment = "Weights of Silero's detector, silero_vad_16k.safetensors",
};

#endif // PINNA_PLUGINS_VAD_PORTS_H
