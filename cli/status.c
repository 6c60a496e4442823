// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command.h"
#include "host/control.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// `pinna status`: how a running host is doing, for people or for programs

typedef struct {
  bool json;
} StatusOptions;

static const char*
text_of(const json_t* const object, const char* const key) {
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static double
number_of(const json_t* const object, const char* const key) {
  return json_number_value(json_object_get(object, key));
}

static void
print_level(const double amplitude) {
  if (amplitude > 0.0) {
    printf(" %7.1f", 20.0 * log10(amplitude));
  } else {
    printf(" %7s", "silent");
  }
}

static void
print_peaks(const json_t* const audio, const char* const key, const char* const label) {
  const json_t* const peaks = json_object_get(audio, key);
  printf("%s dBFS:", label);
  for (size_t i = 0U; i < json_array_size(peaks); ++i) {
    print_level(json_number_value(json_array_get(peaks, i)));
  }
  putchar('\n');
}

static void
print_audio(const json_t* const status) {
  const json_t* const audio = json_object_get(status, "audio");
  const double        uptime = number_of(status, "uptime");
  printf("%s: %s for %.0f d %02.0f:%02.0f:%02.0f on %s, %.0f Hz, blocks of %.0f, latency %.0f "
         "frames\n",
         text_of(status, "name"), text_of(status, "state"), floor(uptime / 86400.0),
         floor(fmod(uptime, 86400.0) / 3600.0), floor(fmod(uptime, 3600.0) / 60.0),
         floor(fmod(uptime, 60.0)), text_of(audio, "backend"), number_of(audio, "sample_rate"),
         number_of(audio, "block"), number_of(audio, "latency"));
  printf("xruns %.0f, server or device returned %.0f times%s%s\n", number_of(audio, "xruns"),
         number_of(audio, "returns"), *text_of(audio, "error") ? ", now: " : "",
         text_of(audio, "error"));
  print_peaks(audio, "peaks_in", "inputs ");
  print_peaks(audio, "peaks_out", "outputs");
}

static void
print_nodes(const json_t* const status) {
  printf("%-14s %-34s %8s %8s %8s %8s %8s %8s\n", "node", "plugin", "in dBFS", "out dBFS",
         "mean us", "p99 us", "worst us", "latency");
  const json_t* const nodes = json_object_get(status, "nodes");
  for (size_t i = 0U; i < json_array_size(nodes); ++i) {
    const json_t* const node = json_array_get(nodes, i);
    printf("%-14s %-34s ", text_of(node, "id"), text_of(node, "plugin"));
    print_level(number_of(node, "peak_in"));
    putchar(' ');
    print_level(number_of(node, "peak_out"));
    printf(" %8.1f %8.1f %8.1f %8.0f%s%s\n", number_of(node, "mean_us"), number_of(node, "p99_us"),
           number_of(node, "worst_us"), number_of(node, "latency"),
           json_is_true(json_object_get(node, "bypass")) ? "  bypassed" : "",
           json_is_true(json_object_get(node, "muted")) ? "  MUTED: wrote NaN or Inf" : "");
    if (json_is_true(json_object_get(node, "missing"))) {
      printf("%-14s MISSING, its input is passed on unchanged: %s\n", "", text_of(node, "reason"));
    }
  }
}

static CliExit
print_status(const char* const text) {
  json_error_t  parse_error;
  json_t* const status = json_loads(text, 0, &parse_error);
  if (!status) {
    PinnaError error = {{0}};
    pinna_fail(&error, PINNA_STATUS_IO, "The host's answer is damaged: %s", parse_error.text);
    return cli_failed(PINNA_STATUS_IO, &error);
  }
  print_audio(status);
  print_nodes(status);
  const json_t* const config = json_object_get(status, "config");
  printf("%s: %s\n", text_of(config, "path"),
         json_is_true(json_object_get(config, "stale"))
             ? "STALE, the file was changed but could not be applied"
             : "as running");
  if (*text_of(config, "error")) {
    printf("  %s\n", text_of(config, "error"));
  }
  json_decref(status);
  return CLI_EXIT_OK;
}

static CliExit
status_main(const CliCommand* const command, const void* const options,
            const char* const* const args, const unsigned n_args) {
  char*       text = NULL;
  size_t      size = 0U;
  PinnaError  error = {{0}};
  FILE* const memory = open_memstream(&text, &size);
  if (!memory) {
    return cli_failed(PINNA_STATUS_NO_MEM, NULL);
  }
  const PinnaStatus status =
      pinna_control_ask(n_args ? args[0] : NULL, command->name, memory, &error);
  fclose(memory);
  CliExit result = CLI_EXIT_OK;
  if (status) {
    result = cli_failed(status, &error);
  } else if (((const StatusOptions*)options)->json) {
    fputs(text, stdout);
  } else {
    result = print_status(text);
  }
  free(text);
  return result;
}

static const CliOption status_options[] = {
    {"json", 'j', CLI_FLAG, offsetof(StatusOptions, json), NULL, "Print one JSON object", 0, 0},
    {0},
};

const CliCommand cli_status = {
    .name = "status",
    .operands = "[NAME]",
    .least_args = 0U,
    .most_args = 1U,
    .summary = "Show how a running host is doing",
    .details =
        "Backend, rate, block, latency, xruns, returns of a lost server, levels, each node's time "
        "(mean, 99th percentile, worst), mutes, and whether the running configuration is stale and "
        "why. With --json also the controls. NAME is the configuration's name without its ending; "
        "it may be left out while only one host runs.",
    .example = "pinna status\npinna status --json lobby | jq .nodes",
    .options = status_options,
    .options_size = sizeof(StatusOptions),
    .main = status_main,
};
