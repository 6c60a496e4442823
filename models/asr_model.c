// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "models/architecture.h"
#include "models/asr.h"
#include "models/asr_files.h"
#include "models/asr_model_impl.h"
#include "models/embedded.h"
#include "models/endpoint.h"
#include "nn/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Opens weights and tells by them whose recogniser it is

PinnaStatus
pinna_asr_model_add_captions(PinnaAsrModel* const self, PinnaArena* const arena,
                             const PinnaDecoder* const decoder, PinnaAsr** const asr) {
  const PinnaAsrConfig captions = {.acoustic = self->acoustic,
                                   .decoder = *decoder,
                                   .transcript = {.tokens = self->tokens, .lexicon = self->lexicon},
                                   .endpoint = pinna_endpoint_config(),
                                   .max_tokens = PINNA_ASR_MODEL_MAX_TOKENS,
                                   .guesses = self->guesses};
  return pinna_asr_init(asr, arena, &captions);
}

static PinnaAsrModelOpen
kind_of(PinnaWeights* const weights, PinnaError* const error) {
  static const struct {
    const char*       architecture;
    PinnaAsrModelOpen open;
  } kinds[] = {{"asr_small", pinna_asr_model_open_small},
               {"emformer_rnnt", pinna_asr_model_open_emformer},
               {"wav2vec2", pinna_asr_model_open_wav2vec2}};

  if (pinna_weights_metadata(weights, "lexicon")) {
    return pinna_asr_model_open_small; // Whatever its tensors
  }
  const PinnaArchitecture* const network = pinna_architecture_of(weights);
  for (uint32_t i = 0U; network && i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
    if (!strcmp(network->name, kinds[i].architecture)) {
      return kinds[i].open;
    }
  }
  pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
             "no recogniser: these are weights of %s%s%s; Emformer RNN-T, wav2vec 2.0 and HuBERT "
             "with a CTC head, and our own can be used",
             network ? network->name : "a network that is not known here", network ? ": " : "",
             network ? network->summary : "");
  return NULL;
}

static PinnaStatus
open_model(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
           PinnaError* const error) {
  const char* const name = config->name ? config->name : PINNA_ASR_MODEL_DEFAULT;
  char              path[PINNA_ASR_MAX_PATH] = "";
  const bool        is_built_in = pinna_embedded_find(name) != NULL;
  PinnaStatus status = is_built_in ? PINNA_STATUS_OK : pinna_asr_files_weights(name, path, error);
  if (!status) {
    status = is_built_in ? pinna_embedded_open(&self->weights, name, error)
                         : pinna_weights_open(&self->weights, path, error);
  }
  if (status) {
    return status;
  }
  PinnaError              why = {""};
  const PinnaAsrModelOpen open = kind_of(self->weights, &why);
  status = open ? open(self, config, is_built_in ? NULL : path, &why) : PINNA_STATUS_UNSUPPORTED;
  if (!status) {
    return status;
  }
  const char* const shown = is_built_in ? name : path; // Unless the sentence begins with it
  return strstr(why.text, shown) ? pinna_fail(error, status, "%s", why.text)
                                 : pinna_fail(error, status, "%s: %s", shown,
                                              why.text[0] ? why.text : pinna_strerror(status));
}

PinnaStatus
pinna_asr_model_open(PinnaAsrModel** const self, const PinnaAsrModelConfig* const config,
                     PinnaError* const error) {
  PinnaAsrModel* const model = (PinnaAsrModel*)calloc(1U, sizeof(PinnaAsrModel));
  *self = NULL;
  if (!model) {
    return PINNA_STATUS_NO_MEM;
  }
  const PinnaStatus status = open_model(model, config, error);
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
    pinna_emformer_free(self->emformer);
    pinna_wav2vec2_chunks_free(self->wav2vec2);
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
