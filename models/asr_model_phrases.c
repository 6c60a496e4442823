// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model_impl.h"

#include "base/status.h"
#include "models/hotwords.h"
#include "models/lexicon.h"
#include "models/tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// Hot phrases in a model's tokens

#define MAX_PHRASE 256U ///< Tokens of a hot phrase
#define MOST_PHRASES 4096U
#define BONUS 5.0F
#define MOST_BONUS 100.0

/// Append a word's tokens to a phrase. @return How many there are then, 0 if they do not fit
static uint32_t
spell(const PinnaLexicon* const lexicon, const uint32_t word, uint32_t* const tokens,
      const uint32_t n_before) {
  uint32_t                      n_nodes = 0U;
  const PinnaLexiconNode* const nodes = pinna_lexicon_nodes(lexicon, &n_nodes);
  const uint32_t* const         words = pinna_lexicon_words(lexicon);
  uint32_t                      at = PINNA_LEXICON_ROOT;
  for (uint32_t i = 0U; i < n_nodes && at == PINNA_LEXICON_ROOT; ++i) {
    for (uint32_t k = 0U; k < nodes[i].n_words; ++k) {
      at = words[nodes[i].first_word + k] == word ? i : at;
    }
  }
  uint32_t n = n_before;
  while (at != PINNA_LEXICON_ROOT && n < MAX_PHRASE) { // from the end to the beginning
    tokens[n++] = nodes[at].token;
    uint32_t parent = 0U;
    while (at - nodes[parent].first >= nodes[parent].n_children) {
      ++parent;
    }
    at = parent;
  }
  for (uint32_t i = n_before, j = n; i + 1U < j; ++i) {
    const uint32_t swapped = tokens[--j];
    tokens[j] = tokens[i];
    tokens[i] = swapped;
  }
  return at == PINNA_LEXICON_ROOT && n > n_before ? n : 0U;
}

/// Tokens [MAX_PHRASE] of a phrase's words. @return How many; 0: failed, with the word in `error`
static uint32_t
spell_words(const PinnaAsrModel* const self, const char* text, uint32_t* const tokens,
            PinnaError* const error) {
  uint32_t n = 0U;
  do {
    char     word[64];
    uint32_t length = 0U;
    uint32_t id = 0U;
    while (isspace((unsigned char)*text)) {
      ++text;
    }
    while (*text && !isspace((unsigned char)*text) && length + 1U < sizeof(word)) {
      word[length++] = (char)tolower((unsigned char)*text++);
    }
    word[length] = '\0';
    if (!length) {
      break;
    }
    n = pinna_lexicon_find(self->lexicon, word, &id) ? spell(self->lexicon, id, tokens, n) : 0U;
    if (!n) {
      pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                 "hot phrase: this recogniser cannot say '%s', it is not in its lexicon", word);
      return 0U;
    }
  } while (*text);
  if (!n) {
    pinna_fail(error, PINNA_STATUS_BAD_ARG, "hot phrase: empty");
  }
  return n;
}

/// The same without a lexicon
static uint32_t
spell_phrase(const PinnaAsrModel* const self, const char* const text, uint32_t* const tokens,
             PinnaError* const error) {
  if (self->lexicon) {
    return spell_words(self, text, tokens, error);
  }
  const uint32_t n = pinna_tokens_spell(self->tokens, text, tokens, MAX_PHRASE);
  if (!n) {
    pinna_fail(error, PINNA_STATUS_NOT_FOUND,
               "hot phrase: '%s' cannot be spelled with this recogniser's tokens", text);
  }
  return n;
}

/// Phrases, their tokens, and the automaton's share of both
typedef struct {
  PinnaHotphrase* phrases;
  uint32_t*       tokens; ///< [n x MAX_PHRASE]
  uint32_t        n;
} List;

static PinnaStatus
add(const PinnaAsrModel* const self, List* const list, const char* const text, const float bonus,
    PinnaError* const error) {
  uint32_t* const own = list->tokens + (size_t)list->n * MAX_PHRASE;
  const uint32_t  length = spell_phrase(self, text, own, error);
  list->phrases[list->n++] = (PinnaHotphrase){own, length, bonus};
  return length ? PINNA_STATUS_OK : PINNA_STATUS_NOT_FOUND;
}

/// One phrase of a text, a bonus behind its colon; blank ones and comments are none
static PinnaStatus
add_entry(const PinnaAsrModel* const self, List* const list, const char* const from, const size_t n,
          PinnaError* const error) {
  char   text[1024];
  double bonus = (double)BONUS;
  if (n >= sizeof(text)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "hot phrase: longer than %zu bytes",
                      sizeof(text) - 1U);
  }
  memcpy(text, from, n);
  text[n] = '\0';
  char* const colon = strrchr(text, ':');
  if (colon) {
    char* end = NULL;
    bonus = strtod(colon + 1, &end);
    end += strspn(end, " \t\r");
    if (end == colon + 1 || *end || !(bonus >= 0.0 && bonus <= MOST_BONUS)) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG,
                        "hot phrase '%s': behind the colon goes a bonus of 0 to 100", text);
    }
    *colon = '\0';
  }
  const char* const begin = text + strspn(text, " \t\r");
  return !*begin || *begin == '#' ? PINNA_STATUS_OK : add(self, list, begin, (float)bonus, error);
}

/// Lines, parts between semicolons
static PinnaStatus
add_text(const PinnaAsrModel* const self, List* const list, const char* text,
         PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  while (!status && *text) {
    const size_t n = strcspn(text, ";\n");
    status = *text == '#' ? PINNA_STATUS_OK : add_entry(self, list, text, n, error);
    text += *text == '#' ? strcspn(text, "\n") : n;
    text += *text != '\0';
  }
  return status;
}

PinnaStatus
pinna_asr_model_spell(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
                      PinnaError* const error) {
  size_t n = config->n_hotphrases;
  for (const char* c = config->hotwords; c && *c; ++c) {
    n += c == config->hotwords || *c == ';' || *c == '\n';
  }
  if (!n) {
    return PINNA_STATUS_OK;
  }
  if (n > MOST_PHRASES) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "more than %u hot phrases", MOST_PHRASES);
  }
  List        list = {(PinnaHotphrase*)calloc(n, sizeof(PinnaHotphrase)),
                      (uint32_t*)calloc(n * MAX_PHRASE, sizeof(uint32_t)), 0U};
  PinnaStatus status = list.phrases && list.tokens ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t i = 0U; !status && i < config->n_hotphrases; ++i) {
    const PinnaAsrHotphrase* const phrase = &config->hotphrases[i];
    status = add(self, &list, phrase->text, phrase->bonus, error);
  }
  if (!status && config->hotwords) {
    status = add_text(self, &list, config->hotwords, error);
  }
  if (!status && list.n && config->search != PINNA_ASR_SEARCH_BEAM) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "hot phrases need the beam search");
  }
  if (!status && list.n) {
    status = pinna_hotwords_new(&self->hotwords, list.phrases, list.n);
  }
  free(list.tokens);
  free(list.phrases);
  return status;
}
