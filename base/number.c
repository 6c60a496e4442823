// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/number.h"

#include <locale.h>
#include <stdlib.h>

// Reads past the locale

double
pinna_number_read(const char* const text, char** const end) {
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  const double   value = plain ? strtod_l(text, end, plain) : strtod(text, end);
  if (plain) {
    freelocale(plain);
  }
  return value;
}
