// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/lexicon.h"
#include "models/ngram.h"
#include "models/tokens.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Vocabularies, lexicons and n-grams of all kinds: whatever is read can be walked through

#define SEED(text)                                                                                 \
  { text, sizeof(text) - 1U }

const PinnaFuzzSeed pinna_fuzz_seeds[] = {
    SEED("\n\x0E\n\5<unk>\x15\0\0\0\0\x18\2\n\x0B\n\4\xE2\x96\x81"
         "a\x15\0\0\200\277\n\x08\n\1b\x15\0\0\0\300\n\x0A\n\6<0x41>\x18\6\x12\2\x18\2"),
    SEED("{\"<pad>\": 0, \"|\": 1, \"E\": 2, \"\\u00e9\": 3}"),
    SEED("<blk> 0\n\xE2\x96\x81"
         "a 1\nb 2\n  3\n"),
    SEED("a\t| x y\nab x y\nab y\n\nb | x\n"),
    SEED("\\data\\\nngram 1=5\nngram 2=3\nngram 3=1\n\n\\1-grams:\n-1 <s> -0.5\n-1.5 </s>\n-1 a "
         "-0.1\n"
         "-2 b -0.2\n-99 <unk>\n\n\\2-grams:\n-0.5 <s> a -0.1\n-0.25 a b 0\n-1 b "
         "</s>\n\n\\3-grams:\n"
         "-0.1 <s> a b\n\n\\end\\\n"),
    {NULL, 0},
};

static void
judge(const PinnaStatus status, const void* const made, const PinnaError* const error) {
  if (!status != !!made || (status && !error->text[0])) {
    abort();
  }
}

static void
walk_tokens(const PinnaTokens* const tokens) {
  uint32_t ids[64];
  uint32_t id = 0U;
  for (uint32_t i = 0U; i < pinna_tokens_count(tokens); ++i) {
    const PinnaTokenInfo* const info = pinna_tokens_at(tokens, i);
    if (!info->piece || !info->text || strlen(info->text) > strlen(info->piece) ||
        !pinna_tokens_find(tokens, info->piece, &id) || id > i) {
      abort();
    }
  }
  pinna_tokens_blank(tokens, &id);
  for (uint32_t n = pinna_tokens_spell(tokens, "a bEa aab", ids, 64U); n > 0U; --n) {
    if (!pinna_tokens_at(tokens, ids[n - 1U])) {
      abort();
    }
  }
}

static void
walk_lexicon(const PinnaLexicon* const lexicon, const PinnaTokens* const tokens) {
  uint32_t                      count = 0U;
  const PinnaLexiconNode* const nodes = pinna_lexicon_nodes(lexicon, &count);
  for (uint32_t i = 0U; i < count; ++i) {
    if (nodes[i].first + nodes[i].n_children > count ||
        (nodes[i].n_children && nodes[i].first <= i) ||
        nodes[i].token >= pinna_tokens_count(tokens) ||
        (i && !nodes[i].n_children && !nodes[i].n_words)) {
      abort();
    }
    for (uint32_t k = 0U; k < nodes[i].n_words; ++k) {
      if (!pinna_lexicon_word(lexicon, pinna_lexicon_words(lexicon)[nodes[i].first_word + k])) {
        abort();
      }
    }
  }
}

static void
walk_ngram(const PinnaNgram* const ngram) {
  uint32_t state = pinna_ngram_begin(ngram);
  uint32_t roll = 1U;
  for (int i = 0; i < 200; ++i) {
    roll = roll * 1664525U + 1013904223U;
    if (!isfinite(pinna_ngram_score(ngram, state, (roll >> 16U) % (pinna_ngram_count(ngram) + 1U),
                                    &state)) ||
        !isfinite(pinna_ngram_end(ngram, state))) {
      abort();
    }
  }
  pinna_ngram_find(ngram, "a");
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size) {
  static PinnaTokens* letters;
  PinnaTokens*        tokens = NULL;
  PinnaLexicon*       lexicon = NULL;
  PinnaNgram*         ngram = NULL;
  PinnaError          errors[3] = {{""}, {""}, {""}};
  uint8_t*            copy = (uint8_t*)malloc(size ? size : 1U); // So that a sanitizer sees its end
  if (!letters && pinna_tokens_parse(&letters, "-\n|\nx\ny\n", 8U, "letters", NULL)) {
    abort();
  }
  memcpy(copy, data, size);
  const PinnaStatus statuses[] = {
      pinna_tokens_parse(&tokens, copy, size, "fuzz", &errors[0]),
      pinna_lexicon_parse(&lexicon, copy, size, "fuzz", letters, &errors[1]),
      pinna_ngram_parse(&ngram, copy, size, "fuzz", &errors[2]),
  };
  judge(statuses[0], tokens, &errors[0]);
  judge(statuses[1], lexicon, &errors[1]);
  judge(statuses[2], ngram, &errors[2]);
  free(copy);
  if (tokens) {
    walk_tokens(tokens);
  }
  if (lexicon) {
    walk_lexicon(lexicon, letters);
  }
  if (ngram) {
    walk_ngram(ngram);
  }
  pinna_tokens_free(tokens);
  pinna_lexicon_free(lexicon);
  pinna_ngram_free(ngram);
  return 0;
}
