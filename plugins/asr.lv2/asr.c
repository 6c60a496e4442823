// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/asr_live.h"
#include "plugins/asr.lv2/ports.h"
#include "plugins/common/caption.h"
#include "plugins/common/caption_out.h"
#include "plugins/common/shell.h"

#include <math.h>
#include <string.h>

// The recogniser plugin: the same sound out, and captions beside it

#define LEVEL_S 0.3
#define EARLY_S 1.0 ///< Sound kept while the model is being opened
#define STEP_S 0.01 ///< Between two levels
#define N_LANES 8U
#define N_AT_ONCE 4U ///< Captions in one chunk; the rest wait for the next
#define LINGER_S 4.0 ///< Behind the end, for who still speaks
#define EXPORT_S 0.5 ///< Less is no recording
#define SILENCE 256U

typedef struct {
  float*            early[2]; ///< [n_channels x max_early] sound before the model was there
  uint32_t          n_early;
  uint32_t          max_early;
  uint64_t          n_seen; ///< Frames since activation
  bool              is_new; ///< The model has heard nothing yet
  PinnaAsrLive*     live;   ///< Or NULL
  uint32_t          n_channels;
  double            rate;
  uint32_t          n_step;     ///< Frames between two levels
  uint32_t          n_measured; ///< Since the last
  float             energy;     ///< Of these
  float             power;
  float             n_finals;
  PinnaCaptionUrids urids;
  PinnaCaptionOut*  out;
  bool              is_export; ///< Freewheeling, or it was last
} Asr;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const uint32_t                 n = config->variant->n_in;
  const uint32_t                 max_early = (uint32_t)(EARLY_S * config->rate);
  Asr* const                     asr = PINNA_TAKE(arena, 1U, Asr);
  float* const                   early = PINNA_TAKE(arena, (size_t)n * max_early, float);
  PinnaCaptionOut*               out = NULL;
  const PinnaStatus              status = pinna_caption_out_init(&out, arena, config);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  asr->out = out;
  asr->n_channels = config->variant->n_in;
  asr->rate = config->rate;
  asr->max_early = max_early;
  asr->n_step = (uint32_t)(STEP_S * config->rate);
  for (uint32_t c = 0U; c < n; ++c) {
    asr->early[c] = early + (size_t)c * max_early;
  }
  pinna_caption_map(&asr->urids, config->map);
  *object = asr;
  return PINNA_STATUS_OK;
}

static void
reset(void* const data) {
  Asr* const asr = (Asr*)data;
  asr->power = 0.0f;
  asr->energy = 0.0f;
  asr->n_measured = 0U;
  asr->n_finals = 0.0f;
  asr->n_early = 0U;
  asr->n_seen = 0U;
  pinna_caption_out_reset(asr->out);
  if (asr->live) {
    pinna_asr_live_reset(asr->live);
  }
}

/// Until the model is there the sound waits for it, as far as there is room
static void
keep(Asr* const asr, const PinnaPluginCall* const call) {
  const uint32_t room = asr->max_early - asr->n_early;
  const uint32_t n = call->n_frames < room ? call->n_frames : room;
  for (uint32_t c = 0U; c < asr->n_channels; ++c) {
    memcpy(asr->early[c] + asr->n_early, call->in[c], n * sizeof(float));
  }
  asr->n_early += n;
}

static void
listen(Asr* const asr, const PinnaPluginCall* const call) {
  const float* early[2] = {asr->early[0], asr->early[1]};
  if (asr->is_new) { // What was kept ends just before this call, unless the room ran out
    const bool is_whole = asr->n_early < asr->max_early;
    asr->n_early = is_whole ? asr->n_early : 0U;
    pinna_asr_live_begin(asr->live, asr->n_seen - asr->n_early);
    pinna_asr_live_push(asr->live, early, asr->n_early);
    asr->n_early = 0U;
    asr->is_new = false;
  }
  pinna_asr_live_push(asr->live, call->in, call->n_frames);
}

static void
send(Asr* const asr, const PinnaPluginCall* const call) {
  const uint32_t frame = call->n_frames ? call->n_frames - 1U : 0U;
  for (uint32_t i = 0U; i < N_AT_ONCE; ++i) {
    const PinnaCaption* const caption = pinna_asr_live_next(asr->live);
    if (!caption) {
      return;
    }
    asr->n_finals += caption->kind == PINNA_CAPTION_FINAL ? 1.0f : 0.0f;
    if (caption->kind != PINNA_CAPTION_PARTIAL || call->values[ASR_PARTIALS] > 0.0f) {
      pinna_caption_send(call->events, ASR_CAPTIONS, frame, &asr->urids, caption);
    }
    pinna_caption_out_put(asr->out, caption);
  }
}

/// Energy of n samples, eight sums side by side
static float
energy(const float* const x, const uint32_t n) {
  const uint32_t whole = n - n % N_LANES;
  float          sums[N_LANES] = {0.0f};
  float          sum = 0.0f;
  for (uint32_t i = 0U; i < whole; i += N_LANES) {
#pragma GCC unroll 8
    for (uint32_t k = 0U; k < N_LANES; ++k) {
      sums[k] += x[i + k] * x[i + k];
    }
  }
  for (uint32_t k = 0U; k < N_LANES; ++k) {
    sum += sums[k];
  }
  for (uint32_t i = whole; i < n; ++i) {
    sum += x[i] * x[i];
  }
  return sum;
}

