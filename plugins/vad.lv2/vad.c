// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/vad.h"
#include "dsp/smooth.h"
#include "models/neural_vad.h"
#include "plugins/common/shell.h"
#include "plugins/vad.lv2/ports.h"

#include <math.h>

// The voice detector plugin: a network or statistics say how likely, a gate follows

enum { GRID = 64 }; ///< Samples from look to look, however the host cuts time

typedef struct {
  double          rate;
  uint32_t        n_channels;
  LV2_URID        event;
  PinnaNeuralVad* net; ///< Or NULL
  PinnaVad*       statistics;
  uint32_t        at; ///< Samples since the last look
  float           probability;
  bool            is_active;
  uint32_t        held; ///< Samples that activity still lasts
  uint32_t        n_starts;
  PinnaSmoothStep step;
  PinnaSmooth     gain_db;
  float           mono[GRID];
} Vad;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const double                   rate = config->rate;
  const PinnaVadConfig           plan = {.sample_rate = rate < 192000.0 ? rate : 192000.0};
  Vad                            parts = {.rate = rate, .n_channels = config->variant->n_in};
  Vad* const                     vad = PINNA_TAKE(arena, 1U, Vad);
  const PinnaStatus              status = pinna_vad_init(&parts.statistics, arena, &plan);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  parts.event = config->map ? config->map->map(config->map->handle, VAD_EVENT_URI) : 0U;
  parts.step = pinna_smooth_plan(PINNA_SMOOTH_TAU, rate, 1U);
  *vad = parts;
  *object = vad;
  return PINNA_STATUS_OK;
}

static void
reset(void* const data) {
  Vad* const vad = (Vad*)data;
  pinna_vad_reset(vad->statistics);
  if (vad->net) {
    pinna_neural_vad_reset(vad->net);
  }
  vad->at = 0U;
  vad->probability = 0.0f;
  vad->is_active = false;
  vad->held = 0U;
  vad->n_starts = 0U;
}

/// New probabilities, if there are any, then threshold and hold
static void
look(Vad* const vad, const PinnaPluginCall* const call, const uint32_t frame) {
  float most = -1.0f;
  float p;
  while (vad->net && pinna_neural_vad_next(vad->net, &p)) {
    most = fmaxf(most, p);
    vad->probability = p;
  }
  if (!vad->net) {
    most = vad->probability = pinna_vad_probability(vad->statistics);
  }

  const float threshold = call->values[VAD_THRESHOLD];
  const float wanted = vad->is_active ? threshold - 0.15f : threshold;
  const bool  was_active = vad->is_active;
  vad->held = vad->held > GRID ? vad->held - GRID : 0U;
  if (most >= wanted || (was_active && most < 0.0f && vad->probability >= wanted)) {
    vad->held = (uint32_t)(0.001 * (double)call->values[VAD_HOLD] * vad->rate) + GRID;
  }
  vad->is_active = vad->held > 0U;
  if (vad->is_active != was_active) {
    const float told[2] = {vad->is_active ? 1.0f : 0.0f, vad->probability};
    vad->n_starts += vad->is_active;
    pinna_event_send(call->events, VAD_NOTIFY, frame, vad->event, told, 2U);
  }
}

static void
take_mono(Vad* const vad, const PinnaPluginCall* const call, const uint32_t n_channels,
          const uint32_t from, const uint32_t n) {
  const float share = 1.0f / (float)n_channels;
  for (uint32_t i = 0U; i < n; ++i) {
    vad->mono[i] = call->in[0][from + i] * share;
    for (uint32_t c = 1U; c < n_channels; ++c) {
      vad->mono[i] += call->in[c][from + i] * share;
    }
  }
}

/// The next n samples of `mono`, up to frame `end` of the call: a look is due there, or later
static void
listen(Vad* const vad, const PinnaPluginCall* const call, const uint32_t end, const uint32_t n) {
  if (vad->net) {
    pinna_neural_vad_push(vad->net, vad->mono, n);
  } else {
    pinna_vad_run(vad->statistics, vad->mono, n);
  }
  vad->at += n;
  if (vad->at == GRID) {
    vad->at = 0U;
    look(vad, call, end - 1U);
  }
}

