// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_MODEL_STORE_H
#define PINNA_CLI_MODEL_STORE_H

#include "base/status.h"

#include <stdbool.h>

// What writes to the user's folder of models: whole files only, with a record of their SHA-256

typedef struct {
  const char* from; ///< Address instead of the published one, or NULL
  unsigned    timeout_s;
  bool        again; ///< Replace a copy that is there
  bool        quiet;
} CliModelGet;

/// Download a published checkpoint; says on standard output what was done and what is not known
PinnaStatus cli_model_get(const char* name, const CliModelGet* get, PinnaError* error);

/// Check a file and copy or link it under a name
PinnaStatus cli_model_add(const char* file, const char* name, bool link, bool again,
                          PinnaError* error);

/// Names of the models in the folder, sorted, ending with NULL; free each and the list
char** cli_model_names(void);

#endif // PINNA_CLI_MODEL_STORE_H
