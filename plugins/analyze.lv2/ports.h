// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_ANALYZE_PORTS_H
#define PINNA_PLUGINS_ANALYZE_PORTS_H

#include "plugins/common/port.h"

// The analyser's ports: the only place that says their symbols, ranges, defaults and units

#define ANALYZE_MONO_URI "urn:pinna:analyze:mono"
#define ANALYZE_STEREO_URI "urn:pinna:analyze:stereo"

/// What the events' patch:property says
#define ANALYZE_MEL_URI "urn:pinna:analyze#mel"
#define ANALYZE_MFCC_URI "urn:pinna:analyze#mfcc"

enum {
  ANALYZE_RESET = PINNA_CONTROL_FREEWHEEL + 1,
  ANALYZE_TARGET,
  ANALYZE_FLOOR,
  ANALYZE_EVERY,
  ANALYZE_MOMENTARY,
  ANALYZE_SHORT_TERM,
  ANALYZE_INTEGRATED,
  ANALYZE_LRA,
  ANALYZE_TRUE_PEAK,
  ANALYZE_F0,
  ANALYZE_F0_CONFIDENCE,
  ANALYZE_VAD,
  ANALYZE_CENTROID,
  ANALYZE_ROLLOFF,
  ANALYZE_FLUX,
  ANALYZE_FLATNESS,
  ANALYZE_RMS,
  ANALYZE_CREST,
  ANALYZE_DC,
  ANALYZE_NOTIFY
};

#define ANALYZE_OUT(s, n, u, low, high, rank, text)                                                \
  PINNA_OUT(s, n, .unit = (u), .def = (low), .min = (low), .max = (high), .priority = (rank),      \
            .comment = (text))

static const PinnaPort analyze_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_IN("reset", "Reset", .flags = PINNA_TOGGLED | PINNA_TRIGGER, .max = 1.0f, .priority = 90U,
             .comment = "Begin integrated loudness, range and peak anew"),
    PINNA_IN(
        "target", "Target", .unit = PINNA_UNIT_LUFS, .def = -18.0f, .min = -36.0f, .max = -6.0f,
        .priority = 80U,
        .comment =
            "The line in the picture's loudness bar: -23 is EBU R 128, -14 usual for streaming"),
    PINNA_IN("floor", "Floor", .unit = PINNA_UNIT_DB, .def = -96.0f, .min = -120.0f, .max = -40.0f,
             .priority = 70U,
             .comment = "The level that is black in the spectrogram, re a full-scale sine"),
    PINNA_IN("every", "Send every", .flags = PINNA_INTEGER | PINNA_NOT_AUTOMATIC, .def = 2.0f,
             .min = 0.0f, .max = 100.0f,
             .comment =
                 "Frames of 10 ms from one pair of mel and MFCC vectors to the next; 0 sends none"),
    ANALYZE_OUT("momentary", "Momentary", PINNA_UNIT_LUFS, -120.0f, 20.0f, 60U,
                "Loudness of the last 400 ms, ITU-R BS.1770-4"),
    ANALYZE_OUT("short_term", "Short-term", PINNA_UNIT_LUFS, -120.0f, 20.0f, 59U,
                "Loudness of the last 3 s"),
    ANALYZE_OUT("integrated", "Integrated", PINNA_UNIT_LUFS, -120.0f, 20.0f, 58U,
                "Gated loudness since reset"),
    ANALYZE_OUT("lra", "Loudness range", PINNA_UNIT_LU, 0.0f, 90.0f, 57U,
                "Loudness range since reset, EBU Tech 3342"),
    ANALYZE_OUT("true_peak", "True peak", PINNA_UNIT_DBTP, -120.0f, 40.0f, 56U,
                "Greatest peak since reset, between the samples too"),
    ANALYZE_OUT("f0", "Fundamental", PINNA_UNIT_HZ, 0.0f, 1000.0f, 55U,
                "Fundamental frequency, held while nothing is periodic"),
    ANALYZE_OUT("f0_confidence", "Periodicity", PINNA_UNIT_COEF, 0.0f, 1.0f, 54U,
                "How periodic the sound is"),
    ANALYZE_OUT("vad", "Voice", PINNA_UNIT_COEF, 0.0f, 1.0f, 53U,
                "Probability that somebody speaks"),
    ANALYZE_OUT("centroid", "Centroid", PINNA_UNIT_HZ, 0.0f, 96000.0f, 52U,
                "Mean frequency of the spectrum"),
    ANALYZE_OUT("rolloff", "Roll-off", PINNA_UNIT_HZ, 0.0f, 96000.0f, 51U,
                "Frequency below which 85 % of the spectrum lies"),
    ANALYZE_OUT("flux", "Flux", PINNA_UNIT_COEF, 0.0f, 1.0f, 50U,
                "Share of the spectrum that is new since 10 ms ago"),
    ANALYZE_OUT("flatness", "Flatness", PINNA_UNIT_COEF, 0.0f, 1.0f, 49U,
                "0 is a tone, 1 is white noise"),
    ANALYZE_OUT("rms", "RMS", PINNA_UNIT_DB, -120.0f, 40.0f, 48U, "Level of the last 300 ms"),
    ANALYZE_OUT("crest", "Crest", PINNA_UNIT_DB, 0.0f, 120.0f, 47U,
                "Peak over RMS of the last 300 ms"),
    ANALYZE_OUT("dc", "DC", PINNA_UNIT_COEF, -10.0f, 10.0f, 46U,
                "Mean of the last 300 ms, of the channel with the greatest"),
    {.symbol = "notify",
     .name = "Notify",
     .kind = PINNA_EVENT_OUT,
     .supports = "patch:Message",
     .size = 32768U,
     .comment = "patch:Set of urn:pinna:analyze#mel (80 powers) and #mfcc (40 coefficients), as "
                "vectors of floats"},
};

static const PinnaVariant analyze_variants[] =
    PINNA_MONO_AND_STEREO(ANALYZE_MONO_URI, ANALYZE_STEREO_URI, "Pinna Analyze");

static const PinnaInfo pinna_info = {
    .name = "analyze",
    .type = "lv2:AnalyserPlugin",
    .comment = "Passes samples unchanged and measures them: loudness by EBU R 128, true peak, "
               "fundamental frequency, voice activity, the spectrum's shape, level, and features "
               "for machines. Its picture is a scrolling spectrogram beside a loudness bar.",
    .minor = 2U,
    .micro = 0U,
    .variants = analyze_variants,
    .n_variants = PINNA_COUNT(analyze_variants),
    .controls = analyze_controls,
    .n_controls = PINNA_COUNT(analyze_controls),
    .inline_display = 1,
};

#endif // PINNA_PLUGINS_ANALYZE_PORTS_H
