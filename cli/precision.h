// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_PRECISION_H
#define PINNA_CLI_PRECISION_H

#include "base/status.h"
#include "nn/plan.h"

// The option --precision: what a network's weights are kept as

/// @param name float, half, int8 or dynamic; NULL leaves `precision` as it is
/// @param most The last of these that is allowed
PinnaStatus cli_precision(const char* name, PinnaPrecision most, PinnaPrecision* precision,
                          PinnaError* error);

#endif // PINNA_CLI_PRECISION_H
