// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_FOLDER_H
#define PINNA_TESTS_HOST_FOLDER_H

#include "host/paths.h"
#include "tests/folder.h"

#include <stdio.h>

// Temporary folders of tests; pinna_paths_remove() removes them

/// Path of a file in it; the last four are kept
static inline const char*
path_in(const char* const folder, const char* const name) {
  static char paths[4][256];
  static int  turn;
  char* const path = paths[turn++ % 4];
  snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
  return path;
}

#endif // PINNA_TESTS_HOST_FOLDER_H
