// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/status.h"
#include "tests/tap.h"

#include <string.h>

// Every status has its own sentence; an error keeps the first message and never overflows

static void
test_sentences(void) {
  const char* const unknown = pinna_strerror((PinnaStatus)999);
  for (int i = PINNA_STATUS_OK; i <= PINNA_STATUS_END; ++i) {
    const char* const text = pinna_strerror((PinnaStatus)i);
    bool              own = text && text[0] >= 'A' && text[0] <= 'Z' && strcmp(text, unknown) != 0;
    for (int k = PINNA_STATUS_OK; k < i && own; ++k) {
      own = strcmp(text, pinna_strerror((PinnaStatus)k)) != 0;
    }
    tap_ok(own && text[strlen(text) - 1U] != '.', "status %d: %s", i, text);
  }
  tap_string(unknown, pinna_strerror((PinnaStatus)-1), "numbers outside the list are unknown");
}

int
main(void) {
  test_sentences();

  PinnaError error = {""};
  tap_int(pinna_fail(&error, PINNA_STATUS_IO, "%s: %d", "a.wav", 7), PINNA_STATUS_IO,
          "fail returns its status");
  tap_string(error.text, "a.wav: 7", "and formats");
  pinna_fail(&error, PINNA_STATUS_NO_MEM, "later");
  tap_string(error.text, "a.wav: 7", "the first message stays");
  tap_int(pinna_fail(NULL, PINNA_STATUS_LOST, "nobody listens"), PINNA_STATUS_LOST,
          "without a place for the message, too");

  PinnaError long_error = {""};
  char       long_text[4000];
  memset(long_text, 'x', sizeof(long_text) - 1U);
  long_text[sizeof(long_text) - 1U] = '\0';
  pinna_fail(&long_error, PINNA_STATUS_IO, "%s", long_text);
  tap_int((long long)strlen(long_error.text), (long long)sizeof(long_error.text) - 1,
          "a long message is cut");
  return tap_done();
}
