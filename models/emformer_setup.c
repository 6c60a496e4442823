// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/emformer.h"

#include "base/arena.h"
#include "base/cpu.h"
#include "models/emformer_impl.h"
#include "models/text_file.h"
#include "nn/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reading the three parts and the statistics, and fitting them to each other

PinnaEmformerConfig
pinna_emformer_config(void) {
  return (PinnaEmformerConfig){.n_heads = 8U,
                               .stride = 4U,
                               .segment = 16U,
                               .right_context = 4U,
                               .left_context = 30U,
                               .max_batch = 4U};
}

/// [number, ...] of exactly n finite numbers
static bool
take_numbers(PinnaJson* const json, float* const values, const uint32_t n) {
  pinna_json_take(json, '[');
  for (uint32_t i = 0U; i < n && !json->why; ++i) {
    double value = 0.0;
    if (i && !pinna_json_take(json, ',')) {
      return false;
    }
    if (!pinna_json_number(json, &value)) {
      return false;
    }
    values[i] = (float)value;
    if (!isfinite(values[i])) {
      return pinna_json_fail(json, "a number is too big");
    }
  }
  return pinna_json_take(json, ']');
}

/// {"mean": [...], "invstddev": [...]} in any order
static PinnaStatus
read_stats(PinnaEmformer* const self, const char* const path, PinnaError* const error) {
  char*             data = NULL;
  size_t            size = 0U;
  char              key[32];
  uint32_t          found = 0U;
  const PinnaStatus status = pinna_text_read(&data, &size, path, error);
  if (status) {
    return status;
  }
  PinnaJson json = {data, data + size, NULL, data};
  pinna_json_take(&json, '{');
  for (uint32_t i = 0U; i < 2U && !json.why; ++i) {
    if (i) {
      pinna_json_take(&json, ',');
    }
    if (!pinna_json_string(&json, key, sizeof(key)) || !pinna_json_take(&json, ':')) {
      break;
    }
    const bool is_mean = !strcmp(key, "mean");
    found |= is_mean ? 1U : !strcmp(key, "invstddev") ? 2U : 4U;
    take_numbers(&json, is_mean ? self->mean : self->invstddev, self->n_mels);
  }
  pinna_json_take(&json, '}');
  const bool   good = pinna_json_end(&json) && found == 3U;
  const size_t at = (size_t)(json.p - json.from);
  free(data);
  return good ? PINNA_STATUS_OK
              : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                           "%s: at byte %zu, %s; expected \"mean\" and \"invstddev\" of %u numbers",
                           path, at, json.why ? json.why : "something else", self->n_mels);
}

static bool
is_valid(const PinnaEmformerConfig* const config) {
  return config->n_heads && config->stride && config->segment && config->max_batch &&
         config->max_batch <= 64U && config->segment <= 1024U && config->right_context <= 1024U &&
         config->left_context <= 4096U && config->segment % config->stride == 0U &&
         config->right_context % config->stride == 0U && config->precision < PINNA_N_PRECISIONS;
}

typedef struct {
  PinnaMel* whole;
  PinnaMel* within;
  float*    samples;
  float*    features;
  float*    stats;
} Parts;

static PinnaStatus
build_features(void** const object, PinnaArena* const arena, const void* const config) {
  const PinnaEmformer* const self = (const PinnaEmformer*)config;
  Parts* const               parts = PINNA_TAKE(arena, 1U, Parts);
  PinnaMelConfig             mel = pinna_mel_config(PINNA_EMFORMER_RATE);
  Parts                      made = {NULL, NULL, NULL, NULL, NULL};
  mel.spectrogram.hop_length = PINNA_EMFORMER_HOP;
  mel.filterbank.n_filters = self->n_mels;
  PinnaStatus status = pinna_mel_init(&made.whole, arena, &mel);
  mel.spectrogram.center = false;
  status = status ? status : pinna_mel_init(&made.within, arena, &mel);
  const size_t n_frames = self->config.segment + self->config.right_context + 1U;
  made.samples = PINNA_TAKE(arena, self->n_samples, float);
  made.features = PINNA_TAKE(arena, n_frames * self->n_mels, float);
  made.stats = PINNA_TAKE(arena, 2U * self->n_mels, float);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  *parts = made;
  *object = parts;
  return PINNA_STATUS_OK;
}

static PinnaStatus
make_features(PinnaEmformer* const self) {
  void*          object = NULL;
  const uint32_t n_frames = self->config.segment + self->config.right_context;
  self->n_samples = self->config.torchaudio_frames
                        ? n_frames * PINNA_EMFORMER_HOP
                        : (n_frames - 1U) * PINNA_EMFORMER_HOP + PINNA_EMFORMER_N_FFT;
  const PinnaStatus status = pinna_arena_build(&self->memory, &object, build_features, self);
  if (!status) {
    const Parts* const parts = (const Parts*)object;
    self->whole = parts->whole;
    self->within = parts->within;
    self->samples = parts->samples;
    self->features = parts->features;
    self->mean = parts->stats;
    self->invstddev = parts->stats + self->n_mels;
  }
  return status;
}

static PinnaStatus
build_runner(void** const object, PinnaArena* const arena, const void* const config) {
  return pinna_runner_init((PinnaRunner**)object, arena, (const PinnaRunnerConfig*)config);
}

