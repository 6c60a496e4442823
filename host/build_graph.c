// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/build_graph.h"

#include "base/grow.h"
#include "host/nearest.h"

#include <stdlib.h>
#include <string.h>

// Ends of wires such as "input:1-4" or "array:2" become node indices and channels from 0

/// One end of a wire, resolved
typedef struct {
  const char* text;
  uint32_t    node;  ///< Index or PINNA_GRAPH_IO
  uint32_t    first; ///< Channel
  uint32_t    count;
} End;

typedef struct {
  const PinnaConfig*    config;
  PinnaInstance* const* instances;
  uint32_t              n_inputs;
  uint32_t              n_outputs;
  PinnaError*           error;
  PinnaGraphWire*       wires;
  uint32_t              n_wires;
  size_t                max_wires;
} Builder;

/// Number of channels at an end, all and without side chains
static void
count_channels(const Builder* const builder, const uint32_t node, const bool source,
               uint32_t* const all, uint32_t* const n_main) {
  if (node == PINNA_GRAPH_IO) {
    *all = *n_main = source ? builder->n_inputs : builder->n_outputs;
  } else {
    const PinnaInstance* const instance = builder->instances[node];
    *all = source ? pinna_instance_n_audio_out(instance) : pinna_instance_n_audio_in(instance);
    *n_main = source ? pinna_instance_n_main_out(instance) : pinna_instance_n_main_in(instance);
  }
}

static PinnaStatus
unknown_node(const Builder* const builder, const char* const name, const bool source) {
  PinnaNearest nearest = pinna_nearest(name);
  char         hint[256];
  for (unsigned i = 0U; i < builder->config->n_nodes; ++i) {
    pinna_nearest_offer(&nearest, builder->config->nodes[i].id, builder->config->nodes[i].id);
  }

  return pinna_fail(builder->error, PINNA_STATUS_BAD_CONFIG,
                    "A wire goes %s '%s', but there is no such node%s", source ? "from" : "to",
                    name, pinna_nearest_text(&nearest, hint, sizeof(hint)));
}

static PinnaStatus
find_node(const Builder* const builder, const char* const name, const bool source,
          uint32_t* const node) {
  if (!strcmp(name, source ? "input" : "output")) {
    *node = PINNA_GRAPH_IO;
    return PINNA_STATUS_OK;
  }
  for (unsigned i = 0U; i < builder->config->n_nodes; ++i) {
    if (!strcmp(name, builder->config->nodes[i].id)) {
      *node = i;
      return PINNA_STATUS_OK;
    }
  }

  return unknown_node(builder, name, source);
}

/// "3" or "1-4" after the colon. @return false if it is anything else
static bool
parse_channels(const char* const text, unsigned long* const first, unsigned long* const last) {
  char* rest = NULL;
  *first = strtoul(text, &rest, 10);
  *last = *first;
  if (rest != text && *rest == '-') {
    const char* const second = rest + 1;
    *last = strtoul(second, &rest, 10);
    if (rest == second) {
      return false;
    }
  }

  return rest != text && !*rest && text[0] != '-' && *first >= 1U && *last >= *first;
}

static PinnaStatus
resolve(const Builder* const builder, const char* const text, const bool source, End* const end) {
  const char* const colon = strrchr(text, ':');
  char              name[256];
  const size_t      size = colon ? (size_t)(colon - text) : strlen(text);
  if (size >= sizeof(name)) {
    return pinna_fail(builder->error, PINNA_STATUS_BAD_CONFIG, "A wire's end is too long: '%s'",
                      text);
  }

  memcpy(name, text, size);
  name[size] = '\0';
  end->text = text;
  const PinnaStatus status = find_node(builder, name, source, &end->node);
  if (status) {
    return status;
  }

  uint32_t      all = 0U;
  uint32_t      n_main = 0U;
  unsigned long first = 1U;
  unsigned long last = 0U;
  count_channels(builder, end->node, source, &all, &n_main);
  if (colon && (!parse_channels(colon + 1, &first, &last) || last > all)) {
    return pinna_fail(builder->error, PINNA_STATUS_BAD_CONFIG,
                      "A wire goes %s '%s', but '%s' has %u audio %s%s: write '%s', '%s:1' or "
                      "'%s:1-%u'",
                      source ? "from" : "to", text, name, all,
                      (end->node == PINNA_GRAPH_IO) == source ? "input" : "output",
                      all == 1U ? "" : "s", name, name, name, all);
  }

  end->first = (uint32_t)first - 1U;
  end->count = colon ? (uint32_t)(last - first + 1U) : n_main;
  if (!end->count) {
    return pinna_fail(builder->error, PINNA_STATUS_BAD_CONFIG,
                      "A wire goes %s '%s', which has no audio %ss", source ? "from" : "to", text,
                      (end->node == PINNA_GRAPH_IO) == source ? "input" : "output");
  }
  return PINNA_STATUS_OK;
}

