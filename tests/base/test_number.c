// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/number.h"
#include "tests/tap.h"

#include <locale.h>
#include <stddef.h>
#include <stdlib.h>

// Numbers of files are the same in every locale

static void
check(const char* const where) {
  static const struct {
    const char* text;
    double      value;
    ptrdiff_t   length;
  } rows[] = {{"0.05", 0.05, 4}, {"-1.5e-3 m", -1.5e-3, 7},
              {"1,5", 1.0, 1},   {".5", 0.5, 2},
              {"mm", 0.0, 0},    {"", 0.0, 0}};
  for (size_t i = 0U; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    char*        end = NULL;
    const double value = pinna_number_read(rows[i].text, &end);
    tap_ok(value == rows[i].value && end - rows[i].text == rows[i].length, "'%s' in %s",
           rows[i].text, where);
  }
}

int
main(void) {
  static const char* const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "it_IT.UTF-8", "ru_RU.UTF-8"};
  const char*              locale = NULL;
  check("the C locale");
  for (size_t i = 0U; i < sizeof(commas) / sizeof(commas[0]) && !locale; ++i) {
    locale = setlocale(LC_ALL, commas[i]);
  }
  if (locale) {
    tap_ok(strtod("0.05", NULL) != 0.05, "%s has no decimal point", locale);
    check(locale);
  } else {
    tap_skip("no locale with a decimal comma on this machine", "numbers elsewhere");
  }
  return tap_done();
}
