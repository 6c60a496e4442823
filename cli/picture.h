// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_CLI_PICTURE_H
#define PINNA_CLI_PICTURE_H

#include "base/status.h"
#include "cli/feature.h"
#include "cli/matrix.h"

#include <stdint.h>

// Features as a picture with axes, labels and a colour bar

typedef struct {
  uint32_t    width;    ///< Pixels, 0 = 1200
  uint32_t    height;   ///< Pixels, 0 = 560
  double      range_db; ///< Decibels below the maximum that are shown, 0 = 80
  const char* title;
  const char* subtitle; ///< Kind and settings
} CliPictureOptions;

/// Write a PNG file.
/// @return NO_MEM, IO
PinnaStatus cli_picture_write(const char* path, const CliMatrix* matrix, const CliFeatureInfo* info,
                              const CliPictureOptions* options, PinnaError* error);

#endif // PINNA_CLI_PICTURE_H
