// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config.h"

#include "host/config_check.h"
#include "host/config_schema.h"
#include "host/config_yaml.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Configuration file: checked with words for a person, loaded by libcyaml, free-form parts by hand

enum { MAX_FILE = 1 << 20 };

/// What libcyaml says, should it refuse what the checks let pass
typedef struct {
  char     text[256];
  unsigned line;
  unsigned column;
} Complaint;

static void
PINNA_PRINTF(3, 0)
    hear(const cyaml_log_t level, void* const context, const char* const format, va_list args) {
  (void)level;
  Complaint* const complaint = context;
  char             text[256];
  vsnprintf(text, sizeof(text), format, args);
  text[strcspn(text, "\n")] = '\0';

  const char* const place = strstr(text, "(line: ");
  if (place && !complaint->line) {
    sscanf(place, "(line: %u, column: %u)", &complaint->line, &complaint->column);
  } else if (!complaint->text[0] && !strncmp(text, "Load: ", 6) && !strstr(text, "Backtrace")) {
    memcpy(complaint->text, text + 6, sizeof(text) - 6);
  }
}

static const cyaml_config_t*
quiet_config(cyaml_config_t* const config, Complaint* const complaint) {
  *config = (cyaml_config_t){
      .log_fn = hear,
      .log_ctx = complaint,
      .mem_fn = cyaml_mem,
      .log_level = CYAML_LOG_ERROR,
      .flags = CYAML_CFG_NO_ALIAS,
  };
  return config;
}

static PinnaStatus
load(PinnaConfig** const config, const char* const text, const uint32_t size,
     const char* const name, PinnaError* const error) {
  Complaint         complaint = {"", 0, 0};
  cyaml_config_t    settings;
  const cyaml_err_t result =
      cyaml_load_data((const uint8_t*)text, size, quiet_config(&settings, &complaint),
                      &pinna_config_schema, (cyaml_data_t**)config, NULL);
  if (result == CYAML_OK && *config) {
    return PINNA_STATUS_OK;
  }
  return pinna_fail(error, result == CYAML_ERR_OOM ? PINNA_STATUS_NO_MEM : PINNA_STATUS_BAD_CONFIG,
                    "%s:%u:%u: %s", name, complaint.line ? complaint.line : 1U,
                    complaint.column ? complaint.column : 1U,
                    complaint.text[0] ? complaint.text : cyaml_strerror(result));
}

static bool
fill_set(PinnaConfigNode* const node, PinnaYaml* const yaml, const yaml_node_t* const set) {
  const yaml_node_pair_t* const pairs = set ? set->data.mapping.pairs.start : NULL;
  const size_t                  n = set ? (size_t)(set->data.mapping.pairs.top - pairs) : 0;
  node->set = calloc(n + 1U, sizeof(PinnaConfigSet));
  for (size_t i = 0; i < n && node->set; ++i) {
    PinnaConfigSet* const    entry = &node->set[node->n_set++];
    const yaml_node_t* const key = yaml_document_get_node(&yaml->document, pairs[i].key);
    entry->symbol = strdup(pinna_yaml_text(key));
    snprintf(entry->place, sizeof(entry->place), ":%zu:%zu: ", key->start_mark.line + 1U,
             key->start_mark.column + 1U);
    entry->value = strdup(pinna_yaml_text(yaml_document_get_node(&yaml->document, pairs[i].value)));
    if (!entry->symbol || !entry->value) {
      return false;
    }
  }
  return node->set;
}

static bool
fill_to(PinnaConfigWire* const wire, PinnaYaml* const yaml, const yaml_node_t* const to) {
  const bool     list = to->type == YAML_SEQUENCE_NODE;
  const uint32_t n = list ? pinna_yaml_n_items(to) : 1U;
  wire->to = calloc(n, sizeof(char*));
  for (uint32_t i = 0; i < n && wire->to; ++i) {
    wire->to[i] = strdup(pinna_yaml_text(list ? pinna_yaml_item(yaml, to, i) : to));
    if (!wire->to[i]) {
      return false;
    }
    ++wire->n_to;
  }
  return wire->to;
}

