// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_MODELS_REVOICE_LIVE_IMPL_H
#define PINNA_MODELS_REVOICE_LIVE_IMPL_H

#include "models/revoice_live.h"

#define PINNA_REVOICE_LIVE_PIECE 256U
#define PINNA_REVOICE_LIVE_CHANNELS 2U

// Chunks on their way, the delayed sound, and where the fade between them stands

struct PinnaRevoiceLiveImpl {
  PinnaRevoiceLiveConfig config;
  void*                  memory;
  PinnaRevoice*          revoice;
  PinnaNnEngine*         engine;
  uint32_t               chunk;
  uint32_t               budget;
  uint32_t               n_fade;
  uint32_t               latency;
  float*                 mono;   ///< [PINNA_REVOICE_LIVE_PIECE]
  float*                 heard;  ///< [chunk] that plays
  float*                 coming; ///< [chunk] that plays next
  float*                 dry;    ///< [n_channels x n_dry] ring
  uint32_t               n_dry;
  uint32_t               dry_at;
  uint32_t               heard_at;  ///< Next sample of `heard`
  uint32_t               to_due;    ///< Samples until the next chunk is looked at
  uint32_t               to_start;  ///< .. and until `coming` starts
  uint64_t               n_looked;  ///< Chunks looked at
  bool                   is_coming; ///< `coming` is there
  bool                   is_wet;    ///< What is faded to
  float                  fade;      ///< 0: the delayed sound, 1: the new voice
  float                  mix;
  float                  mix_goal;
  float                  mix_part; ///< Way to the goal that is left, for each sample
};

#endif // PINNA_MODELS_REVOICE_LIVE_IMPL_H
