// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/plugins/lv2_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What our own host side makes of a sound: fixture_render URI RATE BLOCK [SYMBOL=VALUE...]; raw
// interleaved floats from standard input to standard output

enum { MAX_FRAMES = 1 << 22 };

int
main(const int argc, char** const argv) {
  Fixture* const       fixture = fixture_open();
  FixturePlugin* const p = argc > 3 ? fixture_load(fixture, argv[1], atof(argv[2])) : NULL;
  if (!p) {
    fprintf(stderr, "usage: %s URI RATE BLOCK [SYMBOL=VALUE...]\n", argv[0]);
    return 1;
  }
  for (int a = 4; a < argc; ++a) {
    char* const equals = strchr(argv[a], '=');
    if (equals) {
      *equals = '\0';
      *fixture_control(p, argv[a]) = strtof(equals + 1, NULL);
    }
  }

  float** const in = fixture_buffers(p->n_in, MAX_FRAMES);
  float** const out = fixture_buffers(p->n_out, MAX_FRAMES);
  float         frame[FIXTURE_MAX_CHANNELS];
  uint32_t      n = 0U;
  while (n < MAX_FRAMES && fread(frame, sizeof(float), p->n_in, stdin) == p->n_in) {
    for (uint32_t c = 0U; c < p->n_in; ++c) {
      in[c][n] = frame[c];
    }
    ++n;
  }
  fixture_render(p, in, out, n, (uint32_t)atoi(argv[3]));
  for (uint32_t i = 0U; i < n; ++i) {
    for (uint32_t c = 0U; c < p->n_out; ++c) {
      frame[c] = out[c][i];
    }
    fwrite(frame, sizeof(float), p->n_out, stdout);
  }
  free(in);
  free(out);
  fixture_free(p);
  fixture_close(fixture);
  return 0;
}
