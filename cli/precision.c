// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/precision.h"

#include <string.h>

// Names of precisions

PinnaStatus
cli_precision(const char* const name, const PinnaPrecision most, PinnaPrecision* const precision,
              PinnaError* const error) {
  static const char* const names[PINNA_N_PRECISIONS] = {"float", "half", "int8", "dynamic"};
  for (int i = 0; name && i <= (int)most; ++i) {
    if (!strcmp(name, names[i])) {
      *precision = (PinnaPrecision)i;
      return PINNA_STATUS_OK;
    }
  }
  return !name ? PINNA_STATUS_OK
               : pinna_fail(error, PINNA_STATUS_BAD_ARG, "--precision %s: %s", name,
                            most < PINNA_PRECISION_DYNAMIC ? "float, half or int8"
                                                           : "float, half, int8 or dynamic");
}
