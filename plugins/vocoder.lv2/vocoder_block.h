// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_VOCODER_VOCODER_BLOCK_H
#define PINNA_PLUGINS_VOCODER_VOCODER_BLOCK_H

#include "models/revoice_live.h"
#include "models/vocoder_load.h"
#include "plugins/common/file.h"

#include <stdatomic.h>
#include <stdint.h>

// What one instance of the vocoder is: the voice that is loaded, and the sound as late as it

#define VOCODER_CHANNELS 2U
#define VOCODER_MAX_LATENCY_S 1.0
#define VOCODER_N_SHOWN 200U ///< Frames in the picture, 2 s of the built-in network's

/// A vocoder and the stream around it
typedef struct {
  PinnaLoadedVocoder loaded;
  PinnaRevoiceLive*  live;
} VocoderVoice;

typedef struct {
  uint32_t      n_channels;
  uint32_t      least;   ///< Latency of what is built in [frames]
  uint32_t      latency; ///< That the host was told last
  uint32_t      n_ring;
  uint32_t      at;
  float*        ring;                  ///< [n_channels x n_ring] the past
  float*        dry[VOCODER_CHANNELS]; ///< [PINNA_SHELL_CHUNK]
  LV2_URID      mel;
  VocoderVoice* voice; ///< Or NULL
  /// The picture: columns of what was said, then of what was spoken, in a ring
  _Atomic uint8_t  shown[VOCODER_N_SHOWN][2U * PINNA_REVOICE_BANDS];
  _Atomic uint32_t n_shown;
} VocoderBlock;

/// What streams of this instance are made with; the vocoder is the caller's
PinnaRevoiceLiveConfig vocoder_config(const PinnaPluginConfig* config);

/// A PinnaPluginFile that opens vocoders
extern const PinnaPluginFile vocoder_file;

#endif // PINNA_PLUGINS_VOCODER_VOCODER_BLOCK_H