static PinnaStatus
add_wire(Builder* const builder, const PinnaGraphWire wire) {
  if (!pinna_grow(&builder->wires, builder->n_wires, &builder->max_wires, sizeof(PinnaGraphWire))) {
    return pinna_fail(builder->error, PINNA_STATUS_NO_MEM, "No memory for the graph");
  }
  builder->wires[builder->n_wires++] = wire;
  return PINNA_STATUS_OK;
}

static PinnaStatus
connect(Builder* const builder, const End* const from, const End* const to) {
  if (from->count != to->count && from->count != 1U) {
    return pinna_fail(builder->error, PINNA_STATUS_BAD_CONFIG,
                      "A wire goes from '%s' (%u channels) to '%s' (%u): choose channels, such as "
                      "'%s:1'",
                      from->text, from->count, to->text, to->count, from->text);
  }

  PinnaStatus status = PINNA_STATUS_OK;
  for (uint32_t i = 0U; i < to->count && !status; ++i) {
    const uint32_t ch = from->first + (from->count == 1U ? 0U : i);
    status = add_wire(builder, (PinnaGraphWire){from->node, ch, to->node, to->first + i});
  }
  return status;
}

static PinnaStatus
add_wires(Builder* const builder) {
  PinnaStatus status = PINNA_STATUS_OK;
  for (unsigned i = 0U; i < builder->config->n_wires && !status; ++i) {
    const PinnaConfigWire* const wire = builder->config->wires + i;
    End                          from = {0};
    End                          to = {0};
    status = resolve(builder, wire->from, true, &from);
    for (unsigned k = 0U; k < wire->n_to && !status; ++k) {
      status = resolve(builder, wire->to[k], false, &to);
      if (!status) {
        status = connect(builder, &from, &to);
      }
    }
  }

  return status;
}

PinnaStatus
pinna_build_graph(PinnaGraphSpec** const spec, const PinnaConfig* const config,
                  PinnaInstance* const* const instances, const uint32_t n_inputs,
                  const uint32_t n_outputs, PinnaError* const error) {
  Builder builder = {config, instances, n_inputs, n_outputs, error, NULL, 0U, 0U};
  *spec = NULL;
  PinnaStatus status = add_wires(&builder);
  if (status) {
    free(builder.wires);
    return status;
  }

  PinnaGraphSpec* const graph = (PinnaGraphSpec*)calloc(1U, sizeof(PinnaGraphSpec));
  PinnaGraphNode* const nodes =
      (PinnaGraphNode*)calloc(config->n_nodes + 1U, sizeof(PinnaGraphNode));
  if (!graph || !nodes) {
    free(graph);
    free(nodes);
    free(builder.wires);
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "No memory for the graph");
  }

  for (unsigned i = 0U; i < config->n_nodes; ++i) {
    nodes[i] = (PinnaGraphNode){config->nodes[i].id, instances[i], config->nodes[i].bypass};
  }
  *graph = (PinnaGraphSpec){nodes, config->n_nodes, builder.wires, builder.n_wires};
  *spec = graph;
  return PINNA_STATUS_OK;
}

void
pinna_graph_spec_free(PinnaGraphSpec* const spec) {
  if (spec) {
    free((void*)spec->nodes);
    free((void*)spec->wires);
    free(spec);
  }
}
