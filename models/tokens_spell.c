// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/text_file.h"
#include "models/tokens_impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// Text into tokens: the best way through a word's pieces (Kudo 2018, unigram model, Viterbi)

#define WORD_MARK "\xE2\x96\x81"

/// The best way to a place in a word
typedef struct {
  double   score; ///< Of it
  uint32_t from;  ///< Place before
  uint32_t token; ///< Between
  bool     reached;
} Place;

/// @param word With its mark, if the vocabulary has marks
/// @return How many tokens, 0 if there is no way or no room
static uint32_t
spell_word(const PinnaTokens* const tokens, const char* const word, Place* const places,
           uint32_t* const ids, const uint32_t capacity) {
  const uint32_t n = (uint32_t)strlen(word);
  memset(places, 0, (n + 1U) * sizeof(Place));
  places[0].reached = true;
  for (uint32_t from = 0U; from < n; ++from) {
    for (uint32_t to = from + 1U; places[from].reached && to <= n && to - from <= tokens->longest;
         ++to) {
      const uint32_t piece =
          pinna_word_table_find(&tokens->pieces, (PinnaSpan){word + from, to - from});
      if (piece == PINNA_WORD_NONE) {
        continue;
      }
      const uint32_t              token = tokens->numbers[piece];
      const PinnaTokenInfo* const info = &tokens->infos[token];
      // A little per piece: the fewest of them where scores are equal
      const double score = places[from].score + (double)info->score - 1e-6;
      if ((info->type == PINNA_TOKEN_NORMAL || info->type == PINNA_TOKEN_USER) &&
          (!places[to].reached || score > places[to].score)) {
        places[to] = (Place){score, from, token, true};
      }
    }
  }
  uint32_t count = 0U;
  for (uint32_t at = n; at && places[n].reached; at = places[at].from) {
    ++count;
  }
  if (count > capacity) {
    return 0U;
  }
  for (uint32_t at = n, i = count; i > 0U; at = places[at].from) {
    ids[--i] = places[at].token;
  }
  return count;
}

/// In the case given, in capitals, in small letters
static uint32_t
spell_in_a_case(const PinnaTokens* const tokens, char* const word, Place* const places,
                uint32_t* const ids, const uint32_t capacity) {
  uint32_t n = spell_word(tokens, word, places, ids, capacity);
  for (int small = 0; small < 2 && !n; ++small) {
    for (char* c = word; *c; ++c) {
      *c = (unsigned char)*c >= 0x80U ? *c : (char)(small ? tolower(*c) : toupper(*c));
    }
    n = spell_word(tokens, word, places, ids, capacity);
  }
  return n;
}

uint32_t
pinna_tokens_spell(const PinnaTokens* const tokens, const char* const text, uint32_t* const ids,
                   const uint32_t capacity) {
  static const char* const separators[] = {"|", " ", "<space>"};
  const size_t             n_text = strlen(text);
  Place* const places = n_text < 65536U ? (Place*)malloc((n_text + 4U) * sizeof(Place)) : NULL;
  char* const  word = places ? (char*)malloc(n_text + 4U) : NULL;
  PinnaSpan    rest = {text, n_text};
  PinnaSpan    span;
  uint32_t     separator = UINT32_MAX;
  uint32_t     n = 0U;
  bool         good = word != NULL;
  for (uint32_t i = 0U; i < 3U && separator == UINT32_MAX && !tokens->has_marks; ++i) {
    pinna_tokens_find(tokens, separators[i], &separator);
  }
  while (good && pinna_span_word(&rest, &span)) {
    const size_t mark = tokens->has_marks ? 3U : 0U;
    memcpy(word, WORD_MARK, mark);
    memcpy(word + mark, span.p, span.n);
    word[mark + span.n] = '\0';
    if (n && separator != UINT32_MAX && n < capacity) {
      ids[n++] = separator;
    }
    const uint32_t more = spell_in_a_case(tokens, word, places, ids + n, capacity - n);
    good = more != 0U;
    n += more;
  }
  free(places);
  free(word);
  return good ? n : 0U;
}
