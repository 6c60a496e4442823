// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// Edit distance (insert, delete, replace, swap neighbours), case-insensitive

enum { MAX_LENGTH = 255 };

static uint32_t
least(const uint32_t a, const uint32_t b) {
  return a < b ? a : b;
}

/// Distance of lower-case texts, or anything above `limit` once it is sure to be above
static uint32_t
distance(const char* const a, const uint32_t n_a, const char* const b, const uint32_t n_b,
         const uint32_t limit) {
  uint32_t rows[3][MAX_LENGTH + 1U];
  for (uint32_t j = 0U; j <= n_b; ++j) {
    rows[0][j] = j;
  }

  uint32_t best = 0U;
  for (uint32_t i = 1U; i <= n_a && best <= limit; ++i) {
    uint32_t* const       row = rows[i % 3U];
    const uint32_t* const above = rows[(i + 2U) % 3U];
    const uint32_t* const before = rows[(i + 1U) % 3U];
    row[0] = i;
    best = i;
    for (uint32_t j = 1U; j <= n_b; ++j) {
      row[j] = least(least(above[j], row[j - 1U]) + 1U, above[j - 1U] + (a[i - 1U] != b[j - 1U]));
      if (i > 1U && j > 1U && a[i - 1U] == b[j - 2U] && a[i - 2U] == b[j - 1U]) {
        row[j] = least(row[j], before[j - 2U] + 1U);
      }
      best = least(best, row[j]);
    }
  }
  return best <= limit ? rows[n_a % 3U][n_b] : best;
}

/// Copy in lower case
static void
lower(char* const to, const char* const from) {
  uint32_t i = 0U;
  for (; from[i]; ++i) {
    to[i] = (char)tolower((unsigned char)from[i]);
  }
  to[i] = '\0';
}

PinnaNearest
pinna_nearest(const char* const word) {
  return (PinnaNearest){word, {NULL}, {0U}, 0U};
}

static void
insert(PinnaNearest* const nearest, const char* const candidate, const uint32_t far) {
  uint32_t at = nearest->n_found;
  for (uint32_t i = 0U; i < nearest->n_found; ++i) {
    if (!strcmp(nearest->found[i], candidate)) {
      return;
    }
    at = far < nearest->distance[i] ? least(at, i) : at;
  }
  if (at == PINNA_NEAREST_MAX) {
    return;
  }

  nearest->n_found = least(nearest->n_found + 1U, PINNA_NEAREST_MAX);
  for (uint32_t i = nearest->n_found - 1U; i > at; --i) {
    nearest->found[i] = nearest->found[i - 1U];
    nearest->distance[i] = nearest->distance[i - 1U];
  }
  nearest->found[at] = candidate;
  nearest->distance[at] = far;
}

void
pinna_nearest_offer(PinnaNearest* const nearest, const char* const candidate,
                    const char* const key) {
  const size_t n_word = strlen(nearest->word);
  const size_t n_key = strlen(key);
  if (!n_word || n_word > MAX_LENGTH || n_key > MAX_LENGTH) {
    return;
  }

  char a[MAX_LENGTH + 1U] = "";
  char b[MAX_LENGTH + 1U] = "";
  lower(a, nearest->word);
  lower(b, key);
  uint32_t same = 0U;
  while (a[same] && a[same] == b[same]) {
    ++same;
  }

  const uint32_t limit = ((uint32_t)(n_word > n_key ? n_word : n_key) + 2U) / 3U;
  const bool     within = (n_word > 2U && strstr(b, a)) || (n_key > 2U && strstr(a, b));
  const uint32_t far =
      distance(a + same, (uint32_t)n_word - same, b + same, (uint32_t)n_key - same, limit);
  if (within || far <= limit) {
    insert(nearest, candidate, least(far, limit));
  }
}

const char*
pinna_nearest_text(const PinnaNearest* const nearest, char* const text, const size_t size) {
  size_t n = 0U;
  text[0] = '\0';
  for (uint32_t i = 0U; i < nearest->n_found && n < size; ++i) {
    const char* const before = !i ? "; did you mean " : i + 1U < nearest->n_found ? ", " : " or ";
    n += (size_t)snprintf(text + n, size - n, "%s'%s'%s", before, nearest->found[i],
                          i + 1U == nearest->n_found ? "?" : "");
  }
  return text;
}
