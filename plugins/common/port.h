// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_PORT_H
#define PINNA_PLUGINS_COMMON_PORT_H

#include <stdint.h>

// The table of ports: a bundle's ports.h fills it, and TTL, clamping and tests all read that one

typedef enum {
  PINNA_AUDIO_IN = 0, ///< Samples, full scale +-1
  PINNA_AUDIO_OUT,    ///< Samples; may be the same buffer as any input
  PINNA_CONTROL_IN,   ///< One float per run
  PINNA_CONTROL_OUT,  ///< One float, written in every run, of zero frames too
  PINNA_EVENT_IN,     ///< Atoms in time: plugins/common/event.h
  PINNA_EVENT_OUT
} PinnaPortKind;

typedef enum {
  PINNA_UNIT_NONE = 0, ///< Toggles, enumerations and counts
  PINNA_UNIT_DB,
  PINNA_UNIT_HZ,
  PINNA_UNIT_FRAME,
  PINNA_UNIT_MS,
  PINNA_UNIT_S,
  PINNA_UNIT_PC,
  PINNA_UNIT_CENT,
  PINNA_UNIT_SEMITONE,
  PINNA_UNIT_DEGREE,
  PINNA_UNIT_Q,      ///< Resonance
  PINNA_UNIT_DB_OCT, ///< Steepness, decibels per octave
  PINNA_UNIT_LUFS,   ///< Loudness, ITU-R BS.1770
  PINNA_UNIT_LU,     ///< Difference of loudness
  PINNA_UNIT_DBTP,   ///< True peak, decibels re full scale
  PINNA_UNIT_COEF,   ///< A share or a ratio
  PINNA_UNIT_BPM,    ///< Beats per minute
  PINNA_UNIT_MM,     ///< Millimetres
  PINNA_N_UNITS
} PinnaUnit;

typedef enum {
  PINNA_ROLE_NONE = 0,
  PINNA_ROLE_ENABLED,   ///< lv2:enabled: 0 crossfades to the delay-matched input
  PINNA_ROLE_LATENCY,   ///< lv2:latency, frames
  PINNA_ROLE_FREEWHEEL, ///< lv2:freeWheeling: the host renders offline
  PINNA_ROLE_LEFT,
  PINNA_ROLE_RIGHT,
  PINNA_ROLE_CENTER,
  PINNA_ROLE_CONTROL, ///< lv2:control: where a host sends patch:Set
  PINNA_N_ROLES
} PinnaRole;

typedef enum {
  PINNA_TOGGLED = 1U << 0U,
  PINNA_INTEGER = 1U << 1U,
  PINNA_ENUMERATION = 1U << 2U, ///< Only the scale points are meant; implies PINNA_INTEGER
  PINNA_LOGARITHMIC = 1U << 3U,
  PINNA_NOT_AUTOMATIC = 1U << 4U, ///< A choice, not something to play
  PINNA_NOT_ON_GUI = 1U << 5U,
  PINNA_TRIGGER = 1U << 6U,   ///< Acts when it rises; with PINNA_TOGGLED
  PINNA_SIDE_CHAIN = 1U << 7U ///< Audio in that may stay unconnected: silence
} PinnaPortFlags;

typedef struct {
  const char* label; ///< NULL ends the list
  float       value;
} PinnaScalePoint;

typedef struct {
  const char*            symbol;
  const char*            name; ///< For people: at most 16 characters, unique in the plugin
  PinnaPortKind          kind;
  PinnaRole              role;
  PinnaUnit              unit;
  unsigned               flags; ///< PinnaPortFlags
  float                  def;   ///< Also what a NaN from the host becomes
  float                  min;
  float                  max;
  const PinnaScalePoint* points;   ///< Or NULL
  const char*            group;    ///< Symbol of a PinnaGroup, or NULL
  uint16_t               steps;    ///< pprops:rangeSteps, or 0
  uint16_t               priority; ///< pprops:displayPriority, or 0
  const char*            comment;  ///< A sentence for the tooltip, or NULL
  const char*            supports; ///< Events: classes in Turtle, such as "midi:MidiEvent"
  uint32_t               size;     ///< Events: bytes of buffer that suit, or 0
} PinnaPort;

typedef struct {
  const char* symbol;
  const char* name;
  const char* type;   ///< Classes in Turtle, such as "pg:StereoGroup , pg:InputGroup"
  const char* source; ///< For an output group: symbol of the input group it follows, or NULL
} PinnaGroup;

/// A plugin of the bundle: the same controls behind another set of audio ports
typedef struct {
  const char*      uri;
  const char*      name;
  const PinnaPort* audio; ///< Inputs, then outputs; ports 0 to n_in + n_out - 1 of the plugin
  uint32_t         n_in;
  uint32_t         n_out;
  const char*      group_type; ///< Class of its main groups, such as "pg:StereoGroup"
} PinnaVariant;

