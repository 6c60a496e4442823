// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "cli/command.h"
#include "cli/model_store.h"
#include "models/architecture.h"
#include "models/embedded.h"
#include "models/registry.h"
#include "nn/tensor.h"
#include "nn/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// `pinna model`: what networks there are, what a file holds, and getting them

typedef struct {
  const char* from;
  unsigned    timeout;
  bool        link;
  bool        again;
  bool        quiet;
} ModelOptions;

static void
print_metadata(const PinnaWeights* const weights) {
  static const char* const keys[] = {"architecture", "source",  "layout", "licence", "license",
                                     "recipe",       "minutes", "steps",  "seed",    "format"};
  for (size_t i = 0U; i < sizeof(keys) / sizeof(keys[0]); ++i) {
    const char* const text = pinna_weights_metadata(weights, keys[i]);
    if (text) {
      printf("%-14s %s\n", keys[i], text);
    }
  }
}

static CliExit
model_info(const char* const name) {
  PinnaWeights*     weights = NULL;
  PinnaError        error = {""};
  const PinnaStatus status = pinna_registry_open(&weights, name, &error);
  if (status) {
    return cli_failed(status, &error);
  }
  uint64_t n_values = 0U;
  uint64_t n_bytes = 0U;
  for (size_t i = 0U; i < pinna_weights_count(weights); ++i) {
    const PinnaTensor* const t = pinna_weights_at(weights, i);
    char                     shape[128];
    pinna_shape_text(t->n_dims, t->shape, shape, sizeof(shape));
    printf("%-5s %-22s %s\n", pinna_dtype_name(t->dtype), shape, pinna_weights_name(weights, i));
    n_values += pinna_tensor_count(t);
    n_bytes += pinna_tensor_count(t) * pinna_dtype_size(t->dtype);
  }
  print_metadata(weights);
  printf("%zu tensors, %llu parameters, %llu bytes\n", pinna_weights_count(weights),
         (unsigned long long)n_values, (unsigned long long)n_bytes);
  const PinnaArchitecture* const network = pinna_architecture_of(weights);
  printf("%s%s%s\n", network ? network->name : "no network known here", network ? ": " : "",
         network ? network->summary : "");
  pinna_weights_free(weights);
  return CLI_EXIT_OK;
}

