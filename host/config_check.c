// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config_check.h"

#include "host/config_schema.h"
#include "host/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// A document against the schema tables: the first mistake, with its place and the cure

static PinnaStatus check_value(PinnaYaml* yaml, const yaml_node_t* node,
                               const cyaml_schema_value_t* schema, const char* key,
                               PinnaError* error);

static PinnaStatus
check_string(PinnaYaml* const yaml, const yaml_node_t* const node,
             const cyaml_schema_value_t* const schema, const char* const key,
             PinnaError* const error) {
  const char* const text = pinna_yaml_text(node);
  if (!text) {
    return pinna_yaml_fail(yaml, node, error, "'%s' must be one word or text", key);
  }
  if (strlen(text) < schema->string.min) {
    return pinna_yaml_fail(yaml, node, error, "'%s' has no value", key);
  }
  if (strlen(text) > schema->string.max) {
    return pinna_yaml_fail(yaml, node, error, "'%s' is longer than %u characters", key,
                           (unsigned)schema->string.max);
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_number(PinnaYaml* const yaml, const yaml_node_t* const node, const char* const key,
             PinnaError* const error) {
  const PinnaConfigRange* range = pinna_config_ranges;
  while (range->key && strcmp(range->key, key)) {
    ++range;
  }

  const char* const text = pinna_yaml_text(node);
  if (!text || !text[0] || strspn(text, "0123456789") != strlen(text) ||
      (text[0] == '0' && text[1])) {
    return pinna_yaml_fail(yaml, node, error, "'%s' must be a whole number from %u to %u, not '%s'",
                           key, range->minimum, range->maximum, text ? text : "a list or map");
  }

  errno = 0;
  const unsigned long long value = strtoull(text, NULL, 10);
  if (!strcmp(key, "version") && value > PINNA_CONFIG_VERSION) {
    return pinna_yaml_fail(yaml, node, error,
                           "The file has version %s, but this Pinna reads up to version %u: "
                           "upgrade Pinna, or write the file for version %u",
                           text, PINNA_CONFIG_VERSION, PINNA_CONFIG_VERSION);
  }
  if (errno || ((value < range->minimum || value > range->maximum) && value != range->also)) {
    return pinna_yaml_fail(yaml, node, error, "'%s' must be from %u to %u, not %s", key,
                           range->minimum, range->maximum, text);
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_switch(PinnaYaml* const yaml, const yaml_node_t* const node,
             const cyaml_schema_value_t* const schema, const char* const key,
             PinnaError* const error) {
  const char* const text = pinna_yaml_text(node);
  for (uint32_t i = 0; text && i < schema->enumeration.count; ++i) {
    if (!strcasecmp(text, schema->enumeration.strings[i].str)) {
      return PINNA_STATUS_OK;
    }
  }
  return pinna_yaml_fail(yaml, node, error, "'%s' must be yes or no, not '%s'", key,
                         text ? text : "a list or map");
}

static PinnaStatus
unknown_key(const PinnaYaml* const yaml, const yaml_node_t* const node,
            const cyaml_schema_field_t* const fields, const char* const key,
            PinnaError* const error) {
  char         hint[300] = "";
  char         list[300] = "";
  size_t       n = 0;
  PinnaNearest nearest = pinna_nearest(key);
  for (const cyaml_schema_field_t* f = fields; f->key && n < sizeof(list); ++f) {
    pinna_nearest_offer(&nearest, f->key, f->key);
    n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "; here may be ", f->key);
  }
  return pinna_yaml_fail(yaml, node, error, "Unknown key '%.64s'%s", key,
                         nearest.n_found ? pinna_nearest_text(&nearest, hint, sizeof(hint)) : list);
}

static PinnaStatus
check_pair(PinnaYaml* const yaml, const yaml_node_pair_t* const pair,
           const cyaml_schema_field_t* const fields, uint32_t* const seen,
           PinnaError* const error) {
  const yaml_node_t* const key_node = yaml_document_get_node(&yaml->document, pair->key);
  const char* const        key = pinna_yaml_text(key_node);
  if (!key) {
    return pinna_yaml_fail(yaml, key_node, error, "A key must be one word");
  }

  uint32_t i = 0;
  while (fields[i].key && strcmp(fields[i].key, key)) {
    ++i;
  }
  if (!fields[i].key) {
    return unknown_key(yaml, key_node, fields, key, error);
  }
  if (*seen & (1U << i)) {
    return pinna_yaml_fail(yaml, key_node, error, "'%s' is given twice", key);
  }
  *seen |= 1U << i;
  return check_value(yaml, yaml_document_get_node(&yaml->document, pair->value), &fields[i].value,
                     key, error);
}

static PinnaStatus
check_mapping(PinnaYaml* const yaml, const yaml_node_t* const node,
              const cyaml_schema_value_t* const schema, const char* const key,
              PinnaError* const error) {
  const cyaml_schema_field_t* const fields = schema->mapping.fields;
  if (node->type != YAML_MAPPING_NODE) {
    return pinna_yaml_fail(yaml, node, error,
                           "%s must be a map of 'key: value', starting with '%s'", key,
                           fields[0].key);
  }

  uint32_t seen = 0;
  for (const yaml_node_pair_t* p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
       ++p) {
    const PinnaStatus status = check_pair(yaml, p, fields, &seen, error);
    if (status) {
      return status;
    }
  }
  for (uint32_t i = 0; fields[i].key; ++i) {
    if (!(seen & (1U << i)) && !(fields[i].value.flags & CYAML_FLAG_OPTIONAL)) {
      return pinna_yaml_fail(yaml, node, error, "'%s' is missing in %s", fields[i].key, key);
    }
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_sequence(PinnaYaml* const yaml, const yaml_node_t* const node,
               const cyaml_schema_value_t* const schema, const char* const key,
               PinnaError* const error) {
  if (node->type != YAML_SEQUENCE_NODE) {
    return pinna_yaml_fail(yaml, node, error, "'%s' must be a list: lines that begin with '- '",
                           key);
  }
  const uint32_t n = pinna_yaml_n_items(node);
  if (n > schema->sequence.max) {
    return pinna_yaml_fail(yaml, node, error, "'%s' has %u entries, at most %u are allowed", key, n,
                           (unsigned)schema->sequence.max);
  }
  PinnaStatus status = PINNA_STATUS_OK;
  for (uint32_t i = 0; i < n && !status; ++i) {
    char place[64];
    snprintf(place, sizeof(place), "entry %u of '%s'", i + 1U, key);
    status =
        check_value(yaml, pinna_yaml_item(yaml, node, i), schema->sequence.entry, place, error);
  }
  return status;
}

static PinnaStatus
check_value(PinnaYaml* const yaml, const yaml_node_t* const node,
            const cyaml_schema_value_t* const schema, const char* const key,
            PinnaError* const error) {
  switch (schema->type) {
  case CYAML_STRING:
    return check_string(yaml, node, schema, key, error);
  case CYAML_UINT:
    return check_number(yaml, node, key, error);
  case CYAML_ENUM:
    return check_switch(yaml, node, schema, key, error);
  case CYAML_MAPPING:
    return check_mapping(yaml, node, schema, key, error);
  case CYAML_SEQUENCE:
    return check_sequence(yaml, node, schema, key, error);
  default:
    return PINNA_STATUS_OK; // Free-form: config_check_meaning.c
  }
}

PinnaStatus
pinna_config_check_schema(PinnaYaml* const yaml, const cyaml_schema_value_t* const schema,
                          PinnaError* const error) {
  return check_mapping(yaml, yaml_document_get_root_node(&yaml->document), schema, "the file",
                       error);
}