/// All that is said about a bundle, once
typedef struct {
  const char*         name;    ///< Of the bundle: NAME.lv2/NAME.so
  const char*         type;    ///< LV2 class in Turtle, such as "lv2:ParaEQPlugin"
  const char*         comment; ///< One paragraph
  unsigned            minor;   ///< lv2:minorVersion, even = released
  unsigned            micro;   ///< lv2:microVersion
  const PinnaVariant* variants;
  uint32_t            n_variants;
  const PinnaPort*    controls; ///< Control c is port n_in + n_out + c of the plugin
  uint32_t            n_controls;
  const PinnaGroup*   groups;
  uint32_t            n_groups;
  int                 inline_display; ///< The plugin draws itself
  int                 state;          ///< It keeps numbers besides its controls
  int                 passes;         ///< Its outputs are its inputs: they need no check
  int                 has_workers;    ///< Some of the work is done beside the audio thread
  int                 rewrites;       ///< Its wave is not the input's: latency shows at "mix" 0
  const char* file; ///< Property urn:pinna:NAME#FILE, a path (plugins/common/file.h), or NULL
  const char* file_comment; ///< A sentence about it
  const char* text; ///< Property urn:pinna:NAME#TEXT, words that the file is opened with, or NULL
  const char* text_comment; ///< A sentence about it
  const char* out;          ///< Property urn:pinna:NAME#OUT, path of a file that it writes, or NULL
  const char* out_comment;  ///< A sentence about it
} PinnaInfo;

#define PINNA_COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

/// A row of the table that says no more than it must: symbol, name, and what else it has
#define PINNA_IN(s, n, ...)                                                                        \
  { .symbol = (s), .name = (n), .kind = PINNA_CONTROL_IN, __VA_ARGS__ }

/// Per cent
#define PINNA_SHARE_IN(s, n, ...) PINNA_IN(s, n, .unit = PINNA_UNIT_PC, .max = 100.0f, __VA_ARGS__)

/// On or off
#define PINNA_SWITCH_IN(s, n, ...) PINNA_IN(s, n, .flags = PINNA_TOGGLED, .max = 1.0f, __VA_ARGS__)

/// One of the scale points `list`, of which the last is `most`
#define PINNA_CHOICE_IN(s, n, list, most, ...)                                                     \
  PINNA_IN(s, n, .flags = PINNA_ENUMERATION, .max = (most), .points = (list), __VA_ARGS__)

#define PINNA_OUT(s, n, ...)                                                                       \
  { .symbol = (s), .name = (n), .kind = PINNA_CONTROL_OUT, __VA_ARGS__ }

/// A count that only grows
#define PINNA_COUNT_OUT(s, n, g, text)                                                             \
  PINNA_OUT(s, n, .flags = PINNA_INTEGER, .max = 16777216.0f, .group = (g), .comment = (text))

/// One of the scale points `list`, of which the last is `most`
#define PINNA_STATE_OUT(s, n, list, most, g, text)                                                 \
  PINNA_OUT(s, n, .flags = PINNA_ENUMERATION, .max = (most), .points = (list), .group = (g),       \
            .comment = (text))

/// The first three controls of every plugin, in this order
#define PINNA_COMMON_CONTROLS                                                                      \
  PINNA_SWITCH_IN("enabled", "Enabled", .role = PINNA_ROLE_ENABLED, .def = 1.0f,                   \
                  .comment = "Off passes the input, delayed by the latency, without a click"),     \
      PINNA_OUT("latency", "Latency", .role = PINNA_ROLE_LATENCY, .unit = PINNA_UNIT_FRAME,        \
                .flags = PINNA_INTEGER | PINNA_NOT_ON_GUI, .max = 192000.0f),                      \
      PINNA_IN("freewheel", "Freewheeling", .role = PINNA_ROLE_FREEWHEEL,                          \
               .flags = PINNA_TOGGLED | PINNA_NOT_ON_GUI, .max = 1.0f)

enum { PINNA_CONTROL_ENABLED, PINNA_CONTROL_LATENCY, PINNA_CONTROL_FREEWHEEL };

/// Where patch:Set comes to
#define PINNA_CONTROL_EVENTS(bytes, text)                                                          \
  {                                                                                                \
    .symbol = "control", .name = "Control", .kind = PINNA_EVENT_IN, .role = PINNA_ROLE_CONTROL,    \
    .supports = "patch:Message", .size = (bytes), .comment = (text)                                \
  }

/// One channel in, one out
#define PINNA_AUDIO_MONO                                                                           \
  {                                                                                                \
    {.symbol = "in", .name = "In", .kind = PINNA_AUDIO_IN, .role = PINNA_ROLE_CENTER},             \
        {.symbol = "out", .name = "Out", .kind = PINNA_AUDIO_OUT, .role = PINNA_ROLE_CENTER},      \
  }

/// Two channels in, two out
#define PINNA_AUDIO_STEREO                                                                         \
  {                                                                                                \
    {.symbol = "in_l", .name = "In left", .kind = PINNA_AUDIO_IN, .role = PINNA_ROLE_LEFT},        \
        {.symbol = "in_r", .name = "In right", .kind = PINNA_AUDIO_IN, .role = PINNA_ROLE_RIGHT},  \
        {.symbol = "out_l", .name = "Out left", .kind = PINNA_AUDIO_OUT, .role = PINNA_ROLE_LEFT}, \
        {.symbol = "out_r",                                                                        \
         .name = "Out right",                                                                      \
         .kind = PINNA_AUDIO_OUT,                                                                  \
         .role = PINNA_ROLE_RIGHT},                                                                \
  }

/// The same controls behind one channel and behind two
#define PINNA_MONO_AND_STEREO(mono_uri, stereo_uri, label)                                         \
  {                                                                                                \
    {(mono_uri), label " Mono", (const PinnaPort[])PINNA_AUDIO_MONO, 1U, 1U, "pg:MonoGroup"}, {    \
      (stereo_uri), label " Stereo", (const PinnaPort[])PINNA_AUDIO_STEREO, 2U, 2U,                \
          "pg:StereoGroup"                                                                         \
    }                                                                                              \
  }

#endif // PINNA_PLUGINS_COMMON_PORT_H
