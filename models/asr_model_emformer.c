// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model_impl.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/asr_files.h"
#include "models/emformer.h"
#include "models/rnnt_beam.h"
#include "models/rnnt_greedy.h"
#include "models/rnnt_search.h"
#include "models/tokens.h"

#include <stdio.h>

// Emformer RNN-T: the bundle's three files and a search

#define BEAM 4U
#define TORCHAUDIO_BEAM 10U
#define TORCHAUDIO_STEPS 100U
#define MAX_BEAM 64U
#define MAX_PER_FRAME 10U
#define BLANK_SURE 0.95F
#define THRESHOLD 10.0F

typedef struct {
  PinnaAsrModel* model;
  PinnaAsrSearch search;
  uint32_t       beam;
} Build;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  const Build* const          job = (const Build*)config;
  PinnaAsrModel* const        model = job->model;
  const PinnaTransducer       net = pinna_emformer_transducer(model->emformer);
  const uint32_t              max_tokens = PINNA_ASR_MODEL_MAX_TOKENS;
  const PinnaRnntBeamConfig   beam = {.model = net,
                                      .max_tokens = max_tokens,
                                      .beam = job->beam,
                                      .blank_skip = BLANK_SURE,
                                      .threshold = THRESHOLD,
                                      .hotwords = model->hotwords};
  const PinnaRnntGreedyConfig greedy = {net, max_tokens, MAX_PER_FRAME, 0.0F};
  const PinnaRnntSearchConfig parity = {net, max_tokens, job->beam, TORCHAUDIO_STEPS, 1.0F};
  PinnaStatus                 status = PINNA_STATUS_OK;
  PinnaDecoder                decoder;
  if (job->search == PINNA_ASR_SEARCH_BEAM) {
    PinnaRnntBeam* search = NULL;
    status = pinna_rnnt_beam_init(&search, arena, &beam);
    decoder = pinna_rnnt_beam_decoder(search);
  } else if (job->search == PINNA_ASR_SEARCH_GREEDY) {
    PinnaRnntGreedy* search = NULL;
    status = pinna_rnnt_greedy_init(&search, arena, &greedy);
    decoder = pinna_rnnt_greedy_decoder(search);
  } else {
    PinnaRnntSearch* search = NULL;
    status = pinna_rnnt_search_init(&search, arena, &parity);
    decoder = pinna_rnnt_search_decoder(search);
  }
  return status ? status : pinna_asr_model_add_captions(model, arena, &decoder, (PinnaAsr**)object);
}

static PinnaStatus
open_tokens(PinnaAsrModel* const self, const char* const weights, PinnaError* const error) {
  char        path[PINNA_ASR_MAX_PATH];
  PinnaStatus status = pinna_asr_files_beside(weights, "", ".model", path, NULL);
  if (status) {
    return pinna_fail(error, status,
                      "%s: no vocabulary beside it: put the bundle's SentencePiece model "
                      "(spm_bpe_4096_librispeech.model) into the same folder",
                      weights);
  }
  status = pinna_tokens_open(&self->tokens, path, error);
  const uint32_t n_tokens = pinna_emformer_transducer(self->emformer).n_tokens;
  if (!status && pinna_tokens_count(self->tokens) + 1U != n_tokens) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE,
                        "%s has %u tokens, but %s says %u and blank: take the vocabulary that came "
                        "with these weights",
                        path, pinna_tokens_count(self->tokens), weights, n_tokens - 1U);
  }
  return status;
}

static PinnaStatus
open_network(PinnaAsrModel* const self, const PinnaEmformerConfig* const config,
             const char* const weights, PinnaError* const error) {
  static const char* const patterns[][2] = {
      {"global_stats", ".json"}, {"", "global_stats.json"}, {"", "stats.json"}};
  char        path[PINNA_ASR_MAX_PATH];
  PinnaStatus status = PINNA_STATUS_NOT_FOUND;
  for (uint32_t i = 0U; status && i < sizeof(patterns) / sizeof(patterns[0]); ++i) {
    status = pinna_asr_files_beside(weights, patterns[i][0], patterns[i][1], path, NULL);
  }
  if (status) {
    return pinna_fail(error, status,
                      "%s: no statistics of its features beside it: put the bundle's "
                      "global_stats_rnnt_librispeech.json into the same folder",
                      weights);
  }
  return pinna_emformer_new(&self->emformer, self->weights, path, config, error);
}

PinnaStatus
pinna_asr_model_open_emformer(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
                              const char* const path, PinnaError* const error) {
  const bool          is_parity = config->search == PINNA_ASR_SEARCH_TORCHAUDIO;
  const uint32_t      usual = is_parity ? TORCHAUDIO_BEAM : BEAM;
  const uint32_t      wanted = config->beam ? config->beam : usual;
  PinnaEmformerConfig net = pinna_emformer_config();
  Build               job = {self, config->search, wanted < MAX_BEAM ? wanted : MAX_BEAM};
  net.max_batch = config->search == PINNA_ASR_SEARCH_GREEDY ? 1U : job.beam;
  net.torchaudio_frames = is_parity;
  net.precision = config->precision;
  if (!path) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "Emformer: no texts are built in");
  }
  PinnaStatus status = open_network(self, &net, path, error);
  status = status ? status : open_tokens(self, path, error);
  status = status ? status : pinna_asr_model_spell(self, config, error);
  if (!status) {
    self->acoustic = pinna_emformer_acoustic(self->emformer);
    status = pinna_arena_build(&self->memory, (void**)&self->asr, build, &job);
  }
  return status;
}
