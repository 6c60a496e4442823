// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/nearest.h"
#include "tests/tap.h"

#include <string.h>

// Suggestions for misspelt words

static const char*
suggest(const char* const word, const char* const* const candidates, const unsigned n,
        char* const text, const size_t size) {
  PinnaNearest nearest = pinna_nearest(word);
  for (unsigned i = 0U; i < n; ++i) {
    pinna_nearest_offer(&nearest, candidates[i], candidates[i]);
  }
  return pinna_nearest_text(&nearest, text, size);
}

int
main(void) {
  static const char* const keys[] = {"audio", "nodes", "wires", "jack", "state", "version"};
  char                     text[256];

  tap_string(suggest("nodse", keys, 6U, text, sizeof(text)), "; did you mean 'nodes'?", "swap");
  tap_string(suggest("wire", keys, 6U, text, sizeof(text)), "; did you mean 'wires'?", "missing");
  tap_string(suggest("AUDIO ", keys, 6U, text, sizeof(text)), "; did you mean 'audio'?", "case");
  tap_string(suggest("statte", keys, 6U, text, sizeof(text)), "; did you mean 'state'?", "doubled");
  tap_string(suggest("banana", keys, 6U, text, sizeof(text)), "", "nothing near");
  tap_string(suggest("", keys, 6U, text, sizeof(text)), "", "empty word");

  static const char* const gains[] = {"gain_8", "gain_1", "gain", "gain_2", "gain_1"};
  tap_string(suggest("gain_1x", gains, 5U, text, sizeof(text)),
             "; did you mean 'gain_1', 'gain_8' or 'gain_2'?",
             "best first, each once, three at most");

  char small[12];
  suggest("nodse", keys, 6U, small, sizeof(small));
  tap_ok(strlen(small) < sizeof(small), "a short buffer is terminated");

  char long_word[1000];
  memset(long_word, 'a', sizeof(long_word) - 1U);
  long_word[sizeof(long_word) - 1U] = '\0';
  tap_string(suggest(long_word, keys, 6U, text, sizeof(text)), "", "an endless word is ignored");
  return tap_done();
}
