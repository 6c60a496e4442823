// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "models/asr.h"
#include "models/asr_small.h"
#include "models/ctc_beam.h"
#include "models/decoder.h"
#include "models/embedded.h"
#include "models/endpoint.h"
#include "models/hotwords.h"
#include "models/lexicon.h"
#include "models/ngram.h"
#include "models/tokens.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Opens a recogniser: weights, texts, hot phrases, then network, decoder and captions in one arena

#define MAX_TOKENS 1024U
#define MAX_PHRASE 256U ///< Tokens of a hot phrase
#define BEAM 64U
#define THRESHOLD 14.0F

struct PinnaAsrModelImpl {
  PinnaWeights*  weights;
  PinnaTokens*   tokens;
  PinnaLexicon*  lexicon;
  PinnaNgram*    ngram;
  PinnaHotwords* hotwords;
  uint32_t*      ngram_ids; ///< Of the lexicon's words
  uint32_t*      guesses;   ///< Of the lexicon's nodes: the likeliest word
  void*          memory;
  PinnaAsr*      asr;
  PinnaAcoustic  acoustic;
};

typedef struct {
  PinnaAsrModel*     model;
  const PinnaPlan*   plan;
  PinnaCtcBeamConfig beam;
} Build;

static const char*
metadata(const PinnaAsrModel* const self, const char* const key, PinnaStatus* const status,
         PinnaError* const error) {
  const char* const text = pinna_weights_metadata(self->weights, key);
  if (!text && !*status) {
    *status = pinna_fail(error, PINNA_STATUS_BAD_FILE,
                         "no recogniser of ours: the weights carry no text '%s'", key);
  }
  return text ? text : "";
}

/// The likeliest first word of an utterance behind each node; children come after their parents
static PinnaStatus
guess(PinnaAsrModel* const self) {
  uint32_t                      n_nodes = 0U;
  const PinnaLexiconNode* const nodes = pinna_lexicon_nodes(self->lexicon, &n_nodes);
  const uint32_t* const         words = pinna_lexicon_words(self->lexicon);
  const uint32_t                begin = pinna_ngram_begin(self->ngram);
  float* const                  score = (float*)calloc(n_nodes, sizeof(float));
  self->guesses = (uint32_t*)calloc(n_nodes, sizeof(uint32_t));
  if (!score || !self->guesses) {
    free(score);
    return PINNA_STATUS_NO_MEM;
  }
  for (uint32_t i = n_nodes; i-- > 0U;) {
    const PinnaLexiconNode* const node = &nodes[i];
    self->guesses[i] = PINNA_NO_WORD;
    score[i] = -INFINITY;
    for (uint32_t k = 0U; k < node->n_words; ++k) {
      const uint32_t word = words[node->first_word + k];
      const float    p = pinna_ngram_score(self->ngram, begin, self->ngram_ids[word], NULL);
      self->guesses[i] = p > score[i] ? word : self->guesses[i];
      score[i] = fmaxf(p, score[i]);
    }
    for (uint32_t k = node->first; k < node->first + node->n_children && k > i; ++k) {
      self->guesses[i] = score[k] > score[i] ? self->guesses[k] : self->guesses[i];
      score[i] = fmaxf(score[k], score[i]);
    }
  }
  free(score);
  return PINNA_STATUS_OK;
}

