// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/config_check.h"

#include "host/caption_kinds.h"
#include "host/nearest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// What a schema cannot say: unique ids, ends of wires that exist, free-form controls

enum { MAX_CHANNELS = 64 };

typedef struct {
  PinnaYaml*   yaml;
  const char** ids; ///< [n_ids]
  uint32_t     n_ids;
  PinnaError*  error;
} Check;

static PinnaStatus
check_id(Check* const check, const yaml_node_t* const node) {
  static const char* const letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const char* const id = pinna_yaml_text(node);
  if (strspn(id, letters) != strlen(id)) {
    return pinna_yaml_fail(check->yaml, node, check->error,
                           "The id '%.64s' may hold only letters, digits, '_' and '-'", id);
  }
  if (!strcmp(id, "input") || !strcmp(id, "output")) {
    return pinna_yaml_fail(check->yaml, node, check->error,
                           "The id '%s' means the host's own channels: choose another", id);
  }
  for (uint32_t i = 0; i < check->n_ids; ++i) {
    if (!strcmp(id, check->ids[i])) {
      return pinna_yaml_fail(check->yaml, node, check->error, "The id '%s' is given twice", id);
    }
  }
  check->ids[check->n_ids++] = id;
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_set(Check* const check, const yaml_node_t* const set) {
  PinnaYaml* const yaml = check->yaml;
  if (!set) {
    return PINNA_STATUS_OK;
  }
  if (set->type != YAML_MAPPING_NODE) {
    return pinna_yaml_fail(yaml, set, check->error,
                           "'set' must be a map of controls: {symbol: value}");
  }
  for (const yaml_node_pair_t* p = set->data.mapping.pairs.start; p < set->data.mapping.pairs.top;
       ++p) {
    yaml_node_t* const key = yaml_document_get_node(&yaml->document, p->key);
    yaml_node_t* const value = yaml_document_get_node(&yaml->document, p->value);
    const char* const  symbol = pinna_yaml_text(key);
    if (!symbol || !symbol[0]) {
      return pinna_yaml_fail(yaml, key, check->error, "A control's symbol must be one word");
    }
    if (!pinna_yaml_text(value) || !pinna_yaml_text(value)[0]) {
      return pinna_yaml_fail(yaml, value, check->error,
                             "The control '%.64s' needs one value: a number or a word", symbol);
    }
    if (pinna_yaml_get(yaml, set, symbol) != value) {
      return pinna_yaml_fail(yaml, key, check->error, "The control '%.64s' is set twice", symbol);
    }
  }
  return PINNA_STATUS_OK;
}

/// "2" or "1-4"
static bool
channels_ok(const char* const text) {
  char*               end = NULL;
  const unsigned long first = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
  unsigned long       last = first;
  if (end && *end == '-' && isdigit((unsigned char)end[1])) {
    last = strtoul(end + 1, &end, 10);
  }
  return end && !*end && first >= 1 && first <= last && last <= MAX_CHANNELS;
}

/// @param own,other The host's own end that may stand here, and the one that may not
static PinnaStatus
check_end(Check* const check, const yaml_node_t* const node, const char* const own,
          const char* const other) {
  const char* const text = pinna_yaml_text(node);
  if (!text || !text[0]) {
    return pinna_yaml_fail(check->yaml, node, check->error,
                           "An end of a wire must be one word such as %s:1-2", own);
  }

  char         id[64] = "";
  const size_t length = strcspn(text, ":");
  memcpy(id, text, length < sizeof(id) ? length : sizeof(id) - 1);
  if (text[length] && !channels_ok(text + length + 1)) {
    return pinna_yaml_fail(check->yaml, node, check->error,
                           "The channels of '%.64s' must be written as %.60s:2 or %.60s:1-4, "
                           "counted from 1 to %d",
                           text, id, id, MAX_CHANNELS);
  }
  if (!strcmp(id, other)) {
    return pinna_yaml_fail(check->yaml, node, check->error,
                           !strcmp(other, "output") ? "A wire cannot come from '%s'"
                                                    : "A wire cannot go to '%s'",
                           other);
  }

  for (uint32_t i = 0; i < check->n_ids; ++i) {
    if (length < sizeof(id) && !strcmp(id, check->ids[i])) {
      return PINNA_STATUS_OK;
    }
  }
  if (!strcmp(id, own)) {
    return PINNA_STATUS_OK;
  }

  char         hint[300];
  PinnaNearest nearest = pinna_nearest(id);
  pinna_nearest_offer(&nearest, own, own);
  for (uint32_t i = 0; i < check->n_ids; ++i) {
    pinna_nearest_offer(&nearest, check->ids[i], check->ids[i]);
  }
  return pinna_yaml_fail(check->yaml, node, check->error, "There is no node '%s' in 'nodes'%s", id,
                         pinna_nearest_text(&nearest, hint, sizeof(hint)));
}

static PinnaStatus
check_wire(Check* const check, const yaml_node_t* const wire) {
  const yaml_node_t* const to = pinna_yaml_get(check->yaml, wire, "to");
  PinnaStatus              status =
      check_end(check, pinna_yaml_get(check->yaml, wire, "from"), "input", "output");
  if (to->type != YAML_SEQUENCE_NODE) {
    return status ? status : check_end(check, to, "output", "input");
  }
  if (!status && !pinna_yaml_n_items(to)) {
    return pinna_yaml_fail(check->yaml, to, check->error, "'to' names no destination");
  }
  for (uint32_t i = 0; i < pinna_yaml_n_items(to) && !status; ++i) {
    status = check_end(check, pinna_yaml_item(check->yaml, to, i), "output", "input");
  }
  return status;
}

/// @param words NULL-terminated, all that may stand here
static PinnaStatus
offer(Check* const check, const yaml_node_t* const node, const char* const what,
      const char* const* const words) {
  char         hint[300];
  PinnaNearest nearest = pinna_nearest(pinna_yaml_text(node));
  for (size_t i = 0; words[i]; ++i) {
    pinna_nearest_offer(&nearest, words[i], words[i]);
  }
  return pinna_yaml_fail(check->yaml, node, check->error, "There %s '%.64s'%s", what,
                         pinna_yaml_text(node), pinna_nearest_text(&nearest, hint, sizeof(hint)));
}

static PinnaStatus
check_caption(Check* const check, const yaml_node_t* const entry) {
  PinnaYaml* const         yaml = check->yaml;
  const yaml_node_t* const from = pinna_yaml_get(yaml, entry, "from");
  const yaml_node_t* const to = pinna_yaml_get(yaml, entry, "to");
  const char* const        kind = pinna_yaml_text(to);
  uint32_t                 i = 0;
  while (i < check->n_ids && strcmp(pinna_yaml_text(from), check->ids[i]) != 0) {
    ++i;
  }
  if (i == check->n_ids) {
    check->ids[i] = NULL;
    return offer(check, from, "is no node", check->ids);
  }
  for (i = 0; pinna_caption_kinds[i] && strcmp(kind, pinna_caption_kinds[i]) != 0; ++i) {
  }
  if (!pinna_caption_kinds[i]) {
    return offer(check, to, "are no captions of the kind", pinna_caption_kinds);
  }
  if (pinna_caption_kind_wants_file(kind) && !pinna_yaml_get(yaml, entry, "file")) {
    return pinna_yaml_fail(yaml, entry, check->error, "Captions to %s need a 'file'", kind);
  }
  if (pinna_caption_kind_wants_url(kind) && !pinna_yaml_get(yaml, entry, "url")) {
    return pinna_yaml_fail(yaml, entry, check->error,
                           "Captions to %s need a 'url' such as osc.udp://127.0.0.1:9000/captions",
                           kind);
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
check_all(Check* const check, const yaml_node_t* const root) {
  PinnaYaml* const         yaml = check->yaml;
  const yaml_node_t* const nodes = pinna_yaml_get(yaml, root, "nodes");
  const yaml_node_t* const wires = pinna_yaml_get(yaml, root, "wires");
  const yaml_node_t* const captions = pinna_yaml_get(yaml, root, "captions");
  PinnaStatus              status = PINNA_STATUS_OK;
  for (uint32_t i = 0; i < pinna_yaml_n_items(nodes) && !status; ++i) {
    const yaml_node_t* const node = pinna_yaml_item(yaml, nodes, i);
    status = check_id(check, pinna_yaml_get(yaml, node, "id"));
    status = status ? status : check_set(check, pinna_yaml_get(yaml, node, "set"));
  }
  for (uint32_t i = 0; i < pinna_yaml_n_items(wires) && !status; ++i) {
    status = check_wire(check, pinna_yaml_item(yaml, wires, i));
  }
  for (uint32_t i = 0; i < pinna_yaml_n_items(captions) && !status; ++i) {
    status = check_caption(check, pinna_yaml_item(yaml, captions, i));
  }
  return status;
}

static PinnaStatus
check_backend(Check* const check, const yaml_node_t* const root) {
  static const char* const kinds[] = {"jack", "portaudio", "file", "null"};
  const yaml_node_t* const node =
      pinna_yaml_get(check->yaml, pinna_yaml_get(check->yaml, root, "audio"), "backend");
  const char* const kind = pinna_yaml_text(node);
  for (size_t i = 0; i < 4; ++i) {
    if (!strcmp(kind, kinds[i])) {
      return PINNA_STATUS_OK;
    }
  }

  char         hint[300];
  PinnaNearest nearest = pinna_nearest(kind);
  for (size_t i = 0; i < 4; ++i) {
    pinna_nearest_offer(&nearest, kinds[i], kinds[i]);
  }
  return pinna_yaml_fail(check->yaml, node, check->error, "There is no backend '%.64s'%s", kind,
                         nearest.n_found ? pinna_nearest_text(&nearest, hint, sizeof(hint))
                                         : ": choose jack, portaudio, file or null");
}

PinnaStatus
pinna_config_check_meaning(PinnaYaml* const yaml, PinnaError* const error) {
  const yaml_node_t* const root = yaml_document_get_root_node(&yaml->document);
  const uint32_t           n = pinna_yaml_n_items(pinna_yaml_get(yaml, root, "nodes"));
  Check                    check = {yaml, calloc(n + 1U, sizeof(const char*)), 0, error};
  if (!check.ids) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "Out of memory");
  }
  PinnaStatus status = check_backend(&check, root);
  status = status ? status : check_all(&check, root);
  free(check.ids);
  return status;
}
