// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/wav2vec2_names.h"

#include "base/status.h"
#include "nn/weights.h"

#include <string.h>

// Tables of names, and how each layout is known

#define N_RULES(table) (sizeof(table) / sizeof((table)[0]))

static const PinnaRename huggingface_prefixes[] = {{"wav2vec2.*", "*"}, {"hubert.*", "*"}};

static const PinnaRename huggingface[] = {
    {"feature_projection.*", "encoder.feature_projection.*"},
    {"encoder.*", "encoder.transformer.*"},
    {"lm_head.*", "aux.*"},
    {"masked_spec_embed", ""},
    {"quantizer.*", ""},
    {"project_q.*", ""},
    {"project_hid.*", ""},
};

static const PinnaRename fairseq_prefixes[] = {
    {"w2v_encoder.w2v_model.*", "*"}, {"w2v_encoder.*", "*"}, {"w2v_model.*", "*"}};

static const PinnaRename fairseq[] = {
    {"mask_emb*", ""},
    {"quantizer*", ""},
    {"project_q*", ""},
    {"final_proj*", ""},
    {"feature_extractor.conv_layers.0.2.weight",
     "feature_extractor.conv_layers.0.layer_norm.weight"},
    {"feature_extractor.conv_layers.0.2.bias", "feature_extractor.conv_layers.0.layer_norm.bias"},
    {"feature_extractor.conv_layers.#.0.*", "feature_extractor.conv_layers.#.conv.*"},
    {"feature_extractor.conv_layers.#.2.1.*", "feature_extractor.conv_layers.#.layer_norm.*"},
    {"post_extract_proj.*", "encoder.feature_projection.projection.*"},
    {"layer_norm.*", "encoder.feature_projection.layer_norm.*"},
    {"encoder.pos_conv.0.*", "encoder.transformer.pos_conv_embed.conv.*"},
    {"encoder.layer_norm.*", "encoder.transformer.layer_norm.*"},
    {"encoder.layers.#.self_attn.*", "encoder.transformer.layers.#.attention.*"},
    {"encoder.layers.#.self_attn_layer_norm.*", "encoder.transformer.layers.#.layer_norm.*"},
    {"encoder.layers.#.fc1.*", "encoder.transformer.layers.#.feed_forward.intermediate_dense.*"},
    {"encoder.layers.#.fc2.*", "encoder.transformer.layers.#.feed_forward.output_dense.*"},
    {"encoder.layers.#.final_layer_norm.*", "encoder.transformer.layers.#.final_layer_norm.*"},
    {"proj.*", "aux.*"},
};

PinnaWav2vec2Layout
pinna_wav2vec2_layout(const PinnaWeights* const weights) {
  static const struct {
    const char*         begin;
    PinnaWav2vec2Layout layout;
  } signs[] = {
      {"wav2vec2.", PINNA_WAV2VEC2_HUGGINGFACE},           {"hubert.", PINNA_WAV2VEC2_HUGGINGFACE},
      {"feature_projection.", PINNA_WAV2VEC2_HUGGINGFACE}, {"w2v_", PINNA_WAV2VEC2_FAIRSEQ},
      {"post_extract_proj.", PINNA_WAV2VEC2_FAIRSEQ},
  };

  for (size_t s = 0U; s < N_RULES(signs); ++s) {
    for (size_t i = 0U; i < pinna_weights_count(weights); ++i) {
      if (!strncmp(pinna_weights_name(weights, i), signs[s].begin, strlen(signs[s].begin))) {
        return signs[s].layout;
      }
    }
  }
  return PINNA_WAV2VEC2_TORCHAUDIO;
}

PinnaStatus
pinna_wav2vec2_rename(PinnaWeights* const weights, PinnaError* const error) {
  PinnaStatus status = PINNA_STATUS_OK;
  switch (pinna_wav2vec2_layout(weights)) {
  case PINNA_WAV2VEC2_HUGGINGFACE:
    status =
        pinna_weights_rename(weights, huggingface_prefixes, N_RULES(huggingface_prefixes), error);
    return status ? status
                  : pinna_weights_rename(weights, huggingface, N_RULES(huggingface), error);
  case PINNA_WAV2VEC2_FAIRSEQ:
    status = pinna_weights_rename(weights, fairseq_prefixes, N_RULES(fairseq_prefixes), error);
    return status ? status : pinna_weights_rename(weights, fairseq, N_RULES(fairseq), error);
  default:
    return PINNA_STATUS_OK;
  }
}
