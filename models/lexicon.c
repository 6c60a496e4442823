// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/lexicon.h"

#include "base/grow.h"
#include "models/text_file.h"

#include <stdlib.h>
#include <string.h>

// Spellings sorted into a tree, level by level

#define MAX_SPELLING 255U

struct PinnaLexiconImpl {
  PinnaWordTable    words;
  PinnaLexiconNode* nodes;
  uint32_t          n_nodes;
  uint32_t*         ends; ///< Words at nodes
};

/// A spelling: tokens [n] of the reader's pool from `at`
typedef struct {
  const uint32_t* tokens; ///< Once the pool does not move any more
  uint32_t        at;
  uint32_t        n;
  uint32_t        word;
} Spelling;

typedef struct {
  PinnaLexicon*      lexicon;
  const PinnaTokens* tokens;
  const char*        label;
  PinnaError*        error;
  Spelling*          spellings;
  uint32_t           n_spellings;
  size_t             max_spellings;
  uint32_t*          pool;
  uint32_t           n_pool;
  size_t             max_pool;
} Reader;

static PinnaStatus
no_memory(const Reader* const reader) {
  return pinna_fail(reader->error, PINNA_STATUS_NO_MEM, "%s: out of memory", reader->label);
}

static PinnaStatus
read_line(Reader* const reader, PinnaSpan line, const uint32_t number) {
  PinnaSpan word;
  char      piece[256];
  if (!pinna_span_word(&line, &word)) {
    return PINNA_STATUS_OK;
  }
  Spelling spelling = {NULL, reader->n_pool, 0U, PINNA_WORD_NONE};
  spelling.word = memchr(word.p, '\0', word.n)
                      ? PINNA_WORD_NONE
                      : pinna_word_table_add(&reader->lexicon->words, word);
  if (spelling.word == PINNA_WORD_NONE) {
    return memchr(word.p, '\0', word.n) ? pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                                                     "%s, line %u: no text", reader->label, number)
                                        : no_memory(reader);
  }
  while (pinna_span_word(&line, &word)) {
    uint32_t     token = 0U;
    const size_t n = word.n < sizeof(piece) ? word.n : sizeof(piece) - 1U;
    memcpy(piece, word.p, n);
    piece[n] = '\0';
    if (word.n != n || !pinna_tokens_find(reader->tokens, piece, &token)) {
      return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                        "%s, line %u: '%s' is no token of the model", reader->label, number, piece);
    }
    if (!pinna_grow(&reader->pool, reader->n_pool, &reader->max_pool, sizeof(uint32_t))) {
      return no_memory(reader);
    }
    reader->pool[reader->n_pool++] = token;
    ++spelling.n;
  }
  if (!spelling.n || spelling.n > MAX_SPELLING) {
    return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                      "%s, line %u: '%s' has %u tokens, must be 1 to %u", reader->label, number,
                      pinna_word_table_at(&reader->lexicon->words, spelling.word), spelling.n,
                      MAX_SPELLING);
  }
  if (!pinna_grow(&reader->spellings, reader->n_spellings, &reader->max_spellings,
                  sizeof(Spelling))) {
    return no_memory(reader);
  }
  reader->spellings[reader->n_spellings++] = spelling;
  return PINNA_STATUS_OK;
}

/// By tokens, the shorter first; then by word
static int
compare(const void* const a, const void* const b) {
  const Spelling* const x = (const Spelling*)a;
  const Spelling* const y = (const Spelling*)b;
  for (uint32_t i = 0U; i < x->n && i < y->n; ++i) {
    if (x->tokens[i] != y->tokens[i]) {
      return x->tokens[i] < y->tokens[i] ? -1 : 1;
    }
  }
  return x->n != y->n ? (x->n > y->n) - (x->n < y->n) : (x->word > y->word) - (x->word < y->word);
}

/// The range of sorted spellings below a node that is being divided
typedef struct {
  uint32_t from;
  uint32_t to;
} Range;

/// Words of spellings that end at this depth, and a child for each token that follows
static void
divide(const Reader* const reader, Range* const ranges, const uint32_t node, const uint32_t depth,
       uint32_t* const n_ends) {
  PinnaLexicon* const     lexicon = reader->lexicon;
  PinnaLexiconNode* const nodes = lexicon->nodes;
  uint32_t                at = ranges[node].from;
  nodes[node].first_word = *n_ends;
  for (; at < ranges[node].to && reader->spellings[at].n == depth; ++at) {
    const uint32_t word = reader->spellings[at].word;
    if (!nodes[node].n_words || lexicon->ends[*n_ends - 1U] != word) {
      lexicon->ends[(*n_ends)++] = word;
      ++nodes[node].n_words;
    }
  }
  nodes[node].first = lexicon->n_nodes;
  while (at < ranges[node].to) {
    const uint32_t token = reader->spellings[at].tokens[depth];
    const uint32_t child = lexicon->n_nodes++;
    ranges[child].from = at;
    while (at < ranges[node].to && reader->spellings[at].tokens[depth] == token) {
      ++at;
    }
    ranges[child].to = at;
    nodes[child].token = token;
    ++nodes[node].n_children;
  }
}

