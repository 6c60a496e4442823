// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "host/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// `pinna list`: installed plugins, or one plugin's ports and presets

typedef struct {
  bool own;
} ListOptions;

typedef struct {
  const char* uri;
  char*       name;
  uint32_t    n_in;
  uint32_t    n_out;
} Row;

static int
compare_rows(const void* const a, const void* const b) {
  const Row* const r = (const Row*)a;
  const Row* const s = (const Row*)b;
  const int        own = !strncmp(s->uri, "urn:pinna:", 10U) - !strncmp(r->uri, "urn:pinna:", 10U);
  return own ? own : strcmp(r->uri, s->uri);
}

static uint32_t
count_audio(LilvWorld* const lilv, const LilvPlugin* const plugin, const char* const direction) {
  LilvNode* const audio = lilv_new_uri(lilv, LV2_CORE__AudioPort);
  LilvNode* const way = lilv_new_uri(lilv, direction);
  const uint32_t  n = lilv_plugin_get_num_ports_of_class(plugin, audio, way, NULL);
  lilv_node_free(way);
  lilv_node_free(audio);
  return n;
}

static CliExit
list_plugins(PinnaWorld* const world, const bool own) {
  LilvWorld* const         lilv = pinna_world_lilv(world);
  const LilvPlugins* const plugins = lilv_world_get_all_plugins(lilv);
  Row* const               rows = (Row*)calloc(lilv_plugins_size(plugins) + 1U, sizeof(Row));
  unsigned                 n = 0U;
  LILV_FOREACH(plugins, i, plugins) {
    const LilvPlugin* const plugin = lilv_plugins_get(plugins, i);
    const char* const       uri = lilv_node_as_uri(lilv_plugin_get_uri(plugin));
    if (!rows || (own && strncmp(uri, "urn:pinna:", 10U))) {
      continue;
    }
    LilvNode* const name = lilv_plugin_get_name(plugin);
    rows[n++] = (Row){uri, strdup(name ? lilv_node_as_string(name) : ""),
                      count_audio(lilv, plugin, LV2_CORE__InputPort),
                      count_audio(lilv, plugin, LV2_CORE__OutputPort)};
    lilv_node_free(name);
  }

  if (rows) {
    qsort(rows, n, sizeof(Row), compare_rows);
  }
  for (unsigned i = 0U; i < n; ++i) {
    printf("%2u > %-2u  %-60s %s\n", rows[i].n_in, rows[i].n_out, rows[i].uri, rows[i].name);
    free(rows[i].name);
  }
  free(rows);
  if (!n) {
    fputs("pinna: no LV2 plugin found; LV2_PATH names the folders that are searched\n", stderr);
  }
  return n ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

static const char*
kind_of(const PinnaPortInfo* const port) {
  static const char* const kinds[] = {"audio", "cv", "control", "atom"};
  return kinds[port->kind];
}

static void
print_port(const PinnaPortInfo* const port) {
  printf("  %-3s %-7s %-18s %-26s", port->flags & PINNA_PORT_IS_INPUT ? "in" : "out", kind_of(port),
         port->symbol, port->name);
  if (port->kind == PINNA_PORT_CONTROL) {
    if (port->flags & PINNA_PORT_TOGGLED) {
      printf(" on/off, default %s", port->initial > 0.0F ? "on" : "off");
    } else {
      printf(" %g to %g %s", (double)port->minimum, (double)port->maximum, port->unit);
      if ((port->flags & PINNA_PORT_IS_INPUT) && isfinite(port->initial)) {
        printf(", default %g", (double)port->initial);
      }
      if (port->flags & PINNA_PORT_LOGARITHMIC) {
        printf(", logarithmic");
      }
    }
  }
  if (port->flags & PINNA_PORT_SIDECHAIN) {
    printf(" side chain");
  }
  if (port->flags & PINNA_PORT_OPTIONAL) {
    printf(" optional");
  }
  putchar('\n');
  for (uint32_t i = 0U; i < port->n_points; ++i) {
    printf("%33s%g = %s\n", "", (double)port->points[i].value, port->points[i].label);
  }
}

static void
print_parameter(const PinnaParameterInfo* const parameter) {
  const char* const hash = parameter->type ? strrchr(parameter->type, '#') : NULL;
  printf("  parameter %s: %s%s%s\n", parameter->symbol,
         hash              ? hash + 1
         : parameter->type ? parameter->type
                           : "String",
         parameter->comment ? ", " : "", parameter->comment ? parameter->comment : "");
}

static CliExit
list_ports(PinnaWorld* const world, const char* const uri) {
  PinnaError                error = {{0}};
  PinnaInstance*            instance = NULL;
  const PinnaInstanceConfig config = {.sample_rate = 48000.0, .max_block = 1024U, .offline = true};
  const PinnaStatus         status = pinna_instance_new(&instance, world, uri, &config, &error);
  if (status) {
    return cli_failed(status, &error);
  }

  printf("%s\n  %s, latency %u frames at 48 kHz\n", uri, pinna_instance_name(instance),
         pinna_instance_latency(instance));
  for (uint32_t i = 0U; i < pinna_instance_n_ports(instance); ++i) {
    print_port(pinna_instance_port(instance, i));
  }
  for (uint32_t i = 0U; pinna_instance_parameter(instance, i); ++i) {
    print_parameter(pinna_instance_parameter(instance, i));
  }
  char** const labels = pinna_instance_preset_labels(instance);
  for (char** label = labels; label && *label; ++label) {
    printf("  preset %s\n", *label);
  }
  pinna_instance_free_labels(labels);
  pinna_instance_free(instance);
  return CLI_EXIT_OK;
}

static CliExit
list_main(const CliCommand* const command, const void* const options, const char* const* const args,
          const unsigned n_args) {
  (void)command;
  PinnaWorld* const world = cli_world();
  if (!world) {
    return CLI_EXIT_FAILED;
  }
  char          uri[256];
  const CliExit result = n_args ? list_ports(world, cli_uri(args[0], uri, sizeof(uri)))
                                : list_plugins(world, ((const ListOptions*)options)->own);
  pinna_world_free(world);
  return result;
}

static const CliOption list_options[] = {
    {"own", 'o', CLI_FLAG, offsetof(ListOptions, own), NULL, "List Pinna's own plugins only", 0, 0},
    {0},
};

const CliCommand cli_list = {
    .name = "list",
    .operands = "[URI]",
    .least_args = 0U,
    .most_args = 1U,
    .summary = "List installed plugins, or the ports and presets of one",
    .details = "Without URI: every LV2 plugin that can be found, Pinna's own first, with its audio "
               "inputs and outputs. With URI: each port with range, unit, default and choices, and "
               "the presets.",
    .example =
        "pinna list --own\npinna list eq:stereo\npinna list http://gareus.org/oss/lv2/fil4#mono",
    .options = list_options,
    .options_size = sizeof(ListOptions),
    .main = list_main,
};
