// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/grow.h"
#include "models/ngram.h"

#include "models/ngram_impl.h"
#include "models/text_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ARPA text into the tree, one length after the other

#define LN10 2.302585092994046
#define UNKNOWN_LOG10 (-100.0) ///< Where the model says nothing of unknown words

/// A line of the section that is being read
typedef struct {
  uint32_t parent;
  uint32_t word;
  float    log_prob;
  float    back_off;
} Entry;

typedef struct {
  PinnaNgram* ngram;
  PinnaLines  lines;
  const char* label;
  PinnaError* error;
  Entry*      entries;
  uint32_t    n_entries;
  size_t      max_entries;
  uint32_t    counts[PINNA_NGRAM_MAX_ORDER + 1U]; ///< As the header says
} Reader;

static PinnaStatus
bad(const Reader* const reader, const char* const why) {
  return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE, "%s, line %u: %s", reader->label,
                    reader->lines.number, why);
}

static PinnaStatus
no_memory(const Reader* const reader) {
  return pinna_fail(reader->error, PINNA_STATUS_NO_MEM, "%s: out of memory", reader->label);
}

/// Read to the line that begins section 1, noting the counts
static PinnaStatus
read_header(Reader* const reader) {
  PinnaSpan line;
  bool      in_data = false;
  while (pinna_lines_next(&reader->lines, &line)) {
    PinnaSpan word;
    if (!pinna_span_word(&line, &word)) {
      continue;
    }
    if (!in_data) {
      in_data = pinna_span_is(word, "\\data\\");
    } else if (pinna_span_is(word, "\\1-grams:")) {
      return reader->ngram->order ? PINNA_STATUS_OK : bad(reader, "no counts before the 1-grams");
    } else if (pinna_span_is(word, "ngram")) {
      uint32_t          order = 0U;
      PinnaSpan         count;
      const char* const equals =
          pinna_span_last_word(&line, &word) ? (const char*)memchr(word.p, '=', word.n) : NULL;
      count = equals ? (PinnaSpan){equals + 1, word.n - (size_t)(equals + 1 - word.p)}
                     : (PinnaSpan){NULL, 0U};
      if (!equals || !pinna_span_count((PinnaSpan){word.p, (size_t)(equals - word.p)}, &order) ||
          order != reader->ngram->order + 1U || order > PINNA_NGRAM_MAX_ORDER ||
          !pinna_span_count(count, &reader->counts[order])) {
        return bad(reader, "expected ngram N=COUNT, N from 1 to 8 in order");
      }
      reader->ngram->order = order;
    } else {
      return bad(reader, "expected ngram N=COUNT or \\1-grams:");
    }
  }
  return bad(reader, in_data ? "no \\1-grams:" : "no \\data\\: this is no ARPA file");
}

/// One n-gram. The words before its last one must be known as an n-gram of their own.
static PinnaStatus
read_entry(Reader* const reader, PinnaSpan line, const uint32_t order) {
  PinnaNgram* const ngram = reader->ngram;
  Entry             entry = {0U, 0U, 0.0F, 0.0F};
  PinnaSpan         word;
  double            log10_prob = 0.0;
  double            back_off = 0.0;
  if (!pinna_span_word(&line, &word) || !pinna_span_number(word, &log10_prob)) {
    return bad(reader, "expected the logarithm of a probability");
  }
  for (uint32_t i = 0U; i < order; ++i) {
    if (!pinna_span_word(&line, &word) || memchr(word.p, '\0', word.n)) {
      return bad(reader, "too few words");
    }
    if (i > 0U) {
      entry.parent =
          i == 1U ? 1U + entry.word : pinna_ngram_child(ngram->nodes, entry.parent, entry.word);
      if (!entry.parent) {
        return bad(reader, "its first words are no n-gram");
      }
    }
    entry.word = order == 1U ? pinna_word_table_add(&ngram->words, word)
                             : pinna_word_table_find(&ngram->words, word);
    if (entry.word == PINNA_WORD_NONE) {
      return order == 1U ? no_memory(reader) : bad(reader, "a word that is no 1-gram");
    }
  }
  if (pinna_span_word(&line, &word) &&
      (!pinna_span_number(word, &back_off) || pinna_span_word(&line, &word))) {
    return bad(reader, "expected one back-off weight, or nothing");
  }
  // Some write the probability of the impossible, that of <s>, as a positive number
  entry.log_prob = (float)(LN10 * fmax(fmin(log10_prob, 0.0), UNKNOWN_LOG10));
  entry.back_off = (float)(LN10 * fmax(fmin(back_off, 100.0), UNKNOWN_LOG10));
  if (!pinna_grow(&reader->entries, reader->n_entries, &reader->max_entries, sizeof(Entry))) {
    return no_memory(reader);
  }
  reader->entries[reader->n_entries++] = entry;
  return PINNA_STATUS_OK;
}

