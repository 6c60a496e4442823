// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_live.h"

#include "models/asr_live_impl.h"

#include <string.h>

// Sound to the worker, captions back

#define BEHIND_S 0.75 ///< Told from here on ..
#define CAUGHT_S 0.2  ///< .. until here

/// The mean of several channels
static const float*
mix(PinnaAsrLive* const self, const float* const* const in, const uint32_t at, const uint32_t n) {
  const uint32_t n_channels = self->config.n_channels;
  const float    share = 1.0F / (float)n_channels;
  float* const   mono = self->mono;
  memcpy(mono, in[0] + at, n * sizeof(float));
  for (uint32_t c = 1U; c < n_channels; ++c) {
    const float* const more = in[c] + at;
    for (uint32_t i = 0U; i < n; ++i) {
      mono[i] += more[i];
    }
  }
  for (uint32_t i = 0U; i < n; ++i) {
    mono[i] *= share;
  }
  return mono;
}

void
pinna_asr_live_push(PinnaAsrLive* const self, const float* const* const in,
                    const uint32_t n_frames) {
  if (self->config.n_channels == 1U) {
    pinna_nn_engine_push(self->engine, in, n_frames);
    self->n_pushed += n_frames;
    return;
  }
  for (uint32_t at = 0U; at < n_frames;) {
    const uint32_t     left = n_frames - at;
    const uint32_t     n = left < PINNA_ASR_LIVE_PIECE ? left : PINNA_ASR_LIVE_PIECE;
    const float* const mono = mix(self, in, at, n);
    pinna_nn_engine_push(self->engine, &mono, n);
    self->n_pushed += n;
    at += n;
  }
}

double
pinna_asr_live_lag(const PinnaAsrLive* const self) {
  const PinnaNnEngineHealth health = pinna_nn_engine_health(self->engine);
  return (double)health.lag * self->chunk / self->config.rate;
}

static const PinnaCaption*
tell_behind(PinnaAsrLive* const self) {
  if (!self->is_behind && pinna_nn_engine_health(self->engine).lag < 2U) {
    return NULL; // As nearly always
  }
  const double lag = pinna_asr_live_lag(self);
  if (self->is_behind) {
    self->is_behind = lag > CAUGHT_S;
    return NULL;
  }
  if (lag < BEHIND_S) {
    return NULL;
  }
  PinnaCaption* const caption = self->caption;
  memset(caption, 0, sizeof(*caption));
  caption->kind = PINNA_CAPTION_BEHIND;
  caption->rate = (uint32_t)(self->config.rate + 0.5);
  caption->end = self->origin + self->n_pushed;
  caption->start = caption->end - (uint64_t)(lag * self->config.rate);
  self->is_behind = true;
  return caption;
}

const PinnaCaption*
pinna_asr_live_next(PinnaAsrLive* const self) {
  PinnaCaption* const caption = self->caption;
  PinnaMessage        head;
  if (!pinna_ring_pop(self->told, &head, caption, sizeof(*caption))) {
    return tell_behind(self);
  }
  caption->start += self->origin;
  caption->end += self->origin;
  for (uint32_t i = 0U; i < caption->n_words; ++i) {
    caption->words[i].start += self->origin;
    caption->words[i].end += self->origin;
  }
  return caption;
}

void
pinna_asr_live_set_offline(PinnaAsrLive* const self, const bool offline) {
  pinna_nn_engine_set_offline(self->engine, offline);
}

PinnaNnEngineHealth
pinna_asr_live_health(const PinnaAsrLive* const self) {
  return pinna_nn_engine_health(self->engine);
}

void
pinna_asr_live_reset(PinnaAsrLive* const self) {
  PinnaMessage head;
  pinna_nn_engine_reset(self->engine);
  while (pinna_ring_pop(self->told, &head, NULL, 0U)) {
  }
  self->n_pushed = 0U;
  self->origin = 0U;
  self->is_behind = false;
}

void
pinna_asr_live_begin(PinnaAsrLive* const self, const uint64_t origin) {
  self->origin = origin;
}