static PinnaStatus
build(const Reader* const reader) {
  PinnaLexicon* const lexicon = reader->lexicon;
  const size_t        most = (size_t)reader->n_pool + 1U; // Nodes
  Range* const        ranges = (Range*)malloc(most * sizeof(Range));
  lexicon->nodes = (PinnaLexiconNode*)calloc(most, sizeof(PinnaLexiconNode));
  lexicon->ends = (uint32_t*)malloc(reader->n_spellings * sizeof(uint32_t));
  if (!ranges || !lexicon->nodes || !lexicon->ends) {
    free(ranges);
    return no_memory(reader);
  }
  for (uint32_t i = 0U; i < reader->n_spellings; ++i) {
    reader->spellings[i].tokens = reader->pool + reader->spellings[i].at;
  }
  qsort(reader->spellings, reader->n_spellings, sizeof(Spelling), compare);

  uint32_t n_ends = 0U;
  uint32_t depth = 0U;
  uint32_t level_end = 1U;
  lexicon->n_nodes = 1U;
  ranges[0] = (Range){0U, reader->n_spellings};
  for (uint32_t node = 0U; node < lexicon->n_nodes; ++node) {
    if (node == level_end) {
      level_end = lexicon->n_nodes;
      ++depth;
    }
    divide(reader, ranges, node, depth, &n_ends);
  }
  free(ranges);
  return PINNA_STATUS_OK;
}

PinnaStatus
pinna_lexicon_parse(PinnaLexicon** const lexicon, const void* const data, const size_t size,
                    const char* const label, const PinnaTokens* const tokens,
                    PinnaError* const error) {
  Reader      reader = {.tokens = tokens, .label = label, .error = error};
  PinnaLines  lines = {(const char*)data, (const char*)data + size, 0U};
  PinnaSpan   line;
  PinnaStatus status = PINNA_STATUS_OK;
  *lexicon = NULL;
  reader.lexicon = (PinnaLexicon*)calloc(1U, sizeof(PinnaLexicon));
  if (!reader.lexicon) {
    return no_memory(&reader);
  }
  while (!status && pinna_lines_next(&lines, &line)) {
    status = read_line(&reader, line, lines.number);
  }
  if (!status) {
    status = reader.n_spellings
                 ? build(&reader)
                 : pinna_fail(error, PINNA_STATUS_BAD_FILE, "%s: holds no words", label);
  }
  free(reader.spellings);
  free(reader.pool);
  if (status) {
    pinna_lexicon_free(reader.lexicon);
  } else {
    *lexicon = reader.lexicon;
  }
  return status;
}

PinnaStatus
pinna_lexicon_open(PinnaLexicon** const lexicon, const char* const path,
                   const PinnaTokens* const tokens, PinnaError* const error) {
  char*  data = NULL;
  size_t size = 0U;
  *lexicon = NULL;
  PinnaStatus status = pinna_text_read(&data, &size, path, error);
  status = status ? status : pinna_lexicon_parse(lexicon, data, size, path, tokens, error);
  free(data);
  return status;
}

void
pinna_lexicon_free(PinnaLexicon* const lexicon) {
  if (lexicon) {
    pinna_word_table_free(&lexicon->words);
    free(lexicon->nodes);
    free(lexicon->ends);
    free(lexicon);
  }
}

uint32_t
pinna_lexicon_count(const PinnaLexicon* const lexicon) {
  return lexicon->words.n;
}

const char*
pinna_lexicon_word(const PinnaLexicon* const lexicon, const uint32_t word) {
  return word < lexicon->words.n ? pinna_word_table_at(&lexicon->words, word) : NULL;
}

bool
pinna_lexicon_find(const PinnaLexicon* const lexicon, const char* const word, uint32_t* const id) {
  *id = pinna_word_table_find(&lexicon->words, (PinnaSpan){word, strlen(word)});
  return *id != PINNA_WORD_NONE;
}

const PinnaLexiconNode*
pinna_lexicon_nodes(const PinnaLexicon* const lexicon, uint32_t* const count) {
  *count = lexicon->n_nodes;
  return lexicon->nodes;
}

const uint32_t*
pinna_lexicon_words(const PinnaLexicon* const lexicon) {
  return lexicon->ends;
}
