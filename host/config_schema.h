// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONFIG_SCHEMA_H
#define PINNA_HOST_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>
#include <stdint.h>

// The words of a configuration file: libcyaml's tables on the structures of config.h

/// Newest version of the format that this program reads
#define PINNA_CONFIG_VERSION 1U

/// The whole file. `set` (free-form) and `to` (a word or a list) are left to config.c.
extern const cyaml_schema_value_t pinna_config_schema;

/// Allowed values of a whole number
typedef struct {
  const char* key;
  uint32_t    minimum;
  uint32_t    maximum;
  uint32_t    also; ///< Allowed besides the range
} PinnaConfigRange;

/// Ranges by key, closed by a NULL key
extern const PinnaConfigRange pinna_config_ranges[];

#endif // PINNA_HOST_CONFIG_SCHEMA_H