/// What is heard, told every 10 ms
static void
measure(Asr* const asr, const PinnaPluginCall* const call) {
  for (uint32_t c = 0U; c < asr->n_channels; ++c) {
    asr->energy += energy(call->in[c], call->n_frames);
  }
  asr->n_measured += call->n_frames;
  if (asr->n_measured >= asr->n_step) {
    const float part = (float)(1.0 - exp(-(double)asr->n_measured / (LEVEL_S * asr->rate)));
    asr->power += part * (asr->energy / (float)(asr->n_measured * asr->n_channels) - asr->power);
    asr->energy = 0.0f;
    asr->n_measured = 0U;
    call->reports[ASR_LEVEL] = 10.0f * log10f(asr->power + 1e-12f);
  }
}

/// How the recogniser does
static void
report(const Asr* const asr, const PinnaPluginCall* const call) {
  const PinnaNnEngineHealth health =
      asr->live ? pinna_asr_live_health(asr->live) : (PinnaNnEngineHealth){0};
  call->reports[ASR_LAG] = health.lag ? (float)(1000.0 * pinna_asr_live_lag(asr->live)) : 0.0f;
  call->reports[ASR_LATE] = (float)health.n_late;
  call->reports[ASR_GAPS] = (float)health.n_gaps;
  call->reports[ASR_SEGMENTS] = asr->n_finals;
  call->reports[ASR_MODEL] = (float)pinna_file_status(call->file);
  call->reports[ASR_FILE] = (float)pinna_caption_out_status(asr->out);
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  Asr* const asr = (Asr*)data;
  pinna_file_want(call->file);
  measure(asr, call);
  const bool begins = pinna_caption_out_follow(asr->out, call->events, ASR_CONTROL, asr->n_seen);
  if (asr->live) {
    pinna_asr_live_set_offline(asr->live, call->freewheel);
    if (begins && call->freewheel && !asr->is_new) { // An export does not depend on what was before
      pinna_asr_live_reset(asr->live);
      pinna_asr_live_begin(asr->live, asr->n_seen);
    }
    listen(asr, call);
    send(asr, call);
  } else {
    keep(asr, call);
  }
  if (pinna_caption_out_waits(asr->out)) {
    pinna_file_ask(call->file);
  }
  asr->is_export = call->freewheel;
  asr->n_seen += call->n_frames;
  for (uint32_t c = 0U; c < asr->n_channels; ++c) {
    if (call->out[c] != call->in[c]) {
      memcpy(call->out[c], call->in[c], call->n_frames * sizeof(float));
    }
  }
  report(asr, call);
}

static void*
open_model(const PinnaPluginConfig* const config, const char* const path, PinnaError* const error) {
  const PinnaAsrLiveConfig live = {.rate = config->rate,
                                   .n_channels = config->variant->n_in,
                                   .model = *path ? path : NULL,
                                   .hotwords = config->text,
                                   .longest_block_s = config->nominal_block / config->rate,
                                   .mode = PINNA_NN_ENGINE_ASYNC};
  PinnaAsrLive*            asr = NULL;
  return pinna_asr_live_open(&asr, &live, error) ? NULL : asr;
}

static void
close_model(void* const live) {
  pinna_asr_live_close((PinnaAsrLive*)live);
}

static void*
swap_model(void* const data, void* const live) {
  Asr* const  asr = (Asr*)data;
  void* const old = asr->live;
  asr->live = (PinnaAsrLive*)live;
  asr->is_new = true;
  return old;
}

static void
write_to(void* const data, const char* const path) {
  pinna_caption_out_open(((Asr*)data)->out, path);
}

static void
work(void* const data) {
  pinna_caption_out_work(((Asr*)data)->out);
}

/// Who still speaks is heard out, for the file alone
static void
finish(void* const data) {
  Asr* const         asr = (Asr*)data;
  static const float silence[SILENCE];
  const float* const in[2] = {silence, silence};
  const uint64_t     n = (uint64_t)(LINGER_S * asr->rate);
  const bool         hears = asr->live && !asr->is_new && pinna_caption_out_is_on(asr->out);
  if (hears && asr->n_seen) {
    pinna_asr_live_set_offline(asr->live, true);
  }
  for (uint64_t at = 0U; hears && asr->n_seen && at < n; at += SILENCE) {
    const PinnaCaption* caption = NULL;
    pinna_asr_live_push(asr->live, in, SILENCE);
    while ((caption = pinna_asr_live_next(asr->live))) {
      if (caption->start < asr->n_seen) {
        pinna_caption_out_put(asr->out, caption);
      }
    }
    pinna_caption_out_work(asr->out);
  }
  pinna_caption_out_finish(asr->out, asr->is_export && (double)asr->n_seen > EXPORT_S * asr->rate);
  asr->n_seen = 0U; // Once is enough
}

static const PinnaPluginFile asr_file = {open_model, close_model, swap_model, write_to, work};

static void
rest(void* const data, const bool rests) {
  const Asr* const asr = (const Asr*)data;
  if (asr->live) {
    pinna_asr_live_rest(asr->live, rests);
  }
}

const PinnaPlugin pinna_plugin = {.info = &pinna_info,
                                  .build = build,
                                  .reset = reset,
                                  .run = run,
                                  .finish = finish,
                                  .rest = rest,
                                  .file = &asr_file};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(ASR_MONO_URI),
                                               PINNA_DESCRIPTOR(ASR_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
