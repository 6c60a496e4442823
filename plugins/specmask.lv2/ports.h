// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_SPECMASK_PORTS_H
#define PINNA_PLUGINS_SPECMASK_PORTS_H

#include "dsp/specmask.h"
#include "plugins/common/port.h"

// The spectral masker's ports: the only place that says their symbols, ranges, defaults and units

#define SPECMASK_MONO_URI "urn:pinna:specmask:mono"
#define SPECMASK_STEREO_URI "urn:pinna:specmask:stereo"

enum {
  SPECMASK_MIX = PINNA_CONTROL_FREEWHEEL + 1,
  SPECMASK_DEPTH,
  SPECMASK_FILL,
  SPECMASK_SEED,
  SPECMASK_TRIGGER,
  SPECMASK_BPM,
  SPECMASK_TIME_MODE,
  SPECMASK_TIME_RATE,
  SPECMASK_TIME_NOTE,
  SPECMASK_TIME_WIDTH,
  SPECMASK_TIME_VARY,
  SPECMASK_TIME_CHANCE,
  SPECMASK_TIME_P,
  SPECMASK_FREQ_COUNT,
  SPECMASK_FREQ_SCALE,
  SPECMASK_FREQ_MELS,
  SPECMASK_FREQ_HZ,
  SPECMASK_FREQ_VARY,
  SPECMASK_FREQ_MODE,
  SPECMASK_FREQ_RATE,
  SPECMASK_FREQ_NOTE,
  SPECMASK_GATE,
  SPECMASK_GATE_INVERT,
  SPECMASK_GATE_OFFSET,
  SPECMASK_GATE_RANGE,
  SPECMASK_GATE_ATTACK,
  SPECMASK_GATE_RELEASE,
  SPECMASK_THRESHOLDS, ///< First of PINNA_SPECMASK_N_GATE_BANDS
  SPECMASK_GAINS = SPECMASK_THRESHOLDS + PINNA_SPECMASK_N_GATE_BANDS,
  SPECMASK_TIME_OUT = SPECMASK_GAINS + PINNA_SPECMASK_N_GATE_BANDS,
  SPECMASK_FREQ_OUT,
  SPECMASK_GATE_OUT,
  SPECMASK_N_CONTROLS
};

static const PinnaScalePoint specmask_fills[] = {{"Silence", PINNA_SPECMASK_ZERO},
                                                 {"Mean", PINNA_SPECMASK_MEAN},
                                                 {"Noise", PINNA_SPECMASK_NOISE},
                                                 {0}};

static const PinnaScalePoint specmask_time_modes[] = {
    {"Off", PINNA_MASK_NEVER}, {"Random", PINNA_MASK_RANDOM}, {"Tempo", PINNA_MASK_TEMPO}, {0}};

static const PinnaScalePoint specmask_freq_modes[] = {
    {"Still", PINNA_MASK_NEVER}, {"Random", PINNA_MASK_RANDOM}, {"Tempo", PINNA_MASK_TEMPO}, {0}};

static const PinnaScalePoint specmask_scales[] = {{"Mel bins of 128", 0.0f}, {"Hertz", 1.0f}, {0}};

/// A quarter note is a beat: 2^(value - 3) beats
static const PinnaScalePoint specmask_notes[] = {
    {"1/32", 0.0f},   {"1/16", 1.0f},   {"1/8", 2.0f},
    {"1/4", 3.0f},    {"1/2", 4.0f},    {"1 bar", 5.0f},
    {"2 bars", 6.0f}, {"4 bars", 7.0f}, {0}};

#define SPECMASK_THRESHOLD(i, hz)                                                                  \
  PINNA_IN("threshold_" #i, "Threshold " hz, .unit = PINNA_UNIT_DB, .def = -60.0f,                 \
           .min = PINNA_SPECMASK_GATE_OPEN_DB, .max = 0.0f, .group = "curve",                      \
           .comment = "Level that opens the gate around this frequency; -100 keeps it open")

#define SPECMASK_GAIN(i, hz)                                                                       \
  PINNA_IN("gain_" #i, "Gain " hz, .unit = PINNA_UNIT_DB, .min = -60.0f, .max = 12.0f,             \
           .group = "curve", .comment = "Gain around this frequency while the gate is on")