static PinnaStatus
open_texts(PinnaAsrModel* const self, PinnaError* const error) {
  PinnaStatus       status = PINNA_STATUS_OK;
  const char* const tokens = metadata(self, "tokens", &status, error);
  const char* const lexicon = metadata(self, "lexicon", &status, error);
  const char* const bigram = metadata(self, "bigram", &status, error);
  if (!status) {
    status = pinna_tokens_parse(&self->tokens, tokens, strlen(tokens), "tokens", error);
  }
  if (!status && pinna_tokens_count(self->tokens) != PINNA_ASR_SMALL_N_TOKENS) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "%u tokens instead of %u",
                        pinna_tokens_count(self->tokens), PINNA_ASR_SMALL_N_TOKENS);
  }
  if (!status) {
    status = pinna_lexicon_parse(&self->lexicon, lexicon, strlen(lexicon), "lexicon", self->tokens,
                                 error);
  }
  if (!status) {
    status = pinna_ngram_parse(&self->ngram, bigram, strlen(bigram), "bigram", error);
  }
  if (status) {
    return status;
  }
  const uint32_t n_words = pinna_lexicon_count(self->lexicon);
  self->ngram_ids = (uint32_t*)calloc(n_words + 1U, sizeof(uint32_t));
  for (uint32_t i = 0U; self->ngram_ids && i < n_words; ++i) {
    self->ngram_ids[i] = pinna_ngram_find(self->ngram, pinna_lexicon_word(self->lexicon, i));
  }
  return self->ngram_ids ? guess(self) : PINNA_STATUS_NO_MEM;
}

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
spell_phrase(const PinnaAsrModel* const self, const char* text, uint32_t* const tokens,
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

static PinnaStatus
open_hotwords(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
              PinnaError* const error) {
  const uint32_t n = config->n_hotphrases;
  if (!n) {
    return PINNA_STATUS_OK;
  }
  PinnaHotphrase* const phrases = (PinnaHotphrase*)calloc(n, sizeof(PinnaHotphrase));
  uint32_t* const       tokens = (uint32_t*)calloc((size_t)n * MAX_PHRASE, sizeof(uint32_t));
  PinnaStatus           status = phrases && tokens ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  for (uint32_t i = 0U; !status && i < n; ++i) {
    uint32_t* const own = tokens + (size_t)i * MAX_PHRASE;
    const uint32_t  length = spell_phrase(self, config->hotphrases[i].text, own, error);
    phrases[i] = (PinnaHotphrase){own, length, config->hotphrases[i].bonus};
    status = length ? PINNA_STATUS_OK : PINNA_STATUS_NOT_FOUND;
  }
  if (!status) {
    status = pinna_hotwords_new(&self->hotwords, phrases, n);
  }
  free(tokens);
  free(phrases);
  return status;
}

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  const Build* const      job = (const Build*)config;
  const PinnaRunnerConfig runner = {job->plan, pinna_cpu_isa()};
  PinnaAsrSmall*          small = NULL;
  PinnaCtcBeam*           beam = NULL;
  PinnaAsr*               asr = NULL;
  PinnaStatus             status = pinna_asr_small_init(&small, arena, &runner);
  if (!status) {
    status = pinna_ctc_beam_init(&beam, arena, &job->beam);
  }
  job->model->acoustic = pinna_asr_small_acoustic(small);
  PinnaAsrConfig captions = {
      .acoustic = job->model->acoustic,
      .decoder = pinna_ctc_beam_decoder(beam),
      .transcript = {.tokens = job->model->tokens, .lexicon = job->model->lexicon},
      .endpoint = pinna_endpoint_config(),
      .max_tokens = MAX_TOKENS,
      .guesses = job->model->guesses};
  if (!status) {
    status = pinna_asr_init(&asr, arena, &captions);
  }
  *object = asr;
  return status;
}

static PinnaStatus
open_network(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
             PinnaError* const error) {
  float          weights[2] = {0.0F, 0.0F};
  const uint64_t shape = 2U;
  PinnaStatus    status = pinna_weights_read(self->weights, "decoder", 1U, &shape, weights, error);
  PinnaPlan* const plan = status ? NULL : pinna_plan_new();
  if (!plan) {
    return status ? status : PINNA_STATUS_NO_MEM;
  }
  Build job = {.model = self,
               .plan = plan,
               .beam = {.n_tokens = PINNA_ASR_SMALL_N_TOKENS,
                        .max_tokens = MAX_TOKENS,
                        .beam = config->beam ? config->beam : BEAM,
                        .threshold = THRESHOLD,
                        .lexicon = self->lexicon,
                        .ngram = self->ngram,
                        .ngram_ids = self->ngram_ids,
                        .lm_weight = weights[0],
                        .word_score = weights[1],
                        .hotwords = self->hotwords}};
  if (!pinna_tokens_blank(self->tokens, &job.beam.blank)) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "no token is the blank");
  }
  if (!status) {
    pinna_asr_small_describe(plan, self->weights);
    status = pinna_plan_finish(plan, error);
  }
  if (!status) {
    status = pinna_arena_build(&self->memory, (void**)&self->asr, build, &job);
  }
  pinna_plan_free(plan);
  return status;
}

PinnaStatus
pinna_asr_model_open(PinnaAsrModel** const self, const PinnaAsrModelConfig* const config,
                     PinnaError* const error) {
  const char* const    name = config->name ? config->name : PINNA_ASR_MODEL_DEFAULT;
  PinnaAsrModel* const model = (PinnaAsrModel*)calloc(1U, sizeof(PinnaAsrModel));
  *self = NULL;
  if (!model) {
    return PINNA_STATUS_NO_MEM;
  }
  const bool  is_built_in = pinna_embedded_find(name) || !strchr(name, '/');
  PinnaStatus status = is_built_in ? pinna_embedded_open(&model->weights, name, error)
                                   : pinna_weights_open(&model->weights, name, error);
  if (!status) {
    status = open_texts(model, error);
  }
  if (!status) {
    status = open_hotwords(model, config, error);
  }
  if (!status) {
    status = open_network(model, config, error);
  }
  pinna_weights_free(model->weights);
  model->weights = NULL;
  if (status) {
    pinna_asr_model_close(model);
    return status;
  }
  *self = model;
  return PINNA_STATUS_OK;
}

void
pinna_asr_model_close(PinnaAsrModel* const self) {
  if (self) {
    pinna_arena_free(self->memory);
    free(self->guesses);
    free(self->ngram_ids);
    pinna_hotwords_free(self->hotwords);
    pinna_ngram_free(self->ngram);
    pinna_lexicon_free(self->lexicon);
    pinna_tokens_free(self->tokens);
    free(self);
  }
}

PinnaAsr*
pinna_asr_model_asr(PinnaAsrModel* const self) {
  return self->asr;
}

const PinnaAcoustic*
pinna_asr_model_acoustic(const PinnaAsrModel* const self) {
  return &self->acoustic;
}
