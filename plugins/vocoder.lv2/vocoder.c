// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/shell.h"
#include "plugins/vocoder.lv2/ports.h"
#include "plugins/vocoder.lv2/vocoder_block.h"
#include "plugins/vocoder.lv2/vocoder_draw.h"

#include <math.h>
#include <string.h>

// The vocoder plugin: its controls become the edits of a PinnaRevoiceLive

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaRevoiceLiveConfig   live = vocoder_config(config);
  const uint32_t                 n = config->variant->n_in;
  VocoderBlock* const            block = PINNA_TAKE(arena, 1U, VocoderBlock);
  VocoderBlock                   parts = {.n_channels = n,
                                          .least = pinna_revoice_live_measure(&live),
                                          .n_ring = (uint32_t)ceil(VOCODER_MAX_LATENCY_S * config->rate) + 1U};
  parts.ring = PINNA_TAKE(arena, (size_t)n * parts.n_ring, float);
  for (uint32_t c = 0U; c < n; ++c) {
    parts.dry[c] = PINNA_TAKE(arena, PINNA_SHELL_CHUNK, float);
  }
  if (!parts.least) {
    return PINNA_STATUS_UNSUPPORTED;
  }
  if (pinna_arena_state(arena)) {
    return pinna_arena_result(arena);
  }
  parts.latency = parts.least;
  parts.mel = config->map ? config->map->map(config->map->handle, VOCODER_MEL_URI) : 0U;
  *block = parts;
  *object = block;
  return PINNA_STATUS_OK;
}

static void
reset(void* const data) {
  VocoderBlock* const block = (VocoderBlock*)data;
  memset(block->ring, 0, (size_t)block->n_channels * block->n_ring * sizeof(float));
  if (block->voice) {
    pinna_revoice_live_reset(block->voice->live);
  }
}

static uint32_t
latency(const void* const data) {
  return ((const VocoderBlock*)data)->n_ring - 1U;
}

static uint32_t
start(void* const data, const float* const values) {
  VocoderBlock* const block = (VocoderBlock*)data;
  (void)values;
  block->latency = block->voice ? pinna_revoice_live_latency(block->voice->live) : block->least;
  return block->latency;
}

static void
set(const VocoderBlock* const block, const PinnaPluginCall* const call) {
  const float* const       v = call->values;
  const PinnaMelEditParams params = {
      .pitch = (double)v[VOCODER_PITCH],
      .formant = (double)v[VOCODER_FORMANT],
      .robot_hz = v[VOCODER_ROBOT] > 0.0f ? (double)v[VOCODER_ROBOT_PITCH] : 0.0,
      .whisper = 0.01 * (double)v[VOCODER_WHISPER],
      .blur = 0.01 * (double)v[VOCODER_BLUR],
      .smooth_s = 0.001 * (double)v[VOCODER_SMOOTH],
      .denoise_db = (double)v[VOCODER_DENOISE],
      .freeze = v[VOCODER_FREEZE] > 0.0f};
  pinna_revoice_set(pinna_revoice_live_stream(block->voice->live), &params);
  pinna_revoice_live_set_mix(block->voice->live, 0.01 * (double)v[VOCODER_MIX], call->fresh);
}

static void
feed(const VocoderBlock* const block, const PinnaEvents* const events) {
  const uint32_t        n_mels = block->voice->loaded.vocoder.features.n_mels;
  const LV2_Atom_Event* event = NULL;
  uint32_t              frame;
  while (block->mel && (event = pinna_event_next(events, VOCODER_CONTROL, event, &frame))) {
    uint32_t           n = 0U;
    const float* const mel = pinna_event_floats(events, event, block->mel, &n);
    for (uint32_t at = 0U; mel && at + n_mels <= n; at += n_mels) {
      pinna_revoice_feed(pinna_revoice_live_stream(block->voice->live), mel + at);
    }
  }
}

/// Frames for the picture; a new one every 50 ms or so
static void
look(VocoderBlock* const block, bool* const redraw) {
  PinnaRevoiceLook frame;
  while (pinna_revoice_look(pinna_revoice_live_stream(block->voice->live), &frame)) {
    const uint32_t         n = atomic_load_explicit(&block->n_shown, memory_order_relaxed);
    _Atomic uint8_t* const column = block->shown[n % VOCODER_N_SHOWN];
    for (uint32_t i = 0U; i < PINNA_REVOICE_BANDS; ++i) {
      atomic_store_explicit(&column[i], frame.said[i], memory_order_relaxed);
      atomic_store_explicit(&column[PINNA_REVOICE_BANDS + i], frame.spoken[i],
                            memory_order_relaxed);
    }
    atomic_store_explicit(&block->n_shown, n + 1U, memory_order_release);
    *redraw = *redraw || n % 5U == 0U;
  }
}

/// The sound, as late as the host was told
static void
delay(VocoderBlock* const block, const PinnaPluginCall* const call) {
  for (uint32_t i = 0U; i < call->n_frames; ++i) {
    const uint32_t from = block->at + block->n_ring - block->latency;
    for (uint32_t c = 0U; c < block->n_channels; ++c) {
      float* const ring = block->ring + (size_t)c * block->n_ring;
      ring[block->at] = call->in[c][i];
      block->dry[c][i] = ring[from < block->n_ring ? from : from - block->n_ring];
    }
    block->at = block->at + 1U < block->n_ring ? block->at + 1U : 0U;
  }
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  VocoderBlock* const block = (VocoderBlock*)data;
  PinnaNnEngineHealth health = {0};
  pinna_file_want(call->file);
  delay(block, call);
  if (block->voice) {
    PinnaRevoiceLive* const live = block->voice->live;
    set(block, call);
    feed(block, call->events);
    pinna_revoice_live_set_offline(live, call->freewheel);
    pinna_revoice_live_run(live, call->in, (const float* const*)block->dry, call->out,
                           call->n_frames);
    health = pinna_revoice_live_health(live);
    look(block, call->redraw);
  } else {
    for (uint32_t c = 0U; c < block->n_channels; ++c) {
      memcpy(call->out[c], block->dry[c], call->n_frames * sizeof(float));
    }
  }
  call->reports[VOCODER_MODEL] = (float)pinna_file_status(call->file);
  call->reports[VOCODER_LATE] = (float)health.n_late;
  call->reports[VOCODER_GAPS] = (float)health.n_gaps;
  call->reports[VOCODER_WORST] = 1000.0f * health.worst_s;
}

static void
rest(void* const data, const bool rests) {
  const VocoderBlock* const block = (const VocoderBlock*)data;
  if (block->voice) {
    pinna_revoice_live_rest(block->voice->live, rests);
  }
}

const PinnaPlugin pinna_plugin = {.info = &pinna_info,
                                  .build = build,
                                  .reset = reset,
                                  .run = run,
                                  .latency = latency,
                                  .start = start,
                                  .rest = rest,
                                  .draw = vocoder_draw,
                                  .file = &vocoder_file};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(VOCODER_MONO_URI),
                                               PINNA_DESCRIPTOR(VOCODER_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
