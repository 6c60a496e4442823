// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2_chunks.h"

#include "models/wav2vec2.h"
#include "models/wav2vec2_chunks_impl.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/tensor.h"

#include <stdlib.h>
#include <string.h>

// The network of a window, and the choice of its outputs

#define MAX_FRAMES 3000U

PinnaWav2vec2ChunksConfig
pinna_wav2vec2_chunks_config(void) {
  return (PinnaWav2vec2ChunksConfig){.left = 80U, .step = 40U, .right = 20U};
}

static PinnaStatus
open_session(PinnaWav2vec2Chunks* const self, const PinnaWeights* const weights,
             PinnaError* const error) {
  const PinnaWav2vec2Config net = {.n_samples = self->n_samples,
                                   .normalize_waveform = self->config.normalize_waveform};
  PinnaPlan* const          plan = pinna_plan_new();
  if (!plan) {
    return PINNA_STATUS_NO_MEM;
  }
  pinna_plan_keep_weights(plan, self->config.precision);
  pinna_wav2vec2_describe(plan, weights, &net);
  PinnaStatus              status = pinna_plan_finish(plan, error);
  const PinnaSessionConfig session = {.plan = plan, .device = self->config.device};
  status = status ? status : pinna_session_open(&self->session, &session, error);
  pinna_plan_free(plan);
  if (!status) {
    self->x = pinna_session_tensor(self->session, "x");
    self->logits = pinna_session_tensor(self->session, "logits");
  }
  return status;
}

/// All outputs, or those wanted
static PinnaStatus
choose(PinnaWav2vec2Chunks* const self, PinnaError* const error) {
  const bool     all = !self->config.columns;
  const uint32_t n = all ? self->n_labels : self->config.n_columns;
  self->columns = (uint32_t*)calloc(n + 1U, sizeof(uint32_t));
  for (uint32_t i = 0U; self->columns && i < n; ++i) {
    self->columns[i] = all ? i : self->config.columns[i];
    if (self->columns[i] >= self->n_labels) {
      return pinna_fail(error, PINNA_STATUS_BAD_ARG, "the CTC head has %u outputs, not %u",
                        self->n_labels, self->columns[i] + 1U);
    }
  }
  self->config.columns = NULL; // Of the caller
  self->config.n_columns = n;
  return self->columns ? PINNA_STATUS_OK : PINNA_STATUS_NO_MEM;
}

PinnaStatus
pinna_wav2vec2_chunks_new(PinnaWav2vec2Chunks** const self, const PinnaWeights* const weights,
                          const PinnaWav2vec2ChunksConfig* const config, PinnaError* const error) {
  const PinnaTensor* const head = pinna_weights_find(weights, "aux.weight");
  *self = NULL;
  if (!config->step || config->step > MAX_FRAMES || config->left > MAX_FRAMES ||
      config->right > MAX_FRAMES || (config->columns && !config->n_columns)) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "wav2vec2: chunks of no or of too many frames");
  }
  if (!head || head->n_dims != 2U || !head->shape[0] || head->shape[0] > 1U << 20U) {
    return pinna_fail(error, PINNA_STATUS_BAD_FILE,
                      "it has no CTC head (aux, lm_head): pre-trained only, it cannot recognise; "
                      "take a fine-tuned checkpoint");
  }
  PinnaWav2vec2Chunks* const made = (PinnaWav2vec2Chunks*)calloc(1U, sizeof(PinnaWav2vec2Chunks));
  if (!made) {
    return PINNA_STATUS_NO_MEM;
  }
  made->config = *config;
  made->n_labels = (uint32_t)head->shape[0];
  made->n_samples = (config->left + config->step + config->right) * PINNA_WAV2VEC2_HOP +
                    PINNA_WAV2VEC2_REACH - PINNA_WAV2VEC2_HOP;
  made->window = (float*)calloc(made->n_samples, sizeof(float));
  PinnaStatus status = made->window ? choose(made, error) : PINNA_STATUS_NO_MEM;
  status = status ? status : open_session(made, weights, error);
  if (status) {
    pinna_wav2vec2_chunks_free(made);
    return status;
  }
  *self = made;
  return PINNA_STATUS_OK;
}

void
pinna_wav2vec2_chunks_free(PinnaWav2vec2Chunks* const self) {
  if (self) {
    pinna_session_close(self->session);
    free(self->columns);
    free(self->window);
    free(self);
  }
}
