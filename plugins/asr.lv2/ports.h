// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_ASR_PORTS_H
#define PINNA_PLUGINS_ASR_PORTS_H

#include "base/caption_uris.h"
#include "plugins/common/caption_out.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

// The recogniser's ports: the only place that says their symbols, ranges, defaults and units

#define ASR_MONO_URI "urn:pinna:asr:mono"
#define ASR_STEREO_URI "urn:pinna:asr:stereo"

enum {
  ASR_PARTIALS = PINNA_CONTROL_FREEWHEEL + 1,
  ASR_LEVEL,
  ASR_LAG,
  ASR_LATE,
  ASR_GAPS,
  ASR_SEGMENTS,
  ASR_MODEL,
  ASR_FILE,
  ASR_CONTROL,
  ASR_CAPTIONS
};

static const PinnaScalePoint asr_outs[] = PINNA_CAPTION_OUT_POINTS;

static const PinnaPort asr_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_SWITCH_IN("partials", "Partial captions", .def = 1.0f,
                    .comment = "Also send what an utterance is so far, while it goes on"),
    PINNA_OUT("level", "Level", .unit = PINNA_UNIT_DB, .min = -120.0f, .max = 20.0f,
              .group = "health",
              .comment = "Of what is heard; speech does best between -40 and -10"),
    PINNA_OUT("lag", "Lag", .unit = PINNA_UNIT_MS, .max = 10000.0f, .group = "health",
              .comment = "Sound that waits for the recogniser"),
    PINNA_COUNT_OUT("late", "Late chunks", "health",
                    "Of up to 0.2 s each, that took longer than planned"),
    PINNA_COUNT_OUT("gaps", "Lost chunks", "health", "Of up to 0.2 s each, that were never heard"),
    PINNA_COUNT_OUT("segments", "Utterances", "health", "Final captions so far"),
    PINNA_FILE_OUT("model_status", "Model", "health", "Weights of the recogniser"),
    PINNA_STATE_OUT("file_status", "Caption file", asr_outs, PINNA_CAPTION_OUT_FAILED, "health",
                    "Where captions are written, if a file is asked for"),
    {.symbol = "control",
     .name = "Control",
     .kind = PINNA_EVENT_IN,
     .role = PINNA_ROLE_CONTROL,
     .supports = "patch:Message , time:Position",
     .size = 8192U,
     .comment = "Takes patch:Set of the model's path, of hotwords and of the caption file's path, "
                "and the transport's position for the times in that file"},
    {.symbol = "captions",
     .name = "Captions",
     .kind = PINNA_EVENT_OUT,
     .supports = "atom:Object",
     .size = 4U * PINNA_CAPTION_ATOM_SIZE,
     .comment = "Events of urn:pinna:caption#Caption: partial, final, gap, behind"},
};

static const PinnaGroup asr_groups[] = {{"health", "Health", "param:ControlGroup", 0}};

static const PinnaVariant asr_variants[] =
    PINNA_MONO_AND_STEREO(ASR_MONO_URI, ASR_STEREO_URI, "Pinna Captions");

static const PinnaInfo pinna_info = {
    .name = "asr",
    .type = "lv2:AnalyserPlugin",
    .comment = "Passes the sound unchanged and undelayed, and says as events what is spoken in it. "
               "The recogniser runs beside the audio thread; the one that is built in knows "
               "English digits and the words of voice prompts.",
    .minor = 6U,
    .micro = 0U,
    .variants = asr_variants,
    .n_variants = PINNA_COUNT(asr_variants),
    .controls = asr_controls,
    .n_controls = PINNA_COUNT(asr_controls),
    .groups = asr_groups,
    .n_groups = PINNA_COUNT(asr_groups),
    .passes = 1,
    .has_workers = 1,
    .file = "model",
    .file_comment = "Weights of the recogniser: Pinna's own, Emformer RNN-T's, wav2vec 2.0's or "
                    "HuBERT's, with the files that belong to them beside",
    .text = "hotwords",
    .text_comment = "Phrases to prefer, between semicolons; a number behind a colon is how much",
    .out = "caption_file",
    .out_comment = "Subtitles to write while it plays or exports: a path that ends in .srt, .vtt, "
                   ".jsonl or .txt",
};

#endif // PINNA_PLUGINS_ASR_PORTS_H
