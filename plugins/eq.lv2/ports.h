// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_EQ_PORTS_H
#define PINNA_PLUGINS_EQ_PORTS_H

#include "dsp/eq.h"
#include "plugins/common/port.h"

// The equaliser's ports: the only place that says their symbols, ranges, defaults and units

#define EQ_MONO_URI "urn:pinna:eq:mono"
#define EQ_STEREO_URI "urn:pinna:eq:stereo"

enum {
  EQ_IN_GAIN = PINNA_CONTROL_FREEWHEEL + 1,
  EQ_OUT_GAIN,
  EQ_SHAPE,
  EQ_BANDS, ///< First control of the first band
  EQ_N_BANDS = 8
};

/// Controls of a band, in order; band b begins at EQ_BANDS + b * EQ_BAND_CONTROLS
enum { EQ_ENABLED, EQ_TYPE, EQ_FREQ, EQ_GAIN, EQ_Q, EQ_SLOPE, EQ_BAND_CONTROLS };

static const PinnaScalePoint eq_shapes[] = {
    {"RBJ (SoX)", PINNA_EQ_SHAPE_RBJ}, {"Analogue", PINNA_EQ_SHAPE_ANALOGUE}, {0}};

static const PinnaScalePoint eq_types[] = {{"Bell", PINNA_EQ_BELL},
                                           {"Low shelf", PINNA_EQ_LOW_SHELF},
                                           {"High shelf", PINNA_EQ_HIGH_SHELF},
                                           {"Low pass", PINNA_EQ_LOW_PASS},
                                           {"High pass", PINNA_EQ_HIGH_PASS},
                                           {"Band pass", PINNA_EQ_BAND_PASS},
                                           {"Notch", PINNA_EQ_NOTCH},
                                           {"All pass", PINNA_EQ_ALL_PASS},
                                           {"SoX bass", PINNA_EQ_BASS},
                                           {"SoX treble", PINNA_EQ_TREBLE},
                                           {"SoX equalizer", PINNA_EQ_EQUALIZER},
                                           {"SoX band", PINNA_EQ_BAND},
                                           {"SoX bandpass", PINNA_EQ_BANDPASS},
                                           {"SoX bandreject", PINNA_EQ_BANDREJECT},
                                           {"RIAA playback", PINNA_EQ_RIAA},
                                           {"CD de-emphasis", PINNA_EQ_DEEMPH},
                                           {"SoX band -n", PINNA_EQ_BAND_NOISE},
                                           {"SoX bandpass -c", PINNA_EQ_BANDPASS_SKIRT},
                                           {0}};

static const PinnaScalePoint eq_slopes[] = {
    {"6 dB/oct", 6.0f},   {"12 dB/oct", 12.0f}, {"18 dB/oct", 18.0f},
    {"24 dB/oct", 24.0f}, {"30 dB/oct", 30.0f}, {"36 dB/oct", 36.0f},
    {"42 dB/oct", 42.0f}, {"48 dB/oct", 48.0f}, {0}};

#define EQ_BAND(n, hz)                                                                             \
  PINNA_SWITCH_IN("enabled_" #n, "Band " #n, .def = 1.0f, .group = "band_" #n,                     \
                  .comment = "The band takes part, faded in and out"),                             \
      PINNA_CHOICE_IN(                                                                             \
          "type_" #n, "Type " #n, eq_types, PINNA_EQ_N_TYPES - 1, .group = "band_" #n,             \
          .comment =                                                                               \
              "What the band does; those that begin with SoX follow its formulas and widths"),     \
      PINNA_IN("freq_" #n, "Frequency " #n, .unit = PINNA_UNIT_HZ, .flags = PINNA_LOGARITHMIC,     \
               .def = (hz), .min = 10.0f, .max = 24000.0f, .group = "band_" #n,                    \
               .priority = 80U - (n),                                                              \
               .comment = "Centre or corner, held below 0.49 of the sample rate"),                 \
      PINNA_IN("gain_" #n, "Gain " #n, .unit = PINNA_UNIT_DB, .min = -24.0f, .max = 24.0f,         \
               .group = "band_" #n, .priority = 90U - (n),                                         \
               .comment = "Of bells, shelves, bass, treble and equalizer"),                        \
      PINNA_IN("q_" #n, "Q " #n, .unit = PINNA_UNIT_Q, .flags = PINNA_LOGARITHMIC,                 \
               .def = 0.7071068f, .min = 0.05f, .max = 40.0f, .group = "band_" #n,                 \
               .comment = "Narrowness, or resonance at the corner"),                               \
      PINNA_IN("slope_" #n, "Slope " #n, .unit = PINNA_UNIT_DB_OCT, .flags = PINNA_ENUMERATION,    \
               .def = 12.0f, .min = 6.0f, .max = 48.0f, .points = eq_slopes, .group = "band_" #n,  \
               .comment = "Of low pass and high pass")

static const PinnaPort eq_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_IN("in_gain", "Input gain", .unit = PINNA_UNIT_DB, .min = -24.0f, .max = 24.0f,
             .priority = 50U),
    PINNA_IN("out_gain", "Output gain", .unit = PINNA_UNIT_DB, .min = -24.0f, .max = 24.0f,
             .priority = 60U),
    PINNA_IN(
        "shape", "Shape", .flags = PINNA_ENUMERATION | PINNA_NOT_AUTOMATIC, .max = 1.0f,
        .points = eq_shapes,
        .comment =
            "RBJ equals SoX and TorchAudio; Analogue stays true up to the highest frequencies"),
    EQ_BAND(1, 60.0f),
    EQ_BAND(2, 150.0f),
    EQ_BAND(3, 350.0f),
    EQ_BAND(4, 800.0f),
    EQ_BAND(5, 1800.0f),
    EQ_BAND(6, 4000.0f),
    EQ_BAND(7, 8000.0f),
    EQ_BAND(8, 14000.0f),
};

#define EQ_GROUP(n)                                                                                \
  { "band_" #n, "Band " #n, "param:FilterControls", 0 }

static const PinnaGroup eq_groups[] = {EQ_GROUP(1), EQ_GROUP(2), EQ_GROUP(3), EQ_GROUP(4),
                                       EQ_GROUP(5), EQ_GROUP(6), EQ_GROUP(7), EQ_GROUP(8)};

static const PinnaVariant eq_variants[] =
    PINNA_MONO_AND_STEREO(EQ_MONO_URI, EQ_STEREO_URI, "Pinna EQ");

static const PinnaInfo pinna_info = {
    .name = "eq",
    .type = "lv2:ParaEQPlugin",
    .comment = "Eight bands of any filter, silent under automation, without latency. At rest and "
               "flat it passes samples unchanged; its default shape equals SoX and TorchAudio, its "
               "analogue shape keeps bells and shelves true up to the highest frequencies.",
    .minor = 2U,
    .micro = 0U,
    .variants = eq_variants,
    .n_variants = PINNA_COUNT(eq_variants),
    .controls = eq_controls,
    .n_controls = PINNA_COUNT(eq_controls),
    .groups = eq_groups,
    .n_groups = PINNA_COUNT(eq_groups),
    .inline_display = 1,
};

#endif // PINNA_PLUGINS_EQ_PORTS_H
