// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_model_impl.h"

#include "base/arena.h"
#include "base/status.h"
#include "models/asr_files.h"
#include "models/ctc_beam.h"
#include "models/ctc_greedy.h"
#include "models/text_file.h"
#include "models/tokens.h"
#include "models/wav2vec2_chunks.h"
#include "models/wav2vec2_labels.h"
#include "nn/tensor.h"
#include "nn/weights.h"

#include <stdlib.h>
#include <string.h>

// wav2vec 2.0 and HuBERT: labels of the CTC head and a search over letters

#define BEAM 16U
#define MAX_BEAM 4096U
#define THRESHOLD 14.0F

typedef struct {
  PinnaAsrModel* model;
  PinnaAsrSearch search;
  uint32_t       beam;
  uint32_t       blank;
} Build;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const config) {
  const Build* const         job = (const Build*)config;
  PinnaAsrModel* const       model = job->model;
  const uint32_t             n_tokens = model->acoustic.n_values;
  const PinnaCtcBeamConfig   beam = {.n_tokens = n_tokens,
                                     .blank = job->blank,
                                     .max_tokens = PINNA_ASR_MODEL_MAX_TOKENS,
                                     .beam = job->beam,
                                     .threshold = THRESHOLD,
                                     .hotwords = model->hotwords};
  const PinnaCtcGreedyConfig greedy = {n_tokens, job->blank, PINNA_ASR_MODEL_MAX_TOKENS};
  PinnaStatus                status = PINNA_STATUS_OK;
  PinnaDecoder               decoder;
  if (job->search == PINNA_ASR_SEARCH_BEAM) {
    PinnaCtcBeam* search = NULL;
    status = pinna_ctc_beam_init(&search, arena, &beam);
    decoder = pinna_ctc_beam_decoder(search);
  } else {
    PinnaCtcGreedy* search = NULL;
    status = pinna_ctc_greedy_init(&search, arena, &greedy);
    decoder = pinna_ctc_greedy_decoder(search);
  }
  return status ? status : pinna_asr_model_add_captions(model, arena, &decoder, (PinnaAsr**)object);
}

/// The labels beside the weights. @return NOT_FOUND: there are none
static PinnaStatus
read_labels(PinnaAsrModel* const self, const char* const weights, const uint32_t n_outputs,
            PinnaError* const error) {
  static const char* const ends[] = {"vocab.json", "labels.txt", "tokens.txt"};
  char                     path[PINNA_ASR_MAX_PATH];
  PinnaStatus              status = PINNA_STATUS_NOT_FOUND;
  for (uint32_t i = 0U; status && i < sizeof(ends) / sizeof(ends[0]); ++i) {
    status = pinna_asr_files_beside(weights, "", ends[i], path, NULL);
  }
  if (status) {
    return PINNA_STATUS_NOT_FOUND;
  }
  status = pinna_tokens_open(&self->tokens, path, error);
  if (!status && pinna_tokens_count(self->tokens) != n_outputs) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE,
                        "%s has %u labels, but the CTC head of %s has %u outputs: take the "
                        "vocabulary that came with these weights",
                        path, pinna_tokens_count(self->tokens), weights, n_outputs);
  }
  return status;
}

static PinnaStatus
open_labels(PinnaAsrModel* const self, const char* const weights, const uint32_t n_outputs,
            PinnaWav2vec2Labels* const labels, PinnaError* const error) {
  PinnaStatus status = read_labels(self, weights, n_outputs, error);
  if (status != PINNA_STATUS_NOT_FOUND) {
    return status;
  }
  if (!pinna_wav2vec2_labels(pinna_asr_files_base(weights), n_outputs, labels)) {
    return pinna_fail(error, PINNA_STATUS_NOT_FOUND,
                      "%s: no labels beside it, and %u outputs are none of TorchAudio's: put the "
                      "checkpoint's vocab.json, or labels.txt with a label a line, into the same "
                      "folder",
                      weights, n_outputs);
  }
  return pinna_tokens_parse(&self->tokens, labels->text, strlen(labels->text), "labels", error);
}

/// Whether the checkpoint was trained on waveforms of mean 0 and variance 1
static bool
wants_normal(const PinnaWeights* const weights, const char* const path) {
  char   beside[PINNA_ASR_MAX_PATH];
  char*  data = NULL;
  size_t n = 0U;
  if (!pinna_asr_files_beside(path, "", "preprocessor_config.json", beside, NULL) &&
      !pinna_text_read(&data, &n, beside, NULL)) {
    static const char key[] = "\"do_normalize\"";
    for (size_t i = 0U; i + sizeof(key) <= n; ++i) {
      if (!memcmp(data + i, key, sizeof(key) - 1U)) {
        i += sizeof(key) - 1U;
        while (i < n && strchr(" :\t\r\n", data[i])) {
          ++i;
        }
        const bool is_wanted = i < n && data[i] == 't';
        free(data);
        return is_wanted;
      }
    }
    free(data);
  }
  return pinna_weights_find(weights, "feature_extractor.conv_layers.1.layer_norm.weight") != NULL;
}

PinnaStatus
pinna_asr_model_open_wav2vec2(PinnaAsrModel* const self, const PinnaAsrModelConfig* const config,
                              const char* const path, PinnaError* const error) {
  const PinnaTensor* const  head = pinna_weights_find(self->weights, "aux.weight");
  const uint32_t            wanted = config->beam ? config->beam : BEAM;
  PinnaWav2vec2Labels       labels = {NULL, {0U}, 0U};
  PinnaWav2vec2ChunksConfig net = pinna_wav2vec2_chunks_config();
  Build                     job = {self, config->search, wanted < MAX_BEAM ? wanted : MAX_BEAM, 0U};
  PinnaStatus               status = PINNA_STATUS_OK;
  if (!path) {
    return pinna_fail(error, PINNA_STATUS_UNSUPPORTED, "wav2vec2: no texts are built in");
  }
  if (head && head->shape[0] <= PINNA_WAV2VEC2_MAX_LABELS) { // The next call says what is wrong
    status = open_labels(self, path, (uint32_t)head->shape[0], &labels, error);
    net.columns = labels.n ? labels.columns : NULL;
    net.n_columns = labels.n;
  }
  net.precision = config->precision;
  net.normalize_waveform = wants_normal(self->weights, path);
  status = status ? status : pinna_wav2vec2_chunks_new(&self->wav2vec2, self->weights, &net, error);
  if (!status && (!self->tokens || !pinna_tokens_blank(self->tokens, &job.blank))) {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE,
                        "%s: none of its labels is a blank (<pad>, [PAD], <blank>, <blk>, or - as "
                        "the first)",
                        path);
  }
  status = status ? status : pinna_asr_model_spell(self, config, error);
  if (!status) {
    self->acoustic = pinna_wav2vec2_chunks_acoustic(self->wav2vec2);
    status = pinna_arena_build(&self->memory, (void**)&self->asr, build, &job);
  }
  return status;
}
