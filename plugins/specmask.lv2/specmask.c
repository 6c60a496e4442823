// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/specmask.h"
#include "plugins/common/shell.h"
#include "plugins/specmask.lv2/ports.h"
#include "plugins/specmask.lv2/specmask_draw.h"
#include "plugins/specmask.lv2/specmask_params.h"

// The spectral mask plugin: its controls become the parameters of a PinnaSpecmask

/// The masker and the state of its button
typedef struct {
  PinnaSpecmask* mask;
  bool           pressed;
  uint32_t       until_redraw; ///< Frames
  uint32_t       redraw_every;
} Specmask;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaSpecmaskConfig      mask_config = {config->rate, config->variant->n_in};
  Specmask* const                self = PINNA_TAKE(arena, 1U, Specmask);
  PinnaSpecmask*                 mask = NULL;
  const PinnaStatus              status = pinna_specmask_init(&mask, arena, &mask_config);
  if (status || pinna_arena_state(arena) != PINNA_STATUS_OK) {
    return status ? status : pinna_arena_result(arena);
  }
  *self = (Specmask){mask, false, 0U, (uint32_t)(config->rate / 25.0)};
  *object = self;
  return PINNA_STATUS_OK;
}

static void
reset(void* const block) {
  pinna_specmask_reset(((Specmask*)block)->mask);
}

static uint32_t
latency(const void* const block) {
  return pinna_specmask_latency(((const Specmask*)block)->mask);
}

static void
report(Specmask* const self, const PinnaPluginCall* const call) {
  float time = 0.0f;
  float freq = 0.0f;
  float gate = 0.0f;
  pinna_specmask_meters(self->mask, &time, &freq, &gate);
  call->reports[SPECMASK_TIME_OUT] = 100.0f * time;
  call->reports[SPECMASK_FREQ_OUT] = 100.0f * freq;
  call->reports[SPECMASK_GATE_OUT] = 100.0f * gate;
  if (self->until_redraw > call->n_frames) {
    self->until_redraw -= call->n_frames;
  } else if (call->n_frames) {
    self->until_redraw = self->redraw_every;
    *call->redraw = true;
  }
}

static void
run(void* const block, const PinnaPluginCall* const call) {
  Specmask* const self = (Specmask*)block;
  const bool      pressed = call->values[SPECMASK_TRIGGER] > 0.0f;
  if (call->changed) {
    const PinnaSpecmaskParams params = specmask_params(call->values);
    pinna_specmask_set(self->mask, &params);
  }
  if (pressed && !self->pressed) {
    pinna_specmask_trigger(self->mask);
  }
  self->pressed = pressed;
  pinna_specmask_run(self->mask, call->in, call->out, call->n_frames);
  report(self, call);
}

static void
draw(Paint* const paint, const float* const values, const double rate, void* const block) {
  specmask_draw(paint, values, rate, ((const Specmask*)block)->mask);
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .latency = latency,
    .draw = draw,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(SPECMASK_MONO_URI),
                                               PINNA_DESCRIPTOR(SPECMASK_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