#define SPECMASK_CURVE(row)                                                                        \
  row(1, "50"), row(2, "73"), row(3, "108"), row(4, "158"), row(5, "233"), row(6, "342"),          \
      row(7, "502"), row(8, "737"), row(9, "1.1k"), row(10, "1.6k"), row(11, "2.3k"),              \
      row(12, "3.4k"), row(13, "5.1k"), row(14, "7.4k"), row(15, "10.9k"), row(16, "16k")

static const PinnaPort specmask_controls[] = {
    PINNA_COMMON_CONTROLS,
    PINNA_SHARE_IN("mix", "Mix", .def = 100.0f, .priority = 60U,
                   .comment = "Dry to wet; the dry part is delayed alike"),
    PINNA_SHARE_IN("depth", "Mask depth", .def = 100.0f, .priority = 90U,
                   .comment = "How much of a masked cell is taken away or replaced"),
    PINNA_CHOICE_IN("fill", "Fill", specmask_fills, PINNA_SPECMASK_N_FILLS - 1, .priority = 80U,
                    .comment = "What comes instead: mean and noise have the mean spectrum"),
    PINNA_IN("seed", "Seed", .flags = PINNA_INTEGER, .def = 1.0f, .max = 65535.0f, .priority = 70U,
             .comment = "The same seed masks the same audio the same way"),
    PINNA_IN("trigger", "Trigger", .flags = PINNA_TOGGLED | PINNA_TRIGGER, .max = 1.0f,
             .priority = 50U, .comment = "A full time mask now, and new frequency masks"),
    PINNA_IN("bpm", "Tempo", .unit = PINNA_UNIT_BPM, .def = 120.0f, .min = 20.0f, .max = 300.0f,
             .priority = 40U, .comment = "Beats per minute of what is in tempo"),
    PINNA_CHOICE_IN("time_mode", "Time masks", specmask_time_modes, PINNA_MASK_N_TIMINGS - 1,
                    .def = PINNA_MASK_RANDOM, .group = "time"),
    PINNA_IN("time_rate", "Time rate", .unit = PINNA_UNIT_HZ, .flags = PINNA_LOGARITHMIC,
             .def = 1.0f, .min = 0.05f, .max = 20.0f, .group = "time",
             .comment = "Random: masks a second, on average"),
    PINNA_CHOICE_IN("time_note", "Time note", specmask_notes, 7.0f, .def = 3.0f, .group = "time",
                    .comment = "Tempo: from mask to mask"),
    PINNA_IN("time_width", "Time width", .unit = PINNA_UNIT_MS, .def = 120.0f, .max = 500.0f,
             .group = "time", .comment = "Longest time mask"),
    PINNA_SHARE_IN("time_vary", "Time variation", .def = 100.0f, .group = "time",
                   .comment = "0: all masks are of full width; 100: anything from nothing to it"),
    PINNA_SHARE_IN("time_chance", "Time chance", .def = 100.0f, .group = "time",
                   .comment = "Tempo: share of the notes that get a mask"),
    PINNA_SHARE_IN("time_p", "Time at most", .def = 100.0f, .group = "time",
                   .comment = "Largest share of the time that masks may cover"),
    PINNA_IN("freq_count", "Freq masks", .flags = PINNA_INTEGER, .def = 1.0f,
             .max = PINNA_MASK_MAX_BANDS, .group = "freq"),
    PINNA_CHOICE_IN("freq_scale", "Freq scale", specmask_scales, 1.0f, .group = "freq",
                    .comment = "What the widths are measured in and drawn evenly over"),
    PINNA_IN("freq_mels", "Freq width mel", .flags = PINNA_INTEGER, .def = 27.0f,
             .max = PINNA_MASK_N_MELS, .group = "freq", .comment = "Widest mask, mel bins"),
    PINNA_IN("freq_hz", "Freq width Hz", .unit = PINNA_UNIT_HZ, .flags = PINNA_LOGARITHMIC,
             .def = 1000.0f, .min = 50.0f, .max = 12000.0f, .group = "freq",
             .comment = "Widest mask on the Hertz scale"),
    PINNA_SHARE_IN("freq_vary", "Freq variation", .def = 100.0f, .group = "freq",
                   .comment = "0: all masks are of full width; 100: anything from nothing to it"),
    PINNA_CHOICE_IN("freq_mode", "Freq motion", specmask_freq_modes, PINNA_MASK_N_TIMINGS - 1,
                    .group = "freq", .comment = "When the masks move to other places"),
    PINNA_IN("freq_rate", "Freq rate", .unit = PINNA_UNIT_HZ, .flags = PINNA_LOGARITHMIC,
             .def = 1.0f, .min = 0.05f, .max = 20.0f, .group = "freq",
             .comment = "Random: moves a second, on average"),
    PINNA_CHOICE_IN("freq_note", "Freq note", specmask_notes, 7.0f, .def = 5.0f, .group = "freq",
                    .comment = "Tempo: from move to move"),
    PINNA_SWITCH_IN("gate", "Gate", .group = "gate", .comment = "Gate and gain curves take part"),
    PINNA_SWITCH_IN("gate_invert", "Gate invert", .group = "gate",
                    .comment = "Closes above the thresholds: keeps what is quiet"),
    PINNA_IN("gate_offset", "Gate offset", .unit = PINNA_UNIT_DB, .min = -60.0f, .max = 60.0f,
             .group = "gate", .comment = "Moves the whole threshold curve"),
    PINNA_IN("gate_range", "Gate range", .unit = PINNA_UNIT_DB, .def = 60.0f, .max = 80.0f,
             .group = "gate", .comment = "How much a closed gate takes away"),
    PINNA_IN("gate_attack", "Gate attack", .unit = PINNA_UNIT_MS, .flags = PINNA_LOGARITHMIC,
             .def = 5.0f, .min = 1.0f, .max = 500.0f, .group = "gate"),
    PINNA_IN("gate_release", "Gate release", .unit = PINNA_UNIT_MS, .flags = PINNA_LOGARITHMIC,
             .def = 80.0f, .min = 5.0f, .max = 5000.0f, .group = "gate"),
    SPECMASK_CURVE(SPECMASK_THRESHOLD),
    SPECMASK_CURVE(SPECMASK_GAIN),
    PINNA_OUT("time_masked", "Time masked", .unit = PINNA_UNIT_PC, .max = 100.0f,
              .comment = "Share of this moment that a time mask covers"),
    PINNA_OUT("freq_masked", "Freq masked", .unit = PINNA_UNIT_PC, .max = 100.0f,
              .comment = "Share of the spectrum under frequency masks"),
    PINNA_OUT("gated", "Gated", .unit = PINNA_UNIT_PC, .max = 100.0f,
              .comment = "Share of the energy that the gate takes away"),
};

