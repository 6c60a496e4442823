// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/ttl.h"

#include PINNA_PORTS

#include <stdlib.h>
#include <string.h>

// Build tool of one bundle: ttl_NAME manifest|plugin|presets|preset [FILE...] > OUT

static char*
read_text(const char* const path) {
  FILE* const in = fopen(path, "rb");
  if (!in || fseek(in, 0L, SEEK_END)) {
    perror(path);
    exit(1);
  }
  const long  size = ftell(in);
  char* const text = (char*)calloc((size_t)size + 1U, 1U);
  rewind(in);
  if (!text || fread(text, 1U, (size_t)size, in) != (size_t)size) {
    perror(path);
    exit(1);
  }
  fclose(in);
  return text;
}

int
main(const int argc, char** const argv) {
  const char* const what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "manifest")) {
    ttl_manifest(stdout, &pinna_info);
  } else if (!strcmp(what, "plugin")) {
    ttl_plugin(stdout, &pinna_info);
  } else if (!strcmp(what, "presets")) {
    ttl_preset_manifest(stdout, &pinna_info, argv + 2, argc - 2);
  } else if (!strcmp(what, "preset") && argc == 3) {
    char* const source = read_text(argv[2]);
    ttl_preset(stdout, &pinna_info, argv[2], source);
    free(source);
  } else {
    fprintf(stderr, "usage: %s manifest|plugin|presets|preset [FILE...]\n", argv[0]);
    return 1;
  }
  return ferror(stdout) || fflush(stdout);
}