/// The lines of a section, and the one that begins the next
static PinnaStatus
read_section(Reader* const reader, const uint32_t order) {
  PinnaSpan line;
  reader->n_entries = 0U;
  while (pinna_lines_next(&reader->lines, &line)) {
    PinnaSpan rest = line;
    PinnaSpan word;
    if (!pinna_span_word(&rest, &word)) {
      continue;
    }
    if (word.p[0] == '\\') {
      const char next[] = {'\\', (char)('1' + (int)order), '-', 'g', 'r', 'a', 'm', 's', ':', '\0'};
      if (reader->n_entries != reader->counts[order]) {
        return bad(reader, "the section has not as many n-grams as the header says");
      }
      return pinna_span_is(word, order == reader->ngram->order ? "\\end\\" : next)
                 ? PINNA_STATUS_OK
                 : bad(reader, "expected the next section, or \\end\\ behind the last");
    }
    const PinnaStatus status = read_entry(reader, line, order);
    if (status) {
      return status;
    }
  }
  return bad(reader, "the file ends before \\end\\");
}

static int
compare(const void* const a, const void* const b) {
  const Entry* const x = (const Entry*)a;
  const Entry* const y = (const Entry*)b;
  return x->parent != y->parent ? (x->parent > y->parent) - (x->parent < y->parent)
                                : (x->word > y->word) - (x->word < y->word);
}

static bool
add_node(PinnaNgram* const ngram, const Entry* const entry) {
  if (ngram->n_nodes >= UINT32_MAX / 2U ||
      !pinna_grow(&ngram->nodes, ngram->n_nodes + 1U, &ngram->max_nodes, sizeof(PinnaNgramNode))) {
    return false;
  }
  ngram->nodes[ngram->n_nodes] =
      (PinnaNgramNode){entry->word, 0U, 0U, entry->log_prob, entry->back_off};
  ngram->nodes[++ngram->n_nodes] = (PinnaNgramNode){0};
  return true;
}

/// The section's entries become nodes behind those of length order - 1, which begin at `from`
static PinnaStatus
add_section(Reader* const reader, const uint32_t order, const uint32_t from) {
  PinnaNgram* const ngram = reader->ngram;
  const uint32_t    to = ngram->n_nodes;
  uint32_t          at = 0U;
  if (reader->n_entries) {
    qsort(reader->entries, reader->n_entries, sizeof(Entry), compare);
  }
  for (uint32_t parent = from; parent < to; ++parent) {
    ngram->nodes[parent].first = ngram->n_nodes;
    for (; at < reader->n_entries && reader->entries[at].parent == parent; ++at) {
      const Entry* const entry = &reader->entries[at];
      if (at && !compare(entry - 1, entry)) {
        return pinna_fail(reader->error, PINNA_STATUS_BAD_FILE,
                          "%s: a %u-gram that ends in '%s' "
                          "comes twice",
                          reader->label, order, pinna_word_table_at(&ngram->words, entry->word));
      }
      if (!add_node(ngram, entry)) {
        return no_memory(reader);
      }
      // The longest history that ends like this one: the parent's suffixes know it, or none does
      PinnaNgramNode* const nodes = ngram->nodes;
      uint32_t              suffix = 0U;
      for (uint32_t node = parent; node && !suffix;) {
        node = nodes[node].suffix;
        suffix = node ? pinna_ngram_child(nodes, node, entry->word) : 1U + entry->word;
      }
      nodes[ngram->n_nodes - 1U].suffix = suffix;
    }
  }
  ngram->nodes[to].first = ngram->n_nodes;
  return PINNA_STATUS_OK;
}

