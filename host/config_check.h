// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CONFIG_CHECK_H
#define PINNA_HOST_CONFIG_CHECK_H

#include "base/status.h"
#include "host/config_yaml.h"

#include <cyaml/cyaml.h>

// What is wrong with a configuration file, where, and the cure, before anything is loaded from it

/// Walk the document along libcyaml's schema: unknown, missing and doubled keys, kinds of values,
/// ranges of numbers. @return BAD_CONFIG for the first mistake
PinnaStatus pinna_config_check_schema(PinnaYaml* yaml, const cyaml_schema_value_t* schema,
                                      PinnaError* error);

/// Check what a schema cannot say: ids, controls, ends of wires, backends.
/// The document has passed pinna_config_check_schema(). @return BAD_CONFIG for the first mistake
PinnaStatus pinna_config_check_meaning(PinnaYaml* yaml, PinnaError* error);

#endif // PINNA_HOST_CONFIG_CHECK_H
