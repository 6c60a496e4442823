// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config_schema.h"

#include "host/config.h"

#include <stddef.h>

// Schema tables and ranges of the configuration file

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define SWITCH (CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT | CYAML_FLAG_CASE_INSENSITIVE)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const cyaml_strval_t switches[] = {
    {"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"on", 1}, {"off", 0},
};

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char*, 1, 4096),
};

static const cyaml_schema_field_t audio_fields[] = {
    CYAML_FIELD_STRING_PTR("backend", CYAML_FLAG_POINTER, PinnaConfigAudio, backend, 1, 64),
    CYAML_FIELD_STRING_PTR("client", OPTIONAL, PinnaConfigAudio, client, 1, 60),
    CYAML_FIELD_STRING_PTR("server", OPTIONAL, PinnaConfigAudio, server, 1, 60),
    CYAML_FIELD_STRING_PTR("device", OPTIONAL, PinnaConfigAudio, device, 1, 1024),
    CYAML_FIELD_STRING_PTR("input", OPTIONAL, PinnaConfigAudio, input, 1, 4096),
    CYAML_FIELD_STRING_PTR("output", OPTIONAL, PinnaConfigAudio, output, 1, 4096),
    CYAML_FIELD_STRING_PTR("format", OPTIONAL, PinnaConfigAudio, format, 1, 64),
    CYAML_FIELD_UINT("inputs", CYAML_FLAG_OPTIONAL, PinnaConfigAudio, inputs),
    CYAML_FIELD_UINT("outputs", CYAML_FLAG_OPTIONAL, PinnaConfigAudio, outputs),
    CYAML_FIELD_UINT("sample_rate", CYAML_FLAG_OPTIONAL, PinnaConfigAudio, sample_rate),
    CYAML_FIELD_UINT("block", CYAML_FLAG_OPTIONAL, PinnaConfigAudio, block),
    CYAML_FIELD_UINT("give_up", CYAML_FLAG_OPTIONAL, PinnaConfigAudio, give_up),
    CYAML_FIELD_ENUM("wait", SWITCH, PinnaConfigAudio, wait, switches, COUNT(switches)),
    CYAML_FIELD_ENUM("clocked", SWITCH, PinnaConfigAudio, clocked, switches, COUNT(switches)),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t node_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, PinnaConfigNode, id, 1, 60),
    CYAML_FIELD_STRING_PTR("plugin", CYAML_FLAG_POINTER, PinnaConfigNode, plugin, 1, 1024),
    CYAML_FIELD_STRING_PTR("preset", OPTIONAL, PinnaConfigNode, preset, 1, 1024),
    CYAML_FIELD_IGNORE("set", CYAML_FLAG_OPTIONAL),
    CYAML_FIELD_ENUM("bypass", SWITCH, PinnaConfigNode, bypass, switches, COUNT(switches)),
    CYAML_FIELD_ENUM("required", SWITCH, PinnaConfigNode, required, switches, COUNT(switches)),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t node = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, PinnaConfigNode, node_fields),
};

static const cyaml_schema_field_t wire_fields[] = {
    CYAML_FIELD_STRING_PTR("from", CYAML_FLAG_POINTER, PinnaConfigWire, from, 1, 100),
    CYAML_FIELD_IGNORE("to", CYAML_FLAG_DEFAULT),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t wire = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, PinnaConfigWire, wire_fields),
};

static const cyaml_schema_field_t jack_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("inputs", OPTIONAL, PinnaConfigJack, inputs, n_inputs, &word, 0, 64),
    CYAML_FIELD_SEQUENCE_COUNT("outputs", OPTIONAL, PinnaConfigJack, outputs, n_outputs, &word, 0,
                               64),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t state_fields[] = {
    CYAML_FIELD_UINT("every", CYAML_FLAG_OPTIONAL, PinnaConfigState, every),
    CYAML_FIELD_UINT("keep", CYAML_FLAG_OPTIONAL, PinnaConfigState, keep),
    CYAML_FIELD_STRING_PTR("dir", OPTIONAL, PinnaConfigState, dir, 1, 4000),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t caption_fields[] = {
    CYAML_FIELD_STRING_PTR("from", CYAML_FLAG_POINTER, PinnaConfigCaption, from, 1, 60),
    CYAML_FIELD_STRING_PTR("to", CYAML_FLAG_POINTER, PinnaConfigCaption, to, 1, 64),
    CYAML_FIELD_STRING_PTR("file", OPTIONAL, PinnaConfigCaption, file, 1, 4000),
    CYAML_FIELD_STRING_PTR("url", OPTIONAL, PinnaConfigCaption, url, 1, 1024),
    CYAML_FIELD_UINT("keep", CYAML_FLAG_OPTIONAL, PinnaConfigCaption, keep),
    CYAML_FIELD_UINT("every", CYAML_FLAG_OPTIONAL, PinnaConfigCaption, every),
    CYAML_FIELD_UINT("limit", CYAML_FLAG_OPTIONAL, PinnaConfigCaption, limit),
    CYAML_FIELD_ENUM("partials", SWITCH, PinnaConfigCaption, partials, switches, COUNT(switches)),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t caption = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, PinnaConfigCaption, caption_fields),
};

static const cyaml_schema_field_t config_fields[] = {
    CYAML_FIELD_UINT("version", CYAML_FLAG_OPTIONAL, PinnaConfig, version),
    CYAML_FIELD_STRING_PTR("name", OPTIONAL, PinnaConfig, name, 1, 60),
    CYAML_FIELD_MAPPING("audio", CYAML_FLAG_DEFAULT, PinnaConfig, audio, audio_fields),
    CYAML_FIELD_SEQUENCE_COUNT("nodes", OPTIONAL, PinnaConfig, nodes, n_nodes, &node, 0, 1024),
    CYAML_FIELD_SEQUENCE_COUNT("wires", OPTIONAL, PinnaConfig, wires, n_wires, &wire, 0, 8192),
    CYAML_FIELD_MAPPING("jack", CYAML_FLAG_OPTIONAL, PinnaConfig, jack, jack_fields),
    CYAML_FIELD_MAPPING("state", CYAML_FLAG_OPTIONAL, PinnaConfig, state, state_fields),
    CYAML_FIELD_SEQUENCE_COUNT("captions", OPTIONAL, PinnaConfig, captions, n_captions, &caption, 0,
                               64),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t pinna_config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, PinnaConfig, config_fields),
};

const PinnaConfigRange pinna_config_ranges[] = {
    {"version", 1, PINNA_CONFIG_VERSION, 1},
    {"inputs", 0, 64, 0},
    {"outputs", 0, 64, 0},
    {"sample_rate", 8000, 384000, 0},
    {"block", 1, 8192, 0},
    {"give_up", 0, 31536000, 0},
    {"every", 0, 31536000, 0},
    {"keep", 1, 1000, 1},
    {"limit", 1, 100000, 1},
    {NULL, 0, 0, 0},
};
