// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_BEAM_PORTS_H
#define PINNA_PLUGINS_COMMON_BEAM_PORTS_H

#include "dsp/beam.h"
#include "plugins/common/file.h"
#include "plugins/common/port.h"

// The beamformers' ports, for BEAM_N_MICS microphones: the only place that says their symbols,
// ranges, defaults and units

#ifndef BEAM_N_MICS
#define BEAM_N_MICS 2 // 2, 4 or 8: a bundle says its own
#endif

#define BEAM_TEXT(n) #n
#define BEAM_DIGIT(n) BEAM_TEXT(n)
#define BEAM_URI "urn:pinna:beam:" BEAM_DIGIT(BEAM_N_MICS)

enum {
  BEAM_AZIMUTH = PINNA_CONTROL_FREEWHEEL + 1,
  BEAM_ELEVATION,
  BEAM_WIDTH,
  BEAM_MODE,
  BEAM_MASK,
  BEAM_MEMORY,
  BEAM_REDUCTION,
  BEAM_WNG_FLOOR,
  BEAM_POSTFILTER,
  BEAM_REF,
  BEAM_LEARN_NOISE,
  BEAM_LEARN_TARGET,
  BEAM_FREEZE,
  BEAM_ARRAY,
  BEAM_SPACING,
  BEAM_RADIUS,
  BEAM_DOA,
  BEAM_SPP,
  BEAM_WNG,
  BEAM_PLACE, ///< x, y and z of the first microphone; three controls each
  BEAM_GEOMETRY = BEAM_PLACE + 3 * BEAM_N_MICS,
  BEAM_CONTROL_EVENTS
};

/// The places that the geometry file names
#define BEAM_ARRAY_FILE PINNA_N_ARRAYS

