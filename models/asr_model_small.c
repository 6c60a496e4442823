// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model_impl.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "base/status.h"
#include "models/asr_small.h"
#include "models/ctc_beam.h"
#include "models/lexicon.h"
#include "models/ngram.h"
#include "models/tokens.h"
#include "nn/cpu/runner.h"
#include "nn/plan.h"
#include "nn/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Our own recogniser: network, lexicon and bigram out of one file

#define BEAM 256U
#define MAX_TOKENS 512U ///< More frames than an utterance may have
#define THRESHOLD 14.0F

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
  const PinnaDecoder decoder = pinna_ctc_beam_decoder(beam);
  if (!status) {
    status = pinna_asr_model_add_captions(job->model, arena, &decoder, &asr);
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
                        .hotwords = self->hotwords,
                        .recombine = true}};
  if (!pinna_tokens_blank(self->tokens, &job.beam.blank)) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE, "no token is the blank");
  }
  if (!status) {
    pinna_plan_keep_weights(plan, config->precision);
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
pinna_asr_model_open_small(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
                           const char* const path, PinnaError* const error) {
  (void)path;
  if (config->search != PINNA_ASR_SEARCH_BEAM) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                      "our own recogniser speaks the words of its lexicon: it has no search but "
                      "'beam'");
  }
  PinnaStatus status = open_texts(self, error);
  status = status ? status : pinna_asr_model_spell(self, config, error);
  return status ? status : open_network(self, config, error);
}
