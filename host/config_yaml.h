// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONFIG_YAML_H
#define PINNA_HOST_CONFIG_YAML_H

#include "base/attributes.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

// A YAML document as a tree whose every node knows its line and column

typedef struct {
  yaml_document_t document;
  const char*     name; ///< Of the file, for messages
} PinnaYaml;

/// Parse exactly one document. Free with yaml_document_delete(). Not realtime.
/// @return BAD_CONFIG with file, line and column; NO_MEM
PinnaStatus pinna_yaml_parse(PinnaYaml* yaml, const char* text, uint32_t size, const char* name,
                             PinnaError* error);

/// Text of a scalar, or NULL if the node is none (or NULL)
const char* pinna_yaml_text(const yaml_node_t* node);

/// Value of a mapping's key, or NULL
yaml_node_t* pinna_yaml_get(PinnaYaml* yaml, const yaml_node_t* mapping, const char* key);

/// n-th item of a sequence, or NULL
yaml_node_t* pinna_yaml_item(PinnaYaml* yaml, const yaml_node_t* sequence, uint32_t n);

/// Number of a sequence's items, 0 for anything else
uint32_t pinna_yaml_n_items(const yaml_node_t* sequence);

/// Fail with "file:line:column: message". @return BAD_CONFIG
PinnaStatus pinna_yaml_fail(const PinnaYaml* yaml, const yaml_node_t* node, PinnaError* error,
                            const char* format, ...) PINNA_PRINTF(4, 5);

#endif // PINNA_HOST_CONFIG_YAML_H