static void
pass(Vad* const vad, const PinnaPluginCall* const call, const uint32_t n_channels,
     const uint32_t from, const uint32_t n) {
  const bool   is_closed = call->values[VAD_GATE] > 0.0f && !vad->is_active;
  const double target = is_closed ? -(double)call->values[VAD_RANGE] : 0.0;
  if (vad->gain_db.target != target) {
    pinna_smooth_set(&vad->gain_db, target);
  }
  if (call->fresh && !from) {
    pinna_smooth_snap(&vad->gain_db, target);
  }
  float      gain[GRID];
  const bool is_open = target == 0.0 && pinna_smooth_is_near(&vad->gain_db, 0.0);
  if (!is_open) {
    pinna_smooth_run(&vad->gain_db, &vad->step, 1e-4, gain, n);
    for (uint32_t i = 0U; i < n; ++i) {
      gain[i] = powf(10.0f, 0.05f * gain[i]);
    }
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    const float* const in = call->in[c] + from;
    float* const       out = call->out[c] + from;
    for (uint32_t i = 0U; i < n; ++i) {
      out[i] = is_open ? in[i] : in[i] * gain[i];
    }
  }
}

static void
report(const Vad* const vad, const PinnaPluginCall* const call) {
  PinnaNnEngineHealth health = {.mode = PINNA_NN_ENGINE_AUTO};
  if (vad->net) {
    health = pinna_neural_vad_health(vad->net);
  }
  call->reports[VAD_PROBABILITY] = vad->probability;
  call->reports[VAD_ACTIVE] = vad->is_active ? 1.0f : 0.0f;
  call->reports[VAD_STARTS] = (float)vad->n_starts;
  call->reports[VAD_DETECTOR] = vad->net ? 1.0f : 0.0f;
  call->reports[VAD_MODEL] = (float)pinna_file_status(call->file);
  call->reports[VAD_ENGINE] = (float)health.mode;
  call->reports[VAD_LATE] = (float)health.n_late;
  call->reports[VAD_GAPS] = (float)health.n_gaps;
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  Vad* const     vad = (Vad*)data;
  const uint32_t n_channels = vad->n_channels;
  if (vad->net) {
    pinna_neural_vad_set_offline(vad->net, call->freewheel);
  }
  for (uint32_t i = 0U; i < call->n_frames;) {
    const uint32_t left = call->n_frames - i;
    const uint32_t n = left < GRID - vad->at ? left : GRID - vad->at;
    take_mono(vad, call, n_channels, i, n);
    pass(vad, call, n_channels, i, n);
    listen(vad, call, i + n, n);
    i += n;
  }
  report(vad, call);
}

static void*
open_net(const PinnaPluginConfig* const config, const char* const path, PinnaError* const error) {
  const PinnaNeuralVadConfig plan = {
      .rate = config->rate, .block_s = config->nominal_block / config->rate, .path = path};
  PinnaNeuralVad* net = NULL;
  if (!*path) { // None is built in
    return NULL;
  }
  return pinna_neural_vad_open(&net, &plan, error) ? NULL : net;
}

static void
close_net(void* const net) {
  pinna_neural_vad_close((PinnaNeuralVad*)net);
}

static void*
swap_net(void* const block, void* const net) {
  Vad* const  vad = (Vad*)block;
  void* const old = vad->net;
  vad->net = (PinnaNeuralVad*)net;
  return old;
}

static const PinnaPluginFile vad_file = {.open = open_net, .close = close_net, .swap = swap_net};

static void
rest(void* const data, const bool rests) {
  const Vad* const vad = (const Vad*)data;
  if (vad->net) {
    pinna_neural_vad_rest(vad->net, rests);
  }
}

const PinnaPlugin pinna_plugin = {.info = &pinna_info,
                                  .build = build,
                                  .reset = reset,
                                  .run = run,
                                  .rest = rest,
                                  .file = &vad_file};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(VAD_MONO_URI),
                                               PINNA_DESCRIPTOR(VAD_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
