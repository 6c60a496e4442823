// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// YAML tree with positions, on libyaml

static PinnaStatus
fail_at(const PinnaYaml* const yaml, const yaml_mark_t mark, PinnaError* const error,
        const char* const text) {
  return pinna_fail(error, PINNA_STATUS_BAD_CONFIG, "%s:%zu:%zu: %s", yaml->name, mark.line + 1,
                    mark.column + 1, text);
}

static PinnaStatus
parser_error(const PinnaYaml* const yaml, const yaml_parser_t* const parser,
             PinnaError* const error) {
  char text[256];
  if (parser->error == YAML_MEMORY_ERROR) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  const char* const problem = parser->problem ? parser->problem : "malformed";
  if (parser->error == YAML_READER_ERROR) {
    return pinna_fail(error, PINNA_STATUS_BAD_CONFIG, "%s: byte %zu: %s", yaml->name,
                      parser->problem_offset + 1, problem);
  }
  snprintf(text, sizeof(text), "Not YAML: %s%s%s", problem, parser->context ? " " : "",
           parser->context ? parser->context : "");
  return fail_at(yaml, parser->problem_mark, error, text);
}

static PinnaStatus
parse_all(PinnaYaml* const yaml, yaml_parser_t* const parser, PinnaError* const error) {
  yaml_document_t rest;
  if (!yaml_parser_load(parser, &yaml->document)) {
    return parser_error(yaml, parser, error);
  }

  PinnaStatus status = PINNA_STATUS_OK;
  if (!yaml_parser_load(parser, &rest)) {
    status = parser_error(yaml, parser, error);
  } else {
    const yaml_node_t* const second = yaml_document_get_root_node(&rest);
    if (second) {
      status = fail_at(yaml, second->start_mark, error, "A second document: only one is allowed");
    }
    yaml_document_delete(&rest);
  }
  if (!status && !yaml_document_get_root_node(&yaml->document)) {
    status = pinna_fail(error, PINNA_STATUS_BAD_CONFIG, "%s: The file is empty", yaml->name);
  }
  if (status) {
    yaml_document_delete(&yaml->document);
  }
  return status;
}

PinnaStatus
pinna_yaml_parse(PinnaYaml* const yaml, const char* const text, const uint32_t size,
                 const char* const name, PinnaError* const error) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  yaml->name = name;
  yaml_parser_set_input_string(&parser, (const unsigned char*)text, size);
  const PinnaStatus status = parse_all(yaml, &parser, error);
  yaml_parser_delete(&parser);
  return status;
}

const char*
pinna_yaml_text(const yaml_node_t* const node) {
  return node && node->type == YAML_SCALAR_NODE ? (const char*)node->data.scalar.value : NULL;
}

yaml_node_t*
pinna_yaml_get(PinnaYaml* const yaml, const yaml_node_t* const mapping, const char* const key) {
  if (!mapping || mapping->type != YAML_MAPPING_NODE) {
    return NULL;
  }
  for (yaml_node_pair_t* p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top;
       ++p) {
    const char* const text = pinna_yaml_text(yaml_document_get_node(&yaml->document, p->key));
    if (text && !strcmp(text, key)) {
      return yaml_document_get_node(&yaml->document, p->value);
    }
  }
  return NULL;
}

uint32_t
pinna_yaml_n_items(const yaml_node_t* const sequence) {
  return sequence && sequence->type == YAML_SEQUENCE_NODE
             ? (uint32_t)(sequence->data.sequence.items.top - sequence->data.sequence.items.start)
             : 0;
}

yaml_node_t*
pinna_yaml_item(PinnaYaml* const yaml, const yaml_node_t* const sequence, const uint32_t n) {
  return n < pinna_yaml_n_items(sequence)
             ? yaml_document_get_node(&yaml->document, sequence->data.sequence.items.start[n])
             : NULL;
}

PinnaStatus
pinna_yaml_fail(const PinnaYaml* const yaml, const yaml_node_t* const node, PinnaError* const error,
                const char* const format, ...) {
  char    text[900];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  const yaml_mark_t start = {0};
  return fail_at(yaml, node ? node->start_mark : start, error, text);
}
