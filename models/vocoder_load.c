// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/vocoder_load.h"

#include "base/cpu.h"
#include "base/status.h"
#include "models/hifigan.h"
#include "models/vocoder_small.h"
#include "models/wavernn.h"
#include "nn/session.h"
#include "nn/weights.h"

#include <string.h>

// Which network a file holds, and that network as a vocoder

static void
close_small(void* const object) {
  pinna_vocoder_small_close((PinnaVocoderSmall*)object);
}

static void
close_hifigan(void* const object) {
  pinna_hifigan_close((PinnaHifigan*)object);
}

static void
close_wavernn(void* const object) {
  pinna_wavernn_free((PinnaWavernn*)object);
}

static PinnaStatus
load_small(PinnaLoadedVocoder* const loaded, const PinnaVocoderLoad* const config,
           const PinnaWeights* const weights, PinnaError* const error) {
  PinnaVocoderSmall* small = NULL;
  const PinnaStatus  status = pinna_vocoder_small_open(&small, weights, config->device, error);
  if (!status) {
    *loaded = (PinnaLoadedVocoder){pinna_vocoder_small_vocoder(small), "vocoder_small",
                                   pinna_session_is_realtime(pinna_vocoder_small_session(small)),
                                   small, close_small};
  }
  return status;
}

static PinnaStatus
load_hifigan(PinnaLoadedVocoder* const loaded, const PinnaVocoderLoad* const config,
             PinnaWeights* const weights, PinnaError* const error) {
  const PinnaHifiganConfig hifigan = {.weights = weights,
                                      .device = config->device,
                                      .n_frames = config->n_frames ? config->n_frames : 1U};
  PinnaHifigan*            object = NULL;
  const PinnaStatus        status = pinna_hifigan_open(&object, &hifigan, error);
  if (!status) {
    *loaded = (PinnaLoadedVocoder){pinna_hifigan_vocoder(object), "hifigan",
                                   pinna_session_is_realtime(pinna_hifigan_session(object)), object,
                                   close_hifigan};
  }
  return status;
}

static PinnaStatus
load_wavernn(PinnaLoadedVocoder* const loaded, const PinnaVocoderLoad* const config,
             const PinnaWeights* const weights, PinnaError* const error) {
  const PinnaWavernnConfig wavernn = {
      weights, config->precision, pinna_cpu_isa(), PINNA_WAVERNN_CLASSES, config->seed, true};
  PinnaWavernn*     object = NULL;
  const PinnaStatus status = pinna_wavernn_new(&object, &wavernn, error);
  if (!status) {
    *loaded = (PinnaLoadedVocoder){pinna_wavernn_vocoder(object), "wavernn", false, object,
                                   close_wavernn};
  }
  return status;
}

static bool
has_tensor(const PinnaWeights* const weights, const char* const part) {
  for (size_t i = 0U; i < pinna_weights_count(weights); ++i) {
    if (strstr(pinna_weights_name(weights, i), part)) {
      return true;
    }
  }
  return false;
}

PinnaStatus
pinna_vocoder_load(PinnaLoadedVocoder* const loaded, const PinnaVocoderLoad* const config,
                   PinnaError* const error) {
  PinnaWeights* weights = NULL;
  memset(loaded, 0, sizeof(*loaded));
  if (!config->path) {
    return load_small(loaded, config, NULL, error);
  }
  PinnaStatus status = pinna_weights_open(&weights, config->path, error);
  if (status) {
    return status;
  }
  if (has_tensor(weights, "upsample.resnet.melresnet_model")) {
    status = load_wavernn(loaded, config, weights, error);
  } else if (has_tensor(weights, "conv_pre.") && has_tensor(weights, "ups.0.")) {
    status = load_hifigan(loaded, config, weights, error);
  } else if (has_tensor(weights, "blocks.0.")) {
    status = load_small(loaded, config, weights, error);
  } else {
    status = pinna_fail(error, PINNA_STATUS_BAD_FILE,
                        "%s holds no vocoder that is known: HiFi-GAN (conv_pre, ups), WaveRNN "
                        "(upsample.resnet) or Pinna's own (blocks)",
                        config->path);
  }
  pinna_weights_free(weights);
  return status;
}

void
pinna_vocoder_unload(PinnaLoadedVocoder* const loaded) {
  if (loaded->close) {
    loaded->close(loaded->object);
  }
  memset(loaded, 0, sizeof(*loaded));
}
