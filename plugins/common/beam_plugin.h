// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H
#define PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H

#include "dsp/array.h"
#include "dsp/beam.h"
#include "plugins/common/beam_ports.h"
#include "plugins/common/shell.h"

// A beamforming plugin of any size: controls become the parameters of a PinnaBeam

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaBeamConfig          beam = {BEAM_N_MICS, config->rate};
  return pinna_beam_init((PinnaBeam**)object, arena, &beam);
}

static void
reset(void* const block) {
  pinna_beam_reset((PinnaBeam*)block);
}

static uint32_t
latency(const void* const block) {
  return pinna_beam_latency((const PinnaBeam*)block);
}

static void
beam_array(PinnaArray* const array, const float* const values) {
  switch ((PinnaArrayKind)values[BEAM_ARRAY]) {
  case PINNA_ARRAY_CIRCLE:
    pinna_array_circle(array, BEAM_N_MICS, 1e-3 * (double)values[BEAM_RADIUS]);
    break;
  case PINNA_ARRAY_CUSTOM:
    array->n_mics = BEAM_N_MICS;
    for (uint32_t i = 0U; i < 3U * BEAM_N_MICS; ++i) {
      array->at[i / 3U][i % 3U] = 1e-3 * (double)values[BEAM_PLACE + i];
    }
    break;
  default:
    pinna_array_line(array, BEAM_N_MICS, 1e-3 * (double)values[BEAM_SPACING]);
  }
}

static PinnaBeamParams
beam_params(const float* const values) {
  PinnaBeamParams params = pinna_beam_defaults(BEAM_N_MICS);
  params.mode = (PinnaBeamMode)values[BEAM_MODE];
  params.mask = (PinnaBeamMask)values[BEAM_MASK];
  params.azimuth = (double)values[BEAM_AZIMUTH];
  params.elevation = (double)values[BEAM_ELEVATION];
  params.width = (double)values[BEAM_WIDTH];
  params.memory = (double)values[BEAM_MEMORY];
  params.mu = (double)values[BEAM_REDUCTION];
  params.wng_floor = (double)values[BEAM_WNG_FLOOR];
  params.postfilter = (double)values[BEAM_POSTFILTER];
  params.ref = (int32_t)values[BEAM_REF] - 1;
  params.learn_noise = values[BEAM_LEARN_NOISE] > 0.0f;
  params.learn_target = values[BEAM_LEARN_TARGET] > 0.0f;
  params.freeze = values[BEAM_FREEZE] > 0.0f;
  beam_array(&params.array, values);
  return params;
}

static void
run(void* const block, const PinnaPluginCall* const call) {
  PinnaBeam* const beam = (PinnaBeam*)block;
  if (call->changed) {
    const PinnaBeamParams params = beam_params(call->values);
    pinna_beam_set(beam, &params);
  }
  pinna_beam_run(beam, call->in, call->in[BEAM_N_MICS], call->out[0], call->out[1], call->n_frames);
  const PinnaBeamReport report = pinna_beam_report(beam);
  call->reports[BEAM_DOA] = (float)report.azimuth;
  call->reports[BEAM_SPP] = (float)report.presence;
  call->reports[BEAM_WNG] = (float)report.wng;
}

/// Switched off, the target is the reference microphone and nothing is left over
static int32_t
bypass(const void* const block, const float* const values, const uint32_t out) {
  const int32_t chosen = (int32_t)values[BEAM_REF] - 1;
  const int32_t heard = (int32_t)pinna_beam_report((const PinnaBeam*)block).ref;
  return out ? -1 : chosen < 0 ? heard : chosen;
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .latency = latency,
    .bypass = bypass,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(BEAM_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}

#endif // PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H