static bool
fill(PinnaConfig* const config, PinnaYaml* const yaml) {
  const yaml_node_t* const root = yaml_document_get_root_node(&yaml->document);
  const yaml_node_t* const audio = pinna_yaml_get(yaml, root, "audio");
  const yaml_node_t* const nodes = pinna_yaml_get(yaml, root, "nodes");
  const yaml_node_t* const wires = pinna_yaml_get(yaml, root, "wires");
  const yaml_node_t* const state = pinna_yaml_get(yaml, root, "state");
  const bool               is_file = !strcmp(config->audio.backend, "file");

  config->version = PINNA_CONFIG_VERSION;
  if (!pinna_yaml_get(yaml, audio, "inputs")) {
    config->audio.inputs = is_file ? 0 : 2;
  }
  if (!pinna_yaml_get(yaml, audio, "outputs")) {
    config->audio.outputs = 2;
  }
  if (!pinna_yaml_get(yaml, audio, "wait")) {
    config->audio.wait = true;
  }
  if (!pinna_yaml_get(yaml, state, "every")) {
    config->state.every = 60;
  }
  if (!config->state.keep) {
    config->state.keep = 5;
  }

  bool good = true;
  for (unsigned i = 0; i < config->n_nodes && good; ++i) {
    const yaml_node_t* const node = pinna_yaml_item(yaml, nodes, i);
    good = fill_set(&config->nodes[i], yaml, pinna_yaml_get(yaml, node, "set"));
  }
  for (unsigned i = 0; i < config->n_wires && good; ++i) {
    const yaml_node_t* const wire = pinna_yaml_item(yaml, wires, i);
    good = fill_to(&config->wires[i], yaml, pinna_yaml_get(yaml, wire, "to"));
  }
  return good;
}

/// The file's name without folder and ending
static char*
name_of(const char* const path) {
  const char* const slash = strrchr(path, '/');
  const char* const base = slash ? slash + 1 : path;
  const char* const dot = strrchr(base, '.');
  return strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

PinnaStatus
pinna_config_parse(PinnaConfig** const config, const char* const text, const uint32_t size,
                   const char* const name, PinnaError* const error) {
  *config = NULL;
  PinnaYaml   yaml;
  PinnaStatus status = pinna_yaml_parse(&yaml, text, size, name, error);
  if (status) {
    return status;
  }

  PinnaConfig* made = NULL;
  status = pinna_config_check_schema(&yaml, &pinna_config_schema, error);
  status = status ? status : pinna_config_check_meaning(&yaml, error);
  status = status ? status : load(&made, text, size, name, error);
  if (!status) {
    made->name = made->name ? made->name : name_of(name);
    made->file = strdup(name);
    if (!fill(made, &yaml) || !made->name || !made->file) {
      status = pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
    }
  }
  yaml_document_delete(&yaml.document);

  if (status) {
    pinna_config_free(made);
  } else {
    *config = made;
  }
  return status;
}

PinnaStatus
pinna_config_load(PinnaConfig** const config, const char* const path, PinnaError* const error) {
  *config = NULL;
  FILE* const file = fopen(path, "re");
  if (!file) {
    return pinna_fail(error, PINNA_STATUS_IO, "%s: Cannot read the configuration: %s", path,
                      strerror(errno));
  }

  char* const  text = malloc(MAX_FILE + 1U);
  const size_t size = text ? fread(text, 1, MAX_FILE + 1U, file) : 0;
  const bool   failed = ferror(file);
  const int    reason = errno;
  fclose(file);

  PinnaStatus status = PINNA_STATUS_OK;
  if (!text) {
    status = pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  } else if (failed) {
    status = pinna_fail(error, PINNA_STATUS_IO, "%s: Cannot read the configuration: %s%s", path,
                        strerror(reason), reason == EISDIR ? "; name a file in that folder" : "");
  } else if (size > MAX_FILE) {
    status = pinna_fail(error, PINNA_STATUS_BAD_CONFIG, "%s: Longer than 1 MiB", path);
  } else {
    status = pinna_config_parse(config, text, (uint32_t)size, path, error);
  }
  free(text);
  return status;
}

void
pinna_config_free(PinnaConfig* const config) {
  if (!config) {
    return;
  }
  for (unsigned i = 0; i < config->n_nodes && config->nodes; ++i) {
    PinnaConfigNode* const node = &config->nodes[i];
    for (unsigned s = 0; s < node->n_set; ++s) {
      free(node->set[s].symbol);
      free(node->set[s].value);
    }
    free(node->set);
  }
  free(config->file);
  for (unsigned i = 0; i < config->n_wires && config->wires; ++i) {
    for (unsigned t = 0; t < config->wires[i].n_to; ++t) {
      free(config->wires[i].to[t]);
    }
    free(config->wires[i].to);
  }
  Complaint      complaint = {"", 0, 0};
  cyaml_config_t settings;
  cyaml_free(quiet_config(&settings, &complaint), &pinna_config_schema, config, 0);
}