#define BEAM_IN(n)                                                                                 \
  { .symbol = "mic" #n, .name = "Microphone " #n, .kind = PINNA_AUDIO_IN }

#if BEAM_N_MICS == 8
#define BEAM_INS                                                                                   \
  BEAM_IN(1), BEAM_IN(2), BEAM_IN(3), BEAM_IN(4), BEAM_IN(5), BEAM_IN(6), BEAM_IN(7), BEAM_IN(8)
#elif BEAM_N_MICS == 4
#define BEAM_INS BEAM_IN(1), BEAM_IN(2), BEAM_IN(3), BEAM_IN(4)
#else
#define BEAM_INS BEAM_IN(1), BEAM_IN(2)
#endif

#define BEAM_OTHER_AUDIO                                                                           \
  {.symbol = "key", .name = "Key", .kind = PINNA_AUDIO_IN, .flags = PINNA_SIDE_CHAIN},             \
      {.symbol = "out", .name = "Target", .kind = PINNA_AUDIO_OUT}, {                              \
    .symbol = "residual", .name = "Residual", .kind = PINNA_AUDIO_OUT                              \
  }

static const PinnaScalePoint beam_modes[] = {{"Souden", PINNA_BEAM_SOUDEN},
                                             {"Steered", PINNA_BEAM_STEERED},
                                             {"Self-calibrating", PINNA_BEAM_RTF},
                                             {0}};

static const PinnaScalePoint beam_masks[] = {{"Automatic", PINNA_BEAM_MASK_AUTO},
                                             {"Presence", PINNA_BEAM_MASK_PRESENCE},
                                             {"Direction", PINNA_BEAM_MASK_DIRECTION},
                                             {"Key", PINNA_BEAM_MASK_KEY},
                                             {0}};

static const PinnaScalePoint beam_arrays[] = {{"Line", PINNA_ARRAY_LINE},
                                              {"Circle", PINNA_ARRAY_CIRCLE},
                                              {"Custom", PINNA_ARRAY_CUSTOM},
                                              {"File", BEAM_ARRAY_FILE},
                                              {0}};

#define BEAM_CONTROL(s, n, u, d, low, high, p, c)                                                  \
  PINNA_IN(s, n, .unit = (u), .def = (d), .min = (low), .max = (high), .priority = (p),            \
           .comment = (c))

#define BEAM_CHOICE(s, n, d, list, high, p, c)                                                     \
  PINNA_IN(s, n, .flags = PINNA_ENUMERATION | PINNA_NOT_AUTOMATIC, .def = (d), .max = (high),      \
           .points = (list), .priority = (p), .comment = (c))

#define BEAM_SWITCH(s, n, c) PINNA_SWITCH_IN(s, n, .group = "learning", .comment = (c))

#define BEAM_METER(s, n, u, low, high, c)                                                          \
  PINNA_OUT(s, n, .unit = (u), .min = (low), .max = (high), .comment = (c))

#define BEAM_AXIS(s, n, d)                                                                         \
  PINNA_IN(s, n, .unit = PINNA_UNIT_MM, .flags = PINNA_NOT_AUTOMATIC, .def = (d), .min = -1000.0f, \
           .max = 1000.0f, .group = "places")

/// Place of microphone n in a custom array: first, a line from the origin, 50 mm apart
#define BEAM_MIC(n)                                                                                \
  BEAM_AXIS("mic" #n "_x", "Mic " #n " x", ((n)-1) * 50.0f),                                       \
      BEAM_AXIS("mic" #n "_y", "Mic " #n " y", 0.0f),                                              \
      BEAM_AXIS("mic" #n "_z", "Mic " #n " z", 0.0f)

static const PinnaPort beam_controls[] = {
    PINNA_COMMON_CONTROLS,
    BEAM_CONTROL("azimuth", "Azimuth", PINNA_UNIT_DEGREE, 90.0f, -180.0f, 180.0f, 100U,
                 "Where the talker is: 0 along the line (towards the last microphone) or at "
                 "microphone 1 of a circle, counter-clockwise"),
    BEAM_CONTROL("elevation", "Elevation", PINNA_UNIT_DEGREE, 0.0f, -90.0f, 90.0f, 90U,
                 "How far above the plane of the microphones the talker is"),
    BEAM_CONTROL("width", "Width", PINNA_UNIT_DEGREE, 20.0f, 5.0f, 90.0f, 95U,
                 "What comes from this far to either side counts as the talker"),
    BEAM_CHOICE(
        "mode", "Mode", PINNA_BEAM_SOUDEN, beam_modes, PINNA_BEAM_N_MODES - 1, 80U,
        "Souden suits rooms; Steered trusts the azimuth and the array's geometry, outdoors; "
        "Self-calibrating follows the talker's own transfer functions"),
    BEAM_CHOICE(
        "mask", "Mask", PINNA_BEAM_MASK_AUTO, beam_masks, PINNA_BEAM_MASK_KEY, 79U,
        "What tells the talker from noise: presence and direction together, one of them, or "
        "a close microphone at the side chain"),
    PINNA_IN("memory", "Memory", .unit = PINNA_UNIT_S, .flags = PINNA_LOGARITHMIC, .def = 1.0f,
             .min = 0.05f, .max = 10.0f, .priority = 70U,
             .comment = "How long noise and talker are averaged; short follows who moves"),
    BEAM_CONTROL("reduction", "Reduction", PINNA_UNIT_COEF, 5.0f, 0.0f, 10.0f, 75U,
                 "Noise reduction against distortion: 0 is distortionless"),
    BEAM_CONTROL("wng_floor", "Robustness", PINNA_UNIT_DB, -30.0f, -40.0f, 10.0f, 60U,
                 "Least white-noise gain: higher forgives microphones that hiss and differ"),
    BEAM_CONTROL("postfilter", "Post-filter", PINNA_UNIT_DB, 0.0f, 0.0f, 30.0f, 65U,
                 "Most that a single-channel filter takes away from what is left"),
    PINNA_IN("ref", "Reference", .flags = PINNA_INTEGER | PINNA_NOT_AUTOMATIC, .def = 1.0f,
             .max = BEAM_N_MICS,
             .comment = "Microphone whose sound is kept; 0: the one that hears the talker best"),
    BEAM_SWITCH("learn_noise", "Learn noise", "While on, all that is heard is noise"),
    BEAM_SWITCH("learn_target", "Learn talker", "While on, all that is heard is the talker"),
    BEAM_SWITCH("freeze", "Freeze", "While on, nothing is learnt"),
    BEAM_CHOICE("array", "Array", BEAM_N_MICS == 8 ? PINNA_ARRAY_CIRCLE : PINNA_ARRAY_LINE,
                beam_arrays, BEAM_ARRAY_FILE, 50U,
                "A line along the x axis, a circle, the places below, or the geometry file's (the "
                "places below until one is loaded)"),
    PINNA_IN("spacing", "Spacing", .unit = PINNA_UNIT_MM, .flags = PINNA_NOT_AUTOMATIC,
             .def = 50.0f, .min = 5.0f, .max = 500.0f, .priority = 49U,
             .comment = "From microphone to microphone of a line"),
    PINNA_IN("radius", "Radius", .unit = PINNA_UNIT_MM, .flags = PINNA_NOT_AUTOMATIC, .def = 50.0f,
             .min = 5.0f, .max = 500.0f, .priority = 48U, .comment = "Of a circle"),
    BEAM_METER("doa", "Direction", PINNA_UNIT_DEGREE, -180.0f, 180.0f,
               "Where the last sound that was not steady came from"),
    BEAM_METER("spp", "Presence", PINNA_UNIT_COEF, 0.0f, 1.0f,
               "Mean probability that the talker is heard"),
    BEAM_METER("wng", "White-noise gain", PINNA_UNIT_DB, -60.0f, 20.0f,
               "Mean over the bins, re the reference microphone"),
    BEAM_MIC(1),
    BEAM_MIC(2),
#if BEAM_N_MICS >= 4
    BEAM_MIC(3),
    BEAM_MIC(4),
#endif
#if BEAM_N_MICS == 8
    BEAM_MIC(5),
    BEAM_MIC(6),
    BEAM_MIC(7),
    BEAM_MIC(8),
#endif
    PINNA_FILE_OUT("geometry_status", "Geometry file", NULL,
                   "If it failed, the host's log has the line and what is wrong with it"),
    PINNA_CONTROL_EVENTS(8192U, "Takes patch:Set of the geometry file's path"),
};

static const PinnaGroup beam_groups[] = {
    {"learning", "Learning", "param:ControlGroup", 0},
    {"places", "Custom array", "param:ControlGroup", 0},
};

static const PinnaPort beam_audio[] = {BEAM_INS, BEAM_OTHER_AUDIO};

static const PinnaVariant beam_variants[] = {
    {BEAM_URI, "Pinna Beam " BEAM_DIGIT(BEAM_N_MICS), beam_audio, BEAM_N_MICS + 1U, 2U,
     "pg:DiscreteGroup"},
};

static const PinnaInfo pinna_info = {
    .name = "beam" BEAM_DIGIT(BEAM_N_MICS),
    .type = "lv2:SpatialPlugin",
    .comment = "One talker out of an array of microphones: adaptive minimum-variance beamforming "
               "that learns noise and talker by itself, and that falls back to the reference "
               "microphone wherever the array does not help.",
    .minor = 4U,
    .micro = 0U,
    .variants = beam_variants,
    .n_variants = PINNA_COUNT(beam_variants),
    .controls = beam_controls,
    .n_controls = PINNA_COUNT(beam_controls),
    .groups = beam_groups,
    .n_groups = PINNA_COUNT(beam_groups),
    .inline_display = 1,
    .file = "geometry",
    .file_comment = "Text file with the place of each microphone: lines of x y z in metres, or in "
                    "millimetres after a line 'unit mm'",
};

#endif // PINNA_PLUGINS_COMMON_BEAM_PORTS_H