static CliExit
model_check(const char* const name) {
  PinnaWeights*            weights = NULL;
  const PinnaArchitecture* network = NULL;
  PinnaError               error = {""};
  PinnaError               found = {""};
  PinnaStatus              status = pinna_registry_open(&weights, name, &error);
  if (!status) {
    status = pinna_architecture_check(weights, &network, &found);
    if (status) {
      pinna_fail(&error, status, "%s: %s%s%s", name, network ? network->name : "",
                 network ? ": " : "", found.text);
    } else {
      printf("%s: %s, %s\n", name, network->name, network->summary);
    }
  }
  pinna_weights_free(weights);
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

static void
print_row(const char* const name, const char* const state, const char* const architecture,
          const unsigned long long size, const char* const licence) {
  char bytes[32] = "";
  if (size) {
    snprintf(bytes, sizeof(bytes), "%.1f MB", (double)size * 1e-6);
  }
  printf("%-36s %-9s %-16s %10s  %s\n", name, state, architecture, bytes, licence);
}

static unsigned long long
size_of(const char* const path) {
  struct stat info;
  return stat(path, &info) ? 0U : (unsigned long long)info.st_size;
}

/// By its tensors, or what it says itself
static void
print_architecture(const char* const name, char* const text, const size_t size) {
  PinnaWeights* weights = NULL;
  text[0] = '\0';
  if (!pinna_registry_open(&weights, name, NULL)) {
    const char* const              said = pinna_weights_metadata(weights, "architecture");
    const PinnaArchitecture* const network = pinna_architecture_of(weights);
    snprintf(text, size, "%s", network ? network->name : said ? said : "");
  }
  pinna_weights_free(weights);
}

static CliExit
model_list(void) {
  char path[4096];
  char network[64];
  for (size_t i = 0U; pinna_embedded_at(i); ++i) {
    const PinnaEmbedded* const e = pinna_embedded_at(i);
    print_architecture(e->name, network, sizeof(network));
    print_row(e->name, "built in", network, e->size, "GPL-3.0-or-later");
  }
  for (size_t i = 0U; pinna_registry_at(i); ++i) {
    const PinnaRegistryEntry* const e = pinna_registry_at(i);
    const bool               is_here = !pinna_registry_path(e->name, path, sizeof(path), NULL);
    const unsigned long long size = is_here ? size_of(path) : (unsigned long long)e->size;
    print_row(e->name, is_here ? "here" : "-", e->architecture, size, e->licence);
  }
  char** const names = cli_model_names();
  for (char** name = names; name && *name; ++name) {
    if (!pinna_registry_find(*name) && !pinna_registry_path(*name, path, sizeof(path), NULL)) {
      print_architecture(path, network, sizeof(network));
      print_row(*name, "here", network, size_of(path), "");
    }
    free(*name);
  }
  free(names);
  return CLI_EXIT_OK;
}

static CliExit
model_main(const CliCommand* const command, const void* const options,
           const char* const* const args, const unsigned n_args) {
  const ModelOptions* const o = (const ModelOptions*)options;
  const CliModelGet         get = {.from = o->from,
                                   .timeout_s = o->timeout ? o->timeout : 30U,
                                   .again = o->again,
                                   .quiet = o->quiet};
  PinnaError                error = {""};
  PinnaStatus               status = PINNA_STATUS_OK;
  const char* const         action = args[0];
  if (n_args == 1U && !strcmp(action, "list")) {
    return model_list();
  }
  if (n_args == 2U && !strcmp(action, "info")) {
    return model_info(args[1]);
  }
  if (n_args == 2U && !strcmp(action, "check")) {
    return model_check(args[1]);
  }
  if (n_args == 2U && !strcmp(action, "get")) {
    status = cli_model_get(args[1], &get, &error);
  } else if (n_args == 3U && !strcmp(action, "add")) {
    status = cli_model_add(args[1], args[2], o->link, o->again, &error);
  } else {
    fprintf(stderr, "pinna: '%s' with %u operands is not what model can do\n", action, n_args - 1U);
    cli_command_help(command, stderr);
    return CLI_EXIT_USAGE;
  }
  return status ? cli_failed(status, &error) : CLI_EXIT_OK;
}

static const CliOption model_options[] = {
    {"from", 'f', CLI_TEXT, offsetof(ModelOptions, from), "URL",
     "get: from this address, which the file's published name is added to, http too", 0, 0},
    {"timeout", 't', CLI_COUNT, offsetof(ModelOptions, timeout), "SECONDS",
     "get: try again after so long without a byte, 30 if not given", 1, 3600},
    {"link", 'l', CLI_FLAG, offsetof(ModelOptions, link), NULL,
     "add: link to the file instead of copying it", 0, 0},
    {"again", 'a', CLI_FLAG, offsetof(ModelOptions, again), NULL,
     "get, add: replace what is there under this name", 0, 0},
    {"quiet", 'q', CLI_FLAG, offsetof(ModelOptions, quiet), NULL, "Show no progress", 0, 0},
    {0},
};

const CliCommand cli_model = {
    .name = "model",
    .operands = "list | info MODEL | check MODEL | get NAME | add FILE NAME",
    .least_args = 1U,
    .most_args = 3U,
    .summary = "List, examine, check, download and add the weights of networks",
    .details =
        "MODEL is a file (safetensors, or a torch checkpoint), or a name. 'list' shows the names: "
        "weights that are built in, published checkpoints, and what was added. 'info' prints "
        "tensors, types and metadata. 'check' tells the network by its tensors and names the first "
        "that is missing, of another shape or not finite.\n\n"
        "'get' downloads a published checkpoint over HTTPS, goes on where it was broken off, and "
        "keeps it only if size, SHA-256 and tensors are right. Where nobody has said what the "
        "SHA-256 is, it says so, and records what came for every later time. 'add' checks a file "
        "and copies or links it. Both write to $XDG_DATA_HOME/pinna/models, or "
        "~/.local/share/pinna/models.",
    .example = "pinna model list\npinna model get gtcrn_dns3\npinna model check my_model.pt\n"
               "pinna model add my_model.pt mine",
    .options = model_options,
    .options_size = sizeof(ModelOptions),
    .main = model_main,
};
