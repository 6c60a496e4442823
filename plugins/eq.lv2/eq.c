// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/eq.h"
#include "plugins/common/shell.h"
#include "plugins/eq.lv2/eq_band.h"
#include "plugins/eq.lv2/eq_draw.h"
#include "plugins/eq.lv2/ports.h"

// The equaliser plugin: its controls become the targets of a PinnaEq

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaEqConfig            eq = {config->rate, config->variant->n_in, EQ_N_BANDS};
  return pinna_eq_init((PinnaEq**)object, arena, &eq);
}

static void
reset(void* const block) {
  pinna_eq_snap((PinnaEq*)block);
}

static void
run(void* const block, const PinnaPluginCall* const call) {
  PinnaEq* const eq = (PinnaEq*)block;
  if (call->changed) {
    for (uint32_t b = 0U; b < EQ_N_BANDS; ++b) {
      const PinnaEqBand band = eq_band(call->values, b);
      pinna_eq_set_band(eq, b, &band);
    }
    pinna_eq_set_gains(eq, (double)call->values[EQ_IN_GAIN], (double)call->values[EQ_OUT_GAIN]);
  }
  if (call->fresh) {
    pinna_eq_snap(eq);
  }
  pinna_eq_run(eq, call->in, call->out, call->n_frames);
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .draw = pinna_eq_draw,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(EQ_MONO_URI),
                                               PINNA_DESCRIPTOR(EQ_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
