// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/bench_nn.h"

#include "models/asr_small.h"
#include "models/conv_tasnet.h"
#include "models/dtln.h"
#include "models/embedded.h"
#include "models/gtcrn.h"
#include "models/mask.h"
#include "models/silero.h"
#include "models/vocoder_small.h"
#include "models/wav2vec2.h"
#include "models/wav2vec2_names.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Which network a file's tensors are of

typedef struct {
  const char* name;
  const char* tensor; ///< That this network has and no other
  void (*describe)(PinnaPlan* plan, const PinnaWeights* weights);
  double seconds;
} Known;

#define WAV2VEC2_SECONDS 1.0
#define TASNET_RATE 8000.0
#define TASNET_SECONDS 1.0

static const Known knowns[] = {
    {"Silero VAD", "stft_conv.weight", pinna_silero_describe,
     (double)PINNA_SILERO_CHUNK / PINNA_SILERO_RATE},
    {"GTCRN", "erb.erb_fc.weight", pinna_gtcrn_describe,
     (double)PINNA_GTCRN_HOP / PINNA_GTCRN_RATE},
};

/// Weights that are built in, by their names
static const Known embedded[] = {
    {"mask of denoise", "denoise_mask", pinna_mask_describe,
     (double)PINNA_MASK_HOP / PINNA_MASK_RATE},
    {"small recogniser", "asr_small", pinna_asr_small_describe,
     (double)PINNA_ASR_SMALL_CHUNK / PINNA_ASR_SMALL_RATE},
    {"small vocoder", "vocoder_small", pinna_vocoder_small_describe, 0.01},
};

static bool
has(const PinnaWeights* const weights, const char* const name) {
  return pinna_weights_find(weights, name) != NULL;
}

/// Networks whose run is as long as one likes. @return Whether it is one of them
static bool
describe_open(PinnaPlan* const plan, PinnaWeights* const weights, const double seconds,
              CliNetwork* const network, PinnaStatus* const status, PinnaError* const error) {
  if (has(weights, "mask_generator.input_conv.weight")) {
    network->seconds = seconds > 0.0 ? seconds : TASNET_SECONDS;
    const PinnaConvTasnetConfig config = {.n_samples =
                                              (uint32_t)lrint(network->seconds * TASNET_RATE)};
    network->name = "Conv-TasNet, whole, 8 kHz";
    pinna_conv_tasnet_describe(plan, weights, &config);
    return true;
  }
  *status = pinna_weights_fold_norm(weights, error);
  *status = *status ? *status : pinna_wav2vec2_rename(weights, error);
  if (*status || has(weights, "encoder.transformer.pos_conv_embed.conv.weight")) {
    network->seconds = seconds > 0.0 ? seconds : WAV2VEC2_SECONDS;
    const PinnaWav2vec2Config config = {
        .n_samples = (uint32_t)lrint(network->seconds * PINNA_WAV2VEC2_RATE)};
    network->name = "wav2vec 2.0 or HuBERT";
    if (!*status) {
      pinna_wav2vec2_describe(plan, weights, &config);
    }
    return true;
  }
  return false;
}

PinnaStatus
cli_network_open(const char* const path, const double seconds, PinnaPlan* const plan,
                 CliNetwork* const network, PinnaError* const error) {
  PinnaWeights* weights = NULL;
  PinnaStatus   status = pinna_weights_open(&weights, path, error);
  if (status) {
    return status;
  }
  bool is_known = false;
  for (size_t i = 0U; !is_known && i < sizeof(knowns) / sizeof(knowns[0]); ++i) {
    if (has(weights, knowns[i].tensor)) {
      *network = (CliNetwork){knowns[i].name, knowns[i].seconds};
      knowns[i].describe(plan, weights);
      is_known = true;
    }
  }
  is_known = is_known || describe_open(plan, weights, seconds, network, &status, error);
  if (!is_known) {
    status = pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                        "%s: tensors of no network that can be measured", path);
  }
  pinna_weights_free(weights);
  return status ? status : pinna_plan_finish(plan, error);
}

PinnaStatus
cli_network_embedded(const char* const name, PinnaPlan* const plan, CliNetwork* const network,
                     PinnaError* const error) {
  for (size_t i = 0U; i < sizeof(embedded) / sizeof(embedded[0]); ++i) {
    if (!strcmp(name, embedded[i].tensor)) {
      PinnaWeights*     weights = NULL;
      const PinnaStatus status = pinna_embedded_open(&weights, name, error);
      if (status) {
        return status;
      }
      *network = (CliNetwork){embedded[i].name, embedded[i].seconds};
      embedded[i].describe(plan, weights);
      pinna_weights_free(weights);
      return pinna_plan_finish(plan, error);
    }
  }
  return PINNA_STATUS_NOT_FOUND;
}
