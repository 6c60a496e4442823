// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_FOLDER_H
#define PINNA_TESTS_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

// Temporary folders of tests, and what is in a file of them

/// A new empty folder, as text in `path` [64]. @return NULL: none could be made
static inline const char*
make_folder(char* const path) {
  const char* const tmp = getenv("TMPDIR");
  snprintf(path, 64U, "%s/pinna-test-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
  return mkdtemp(path);
}

/// A whole file as text in a static place; "" if there is none
static inline const char*
text_of(const char* const path) {
  static char text[1 << 20];
  FILE* const file = fopen(path, "rb");
  text[file ? fread(text, 1U, sizeof(text) - 1U, file) : 0U] = '\0';
  if (file) {
    fclose(file);
  }
  return text;
}

#endif // PINNA_TESTS_FOLDER_H