static PinnaStatus
make_runner(PinnaPlan* const plan, void** const memory, PinnaRunner** const runner,
            PinnaError* const error) {
  const PinnaRunnerConfig config = {plan, pinna_cpu_isa()};
  void*                   object = NULL;
  PinnaStatus             status = pinna_plan_finish(plan, error);
  status = status ? status : pinna_arena_build(memory, &object, build_runner, &config);
  *runner = (PinnaRunner*)object;
  return status ? pinna_fail(error, status, "Emformer: %s", pinna_strerror(status)) : status;
}

static PinnaStatus
make_encoder(PinnaEmformer* const self, PinnaPlan* const plan, const PinnaWeights* const weights,
             PinnaError* const error) {
  pinna_emformer_describe_encoder(plan, weights, &self->config);
  PinnaStatus              status = pinna_plan_finish(plan, error);
  const PinnaSessionConfig config = {.plan = plan, .device = self->config.device};
  status = status ? status : pinna_session_open(&self->encoder, &config, error);
  if (!status) {
    const PinnaTensor* const in = pinna_weights_find(weights, "transcriber.input_linear.weight");
    const PinnaTensor* const out = pinna_weights_find(weights, "transcriber.layer_norm.weight");
    self->x = pinna_session_tensor(self->encoder, "x");
    self->encoding = pinna_session_tensor(self->encoder, "encoding");
    self->n_mels = (uint32_t)in->shape[1];
    self->n_encoding = (uint32_t)out->shape[0];
  }
  return status;
}

static PinnaStatus
make_predictor(PinnaEmformer* const self, PinnaPlan* const plan, const PinnaWeights* const weights,
               PinnaError* const error) {
  pinna_emformer_describe_predictor(plan, weights, self->config.max_batch);
  const PinnaStatus status = make_runner(plan, &self->predictor_memory, &self->predictor, error);
  if (status) {
    return status;
  }
  self->token = pinna_runner_tensor(self->predictor, "token");
  self->prediction = pinna_runner_tensor(self->predictor, "prediction");
  self->n_hidden = pinna_runner_shape(self->predictor, "h0").c;
  for (uint32_t i = 0U; i < 2U * PINNA_EMFORMER_MAX_LSTM; ++i) {
    char name[16];
    snprintf(name, sizeof(name), "next %c%u", i % 2U ? 'c' : 'h', i / 2U);
    self->states[i].in = pinna_runner_tensor(self->predictor, name + 5);
    self->states[i].out = pinna_runner_tensor(self->predictor, name);
    self->n_states += self->states[i].in && self->states[i].out;
  }
  return pinna_runner_shape(self->predictor, "prediction").c == self->n_encoding
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                          "The predictor's and the encoder's outputs differ in size");
}

static PinnaStatus
make_joiner(PinnaEmformer* const self, PinnaPlan* const plan, const PinnaWeights* const weights,
            PinnaError* const error) {
  const PinnaTensor* const embedding = pinna_weights_find(weights, "predictor.embedding.weight");
  pinna_emformer_describe_joiner(plan, weights, self->config.max_batch);
  const PinnaStatus status = make_runner(plan, &self->joiner_memory, &self->joiner, error);
  if (status) {
    return status;
  }
  self->join_encoding = pinna_runner_tensor(self->joiner, "encoding");
  self->join_prediction = pinna_runner_tensor(self->joiner, "prediction");
  self->logits = pinna_runner_tensor(self->joiner, "logits");
  self->n_tokens = pinna_runner_shape(self->joiner, "logits").c;
  return pinna_runner_shape(self->joiner, "encoding").c == self->n_encoding && embedding &&
                 embedding->shape[0] == self->n_tokens && self->n_tokens >= 2U
             ? PINNA_STATUS_OK
             : pinna_fail(error, PINNA_STATUS_BAD_FILE,
                          "The joiner's sizes are not those of encoder and predictor");
}

PinnaStatus
pinna_emformer_new(PinnaEmformer** const self, const PinnaWeights* const weights,
                   const char* const stats, const PinnaEmformerConfig* const config,
                   PinnaError* const error) {
  typedef PinnaStatus (*Make)(PinnaEmformer*, PinnaPlan*, const PinnaWeights*, PinnaError*);
  static const Make parts[] = {make_encoder, make_predictor, make_joiner};
  *self = NULL;
  if (!is_valid(config)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "Emformer: sizes out of range");
  }
  PinnaEmformer* const made = (PinnaEmformer*)calloc(1U, sizeof(PinnaEmformer));
  PinnaStatus          status = made ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
  if (made) {
    made->config = *config;
  }
  for (uint32_t i = 0U; i < 3U && !status; ++i) {
    PinnaPlan* const plan = pinna_plan_new();
    if (plan) {
      pinna_plan_keep_weights(plan, config->precision);
    }
    status = plan ? parts[i](made, plan, weights, error) : PINNA_STATUS_NO_MEM;
    pinna_plan_free(plan);
  }
  status = status ? status : make_features(made);
  status = status ? status : read_stats(made, stats, error);
  if (status) {
    pinna_emformer_free(made);
    return pinna_fail(error, status, "Emformer: %s", pinna_strerror(status));
  }
  *self = made;
  return PINNA_STATUS_OK;
}

void
pinna_emformer_free(PinnaEmformer* const self) {
  if (self) {
    pinna_session_close(self->encoder);
    pinna_arena_free(self->predictor_memory);
    pinna_arena_free(self->joiner_memory);
    pinna_arena_free(self->memory);
    free(self);
  }
}