static const PinnaGroup specmask_groups[] = {
    {"time", "Time masks", "param:ControlGroup", 0},
    {"freq", "Frequency masks", "param:FilterControls", 0},
    {"gate", "Gate", "param:CompressorControls", 0},
    {"curve", "Gate curves", "param:FilterControls", 0},
};

static const PinnaVariant specmask_variants[] =
    PINNA_MONO_AND_STEREO(SPECMASK_MONO_URI, SPECMASK_STEREO_URI, "Pinna Spectral Mask");

static const PinnaInfo pinna_info = {
    .name = "specmask",
    .type = "lv2:SpectralPlugin",
    .comment = "Masks in time and frequency as SpecAugment makes them, random or in tempo, "
               "reproducible from a seed, filled with silence, the mean spectrum or noise; and a "
               "spectral gate with curves drawn through 16 points. For augmentation that one can "
               "listen to, and for stutters, holes and spectral rhythm. Latency 21 ms.",
    .minor = 2U,
    .micro = 0U,
    .variants = specmask_variants,
    .n_variants = PINNA_COUNT(specmask_variants),
    .controls = specmask_controls,
    .n_controls = PINNA_COUNT(specmask_controls),
    .groups = specmask_groups,
    .n_groups = PINNA_COUNT(specmask_groups),
    .inline_display = 1,
};

#endif // PINNA_PLUGINS_SPECMASK_PORTS_H
