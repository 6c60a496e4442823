// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_small.h"
#include "plugins/vocoder.lv2/vocoder_block.h"

#include <stdlib.h>

// Vocoders from files, opened and closed beside the audio thread

#define SMALL_LATENCY 800U ///< vocoder_small.h

PinnaRevoiceLiveConfig
vocoder_config(const PinnaPluginConfig* const config) {
  return (PinnaRevoiceLiveConfig){
      .rate = config->rate,
      .n_channels = config->variant->n_in,
      .vocoder = {.features = pinna_vocoder_small_features(), .latency = SMALL_LATENCY},
      .longest_block_s = config->nominal_block / config->rate,
      .mode = PINNA_NN_ENGINE_ASYNC};
}

static void
close_voice(void* const object) {
  VocoderVoice* const voice = (VocoderVoice*)object;
  pinna_revoice_live_free(voice->live);
  pinna_vocoder_unload(&voice->loaded);
  free(voice);
}

static void*
open_voice(const PinnaPluginConfig* const config, const char* const path, PinnaError* const error) {
  const PinnaVocoderLoad load = {.path = *path ? path : NULL, .precision = PINNA_PRECISION_INT8};
  PinnaRevoiceLiveConfig live = vocoder_config(config);
  VocoderVoice* const    voice = (VocoderVoice*)calloc(1U, sizeof(VocoderVoice));
  if (!voice) {
    pinna_fail(error, PINNA_STATUS_NO_MEM, "no memory for a vocoder");
    return NULL;
  }
  live.least_latency = pinna_revoice_live_measure(&live);
  PinnaStatus status = pinna_vocoder_load(&voice->loaded, &load, error);
  if (!status) {
    live.vocoder = voice->loaded.vocoder;
    status = pinna_revoice_live_new(&voice->live, &live);
    if (status) {
      pinna_fail(error, status, "%s: no voice can be made of it at %g Hz", path, config->rate);
    }
  }
  if (!status && pinna_revoice_live_latency(voice->live) > VOCODER_MAX_LATENCY_S * config->rate) {
    status = pinna_fail(error, PINNA_STATUS_UNSUPPORTED,
                        "%s: it would be more than a second late; take a smaller network", path);
  }
  if (status) {
    close_voice(voice);
    return NULL;
  }
  return voice;
}

static void*
swap_voice(void* const data, void* const object) {
  VocoderBlock* const block = (VocoderBlock*)data;
  void* const         old = block->voice;
  block->voice = (VocoderVoice*)object;
  return old;
}

const PinnaPluginFile vocoder_file = {.open = open_voice, .close = close_voice, .swap = swap_voice};
