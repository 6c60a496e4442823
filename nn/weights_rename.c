// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/weights.h"

#include "base/status.h"
#include "nn/weights_impl.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Tables that bring foreign names to ours

#define MAX_NAME 1024U
#define MAX_NUMBERS 4U

/// What the wildcards of a pattern stood for
typedef struct {
  const char* at;
  size_t      n;
} Piece;

typedef struct {
  Piece  star;
  Piece  numbers[MAX_NUMBERS];
  size_t n_numbers;
} Match;

static size_t
count_digits(const char* const text) {
  return strspn(text, "0123456789");
}

/// Pattern without a leading *: whether it matches from here to the end
static bool
match_here(const char* pattern, const char* text, Match* const m) {
  m->n_numbers = 0U;
  for (; *pattern; ++pattern) {
    if (*pattern == '#') {
      const size_t n = count_digits(text);
      if (!n || m->n_numbers == MAX_NUMBERS) {
        return false;
      }
      m->numbers[m->n_numbers++] = (Piece){text, n};
      text += n;
    } else if (*pattern == '*' && !pattern[1]) {
      m->star = (Piece){text, strlen(text)};
      return true;
    } else if (*pattern != *text++) {
      return false;
    }
  }
  return !*text;
}

static bool
match_name(const char* const pattern, const char* const name, Match* const m) {
  if (pattern[0] != '*') {
    return match_here(pattern, name, m);
  }
  for (const char* from = name; *from; ++from) {
    if (match_here(pattern + 1, from, m)) {
      m->star = (Piece){name, (size_t)(from - name)};
      return true;
    }
  }
  return false;
}

/// Whether it fits text [MAX_NAME]
static bool
write_name(const char* to, const Match* const m, char* const text) {
  size_t at = 0U;
  for (size_t number = 0U; *to; ++to) {
    const bool  is_number = *to == '#' && number < m->n_numbers;
    const Piece piece = is_number ? m->numbers[number++] : *to == '*' ? m->star : (Piece){to, 1U};
    if (piece.n >= MAX_NAME - at) {
      return false;
    }
    if (piece.n) {
      memcpy(text + at, piece.at, piece.n);
    }
    at += piece.n;
  }
  text[at] = '\0';
  return true;
}

/// Rename or drop item i by the first rule that matches
static PinnaStatus
apply(PinnaWeights* const w, const size_t i, const PinnaRename* const rules, const size_t n_rules,
      bool* const is_dropped, PinnaError* const error) {
  for (size_t r = 0U; r < n_rules; ++r) {
    Match m = {{NULL, 0U}, {{NULL, 0U}}, 0U};
    char  text[MAX_NAME];
    if (!match_name(rules[r].from, w->items[i].name, &m)) {
      continue;
    }
    *is_dropped = !rules[r].to[0];
    if (!write_name(rules[r].to, &m, text)) {
      return pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: the new name of '%s' is too long",
                        w->label, w->items[i].name);
    }
    char* const copy = *is_dropped ? NULL : strdup(text);
    if (!*is_dropped && !copy) {
      return pinna_fail(error, PINNA_STATUS_NO_MEM, "%s: out of memory", w->label);
    }
    free(w->items[i].name);
    w->items[i].name = copy;
    return PINNA_STATUS_OK;
  }
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_weights_rename(PinnaWeights* const weights, const PinnaRename* const rules,
                     const size_t n_rules, PinnaError* const error) {
  for (size_t i = 0U; i < weights->n_items;) {
    bool              is_dropped = false;
    const PinnaStatus status = apply(weights, i, rules, n_rules, &is_dropped, error);
    if (status) {
      return status;
    }
    if (is_dropped) {
      free(weights->items[i].owned);
      weights->items[i] = weights->items[--weights->n_items];
    }
    i += !is_dropped;
  }
  return pinna_weights_sort(weights, error);
}
