// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONFIG_H
#define PINNA_HOST_CONFIG_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

// The one YAML file of a session, checked against its schema with line and column

/// A value for a control or a parameter: `set: {symbol: value}`
typedef struct {
  char* symbol;
  char* value;     ///< Number, scale point's label, or on/off; of a parameter also a text or a path
  char  place[32]; ///< ":line:column: " in the file
} PinnaConfigSet;

typedef struct {
  char*           id;
  char*           plugin; ///< LV2 URI
  char*           preset; ///< URI or label, or NULL
  PinnaConfigSet* set;
  unsigned        n_set;
  bool            bypass;
  bool            required; ///< Do not start without it
} PinnaConfigNode;

/// From and to: "input", "input:1-4", "array", "array:2", "output:1-2"; channels count from 1.
/// Without channels, all channels in order; mono into stereo is copied to both.
typedef struct {
  char*    from;
  char**   to;
  unsigned n_to;
} PinnaConfigWire;

typedef struct {
  char*    backend; ///< jack, portaudio, file, null
  char*    client;  ///< JACK client name
  char*    server;  ///< JACK server name
  char*    device;  ///< PortAudio device
  char*    input;   ///< file: path to read
  char*    output;  ///< file: path to write
  char*    format;  ///< file: output format
  unsigned inputs;
  unsigned outputs;
  unsigned sample_rate; ///< 0: the backend's own
  unsigned block;       ///< 0: the backend's own
  unsigned give_up;     ///< Seconds without audio after which the session ends as lost; 0: never
  bool     wait;        ///< Wait for a server or device that is absent or lost (default: yes)
  bool     clocked;     ///< null, file: real time
} PinnaConfigAudio;

/// Port names or shell patterns. Entry n serves channel n; a pattern in the last place serves all
/// channels that are left, with its first match, its second, ...
typedef struct {
  char**   inputs;
  unsigned n_inputs;
  char**   outputs;
  unsigned n_outputs;
} PinnaConfigJack;

typedef struct {
  unsigned every; ///< Seconds between saves, 0: only at stop
  unsigned keep;  ///< Generations kept
  char*    dir;   ///< Folder, or NULL: $STATE_DIRECTORY or $XDG_STATE_HOME/pinna/<name>
} PinnaConfigState;

/// Where the captions of a node go
typedef struct {
  char*    from;     ///< Id of the node
  char*    to;       ///< terminal, txt, jsonl, srt, vtt, osc
  char*    file;     ///< For all but terminal and osc
  char*    url;      ///< For osc: osc.udp://host:port/path
  unsigned keep;     ///< Files kept; 0: 30
  unsigned every;    ///< Seconds after which a new file begins; 0: a day
  unsigned limit;    ///< Megabytes after which a new file begins; 0: 16
  bool     partials; ///< jsonl, osc: partial captions too
} PinnaConfigCaption;

typedef struct {
  unsigned         version;
  char*            file; ///< Its path, for messages
  char*            name; ///< Of this host, for `pinna status NAME` (default: the file's name)
  PinnaConfigAudio audio;
  PinnaConfigNode* nodes;
  unsigned         n_nodes;
  PinnaConfigWire* wires;
  unsigned         n_wires;
  PinnaConfigJack  jack;
  PinnaConfigState state;

  PinnaConfigCaption* captions;
  unsigned            n_captions;
} PinnaConfig;

/// Read and check a file: schema (unknown keys, types, line and column), then meaning (unique ids,
/// known ends of wires, channel ranges are left to the session, which knows the plugins). Not
/// realtime.
/// @return IO, BAD_CONFIG: the error names file, line, column, and the nearest right word
PINNA_API PinnaStatus pinna_config_load(PinnaConfig** config, const char* path, PinnaError* error);

/// The same from memory; `name` stands for the path in messages
PINNA_API PinnaStatus pinna_config_parse(PinnaConfig** config, const char* text, uint32_t size,
                                         const char* name, PinnaError* error);

/// NULL is allowed
PINNA_API void pinna_config_free(PinnaConfig* config);

#endif // PINNA_HOST_CONFIG_H
