// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr.h"

#include "base/arena.h"
#include "base/caption.h"
#include "base/status.h"
#include "models/acoustic.h"
#include "models/asr_impl.h"
#include "models/decoder.h"

#include <stddef.h>

// Memory of a recogniser

PinnaStatus
pinna_asr_init(PinnaAsr** const self, PinnaArena* const arena, const PinnaAsrConfig* const config) {
  *self = NULL;
  const PinnaAcoustic* const acoustic = &config->acoustic;
  if (!acoustic->run || !acoustic->reset || !acoustic->rate || !acoustic->chunk ||
      !acoustic->n_frames || !acoustic->n_values || !config->decoder.run || !config->max_tokens) {
    return PINNA_STATUS_BAD_ARG;
  }
  PinnaAsr* const     asr = PINNA_TAKE(arena, 1U, PinnaAsr);
  float* const        chunk = PINNA_TAKE(arena, acoustic->chunk, float);
  const size_t        n_values = (size_t)acoustic->n_frames * acoustic->n_values;
  float* const        frames = PINNA_TAKE(arena, n_values, float);
  PinnaDecoderToken*  tokens = PINNA_TAKE(arena, config->max_tokens, PinnaDecoderToken);
  PinnaCaption* const caption = PINNA_TAKE(arena, 1U, PinnaCaption);
  char* const         told = PINNA_TAKE(arena, PINNA_CAPTION_MAX_TEXT, char);
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  *asr = (PinnaAsr){.config = *config,
                    .chunk = chunk,
                    .frames = frames,
                    .tokens = tokens,
                    .caption = caption,
                    .told = told};
  asr->config.transcript.rate = acoustic->rate;
  asr->config.transcript.hop = (double)acoustic->chunk / acoustic->n_frames;
  asr->config.transcript.delay = acoustic->delay;
  pinna_asr_reset(asr);
  *self = asr;
  return PINNA_STATUS_OK;
}
