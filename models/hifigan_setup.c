// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/hifigan.h"

#include "base/status.h"
#include "models/hifigan_impl.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <stdint.h>
#include <stdlib.h>

// Versions, names, memory

static const PinnaVocoderFeatures ljspeech = {.sample_rate = 22050U,
                                              .n_fft = 1024U,
                                              .win_length = 1024U,
                                              .hop_length = 256U,
                                              .n_mels = 80U,
                                              .f_min = 0.0F,
                                              .f_max = 8000.0F,
                                              .floor = 1e-5F,
                                              .epsilon = 1e-9F};

PinnaHifiganNet
pinna_hifigan_version(const uint32_t version) {
  PinnaHifiganNet net = {.in_channels = 80U,
                         .n_upsamples = 4U,
                         .upsample_rates = {8U, 8U, 2U, 2U},
                         .upsample_kernel_sizes = {16U, 16U, 4U, 4U},
                         .upsample_initial_channel = version == 1U ? 512U : 128U,
                         .n_resblocks = 3U,
                         .resblock_kernel_sizes = {3U, 7U, 11U},
                         .n_dilations = 3U,
                         .resblock_dilation_sizes = {{1U, 3U, 5U}, {1U, 3U, 5U}, {1U, 3U, 5U}},
                         .resblock_type = 1U,
                         .lrelu_slope = 0.1F};
  if (version == 3U) {
    net = (PinnaHifiganNet){.in_channels = 80U,
                            .n_upsamples = 3U,
                            .upsample_rates = {8U, 8U, 4U},
                            .upsample_kernel_sizes = {16U, 16U, 8U},
                            .upsample_initial_channel = 256U,
                            .n_resblocks = 3U,
                            .resblock_kernel_sizes = {3U, 5U, 7U},
                            .n_dilations = 2U,
                            .resblock_dilation_sizes = {{1U, 2U}, {2U, 6U}, {3U, 12U}},
                            .resblock_type = 2U,
                            .lrelu_slope = 0.1F};
  }
  return net;
}

PinnaStatus
pinna_hifigan_prepare(PinnaWeights* const weights, PinnaHifiganNet* const net,
                      PinnaError* const error) {
  static const PinnaRename rules[] = {{"generator.*", "*"}, {"module.*", "*"}};
  PinnaStatus              status = pinna_weights_rename(weights, rules, 2U, error);
  status = status ? status : pinna_weights_fold_norm(weights, error);
  if (status) {
    return status;
  }
  const PinnaTensor* const first = pinna_weights_find(weights, "conv_pre.weight");
  for (uint32_t version = 1U; first && version <= 3U; ++version) {
    *net = pinna_hifigan_version(version);
    if (first->n_dims == 3U && first->shape[0] == net->upsample_initial_channel) {
      return PINNA_STATUS_OK;
    }
  }
  return pinna_fail(error, PINNA_STATUS_BAD_FILE, "these weights are not of HiFi-GAN V1, V2 or V3");
}

/// A session for chunks of the network in `config`
static PinnaStatus
open_network(PinnaHifigan* const h, const PinnaHifiganConfig* const config,
             PinnaError* const error) {
  PinnaHifiganNet net;
  PinnaStatus     status = pinna_hifigan_prepare(config->weights, &net, error);
  if (status) {
    return status;
  }
  PinnaPlan* const plan = pinna_plan_new();
  if (!plan) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a plan");
  }
  h->delay = pinna_hifigan_describe(plan, config->weights, &net, h->n_frames);
  status = pinna_plan_finish(plan, error);
  if (!status) {
    const PinnaSessionConfig session = {.plan = plan, .device = config->device};
    h->macs = pinna_plan_facts(plan).macs;
    status = pinna_session_open(&h->session, &session, error);
  }
  pinna_plan_free(plan);
  return status;
}

PinnaStatus
pinna_hifigan_open(PinnaHifigan** const self, const PinnaHifiganConfig* const config,
                   PinnaError* const error) {
  *self = NULL;
  if (!config->n_frames || config->n_frames > 1024U) {
    return pinna_fail(error, PINNA_STATUS_BAD_ARG, "HiFi-GAN takes chunks of 1 to 1024 frames");
  }
  PinnaHifigan* const h = (PinnaHifigan*)calloc(1U, sizeof(PinnaHifigan));
  if (!h) {
    return pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for HiFi-GAN");
  }
  h->n_frames = config->n_frames;
  h->features = config->features.hop_length ? config->features : ljspeech;
  PinnaStatus status = open_network(h, config, error);
  if (!status && (h->features.hop_length != 256U || h->features.n_mels != 80U)) {
    status = pinna_fail(error, PINNA_STATUS_BAD_ARG, "HiFi-GAN makes 256 samples of 80 bands");
  }
  if (status) {
    pinna_hifigan_close(h);
    return status;
  }
  h->mel = pinna_session_tensor(h->session, "mel");
  h->span = pinna_session_tensor(h->session, "span");
  h->samples = pinna_session_tensor(h->session, "samples");
  pinna_hifigan_vocoder(h).reset(h);
  *self = h;
  return PINNA_STATUS_OK;
}

void
pinna_hifigan_close(PinnaHifigan* const self) {
  if (self) {
    pinna_session_close(self->session);
    free(self);
  }
}