/// Words that decoders ask for are always there
static PinnaStatus
complete_words(Reader* const reader) {
  static const char* const names[] = {"<unk>", "</s>"};
  PinnaNgram* const        ngram = reader->ngram;
  uint32_t                 ids[2];
  for (uint32_t i = 0U; i < 2U; ++i) {
    const uint32_t before = ngram->words.n;
    ids[i] = pinna_word_table_find(&ngram->words, (PinnaSpan){"<UNK>", 5U});
    ids[i] = i || ids[i] == PINNA_WORD_NONE
                 ? pinna_word_table_add(&ngram->words, (PinnaSpan){names[i], strlen(names[i])})
                 : ids[i];
    if (ids[i] == PINNA_WORD_NONE) {
      return no_memory(reader);
    }
    if (ngram->words.n > before) {
      const Entry entry = {0U, ids[i], (float)(LN10 * UNKNOWN_LOG10), 0.0F};
      if (!pinna_grow(&reader->entries, reader->n_entries, &reader->max_entries, sizeof(Entry))) {
        return no_memory(reader);
      }
      reader->entries[reader->n_entries++] = entry;
    }
  }
  ngram->unknown = ids[0];
  ngram->end = ids[1];
  const uint32_t begin = pinna_word_table_find(&ngram->words, (PinnaSpan){"<s>", 3U});
  ngram->begin = begin == PINNA_WORD_NONE ? 0U : 1U + begin;
  return PINNA_STATUS_OK;
}

static PinnaStatus
read_all(Reader* const reader) {
  const Entry       root = {0U, 0U, 0.0F, 0.0F};
  PinnaNgram* const ngram = reader->ngram;
  PinnaStatus       status = read_header(reader);
  if (!status && !add_node(ngram, &root)) {
    status = no_memory(reader);
  }
  uint32_t from = 0U;
  for (uint32_t order = 1U; order <= ngram->order && !status; ++order) {
    const uint32_t to = ngram->n_nodes;
    status = read_section(reader, order);
    status = status || order > 1U ? status : complete_words(reader);
    status = status ? status : add_section(reader, order, from);
    from = to;
  }
  for (uint32_t i = from; i <= ngram->n_nodes && !status; ++i) {
    ngram->nodes[i].first = ngram->n_nodes; // The longest have no children
  }
  return status;
}

PinnaStatus
pinna_ngram_parse(PinnaNgram** const ngram, const void* const data, const size_t size,
                  const char* const label, PinnaError* const error) {
  Reader reader = {.label = label, .error = error};
  *ngram = NULL;
  reader.lines = (PinnaLines){(const char*)data, (const char*)data + size, 0U};
  reader.ngram = (PinnaNgram*)calloc(1U, sizeof(PinnaNgram));
  const PinnaStatus status = reader.ngram ? read_all(&reader) : no_memory(&reader);
  free(reader.entries);
  if (status) {
    pinna_ngram_free(reader.ngram);
  } else {
    *ngram = reader.ngram;
  }
  return status;
}

PinnaStatus
pinna_ngram_open(PinnaNgram** const ngram, const char* const path, PinnaError* const error) {
  char*  data = NULL;
  size_t size = 0U;
  *ngram = NULL;
  PinnaStatus status = pinna_text_read(&data, &size, path, error);
  status = status ? status : pinna_ngram_parse(ngram, data, size, path, error);
  free(data);
  return status;
}

void
pinna_ngram_free(PinnaNgram* const ngram) {
  if (ngram) {
    pinna_word_table_free(&ngram->words);
    free(ngram->nodes);
    free(ngram);
  }
}

uint32_t
pinna_ngram_order(const PinnaNgram* const ngram) {
  return ngram->order;
}

uint32_t
pinna_ngram_count(const PinnaNgram* const ngram) {
  return ngram->words.n;
}

uint32_t
pinna_ngram_find(const PinnaNgram* const ngram, const char* const word) {
  const uint32_t found = pinna_word_table_find(&ngram->words, (PinnaSpan){word, strlen(word)});
  return found == PINNA_WORD_NONE ? ngram->unknown : found;
}
