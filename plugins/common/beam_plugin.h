// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H
#define PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H

#include "base/snapshot.h"
#include "dsp/array.h"
#include "dsp/beam.h"
#include "dsp/beam_view.h"
#include "plugins/common/array_file.h"
#include "plugins/common/beam_block.h"
#include "plugins/common/beam_draw.h"
#include "plugins/common/beam_ports.h"
#include "plugins/common/shell.h"

#include <stdatomic.h>

// A beamforming plugin of any size: controls become the parameters of a PinnaBeam

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaBeamConfig          beam = {BEAM_N_MICS, config->rate};
  BeamBlock* const               block = PINNA_TAKE(arena, 1U, BeamBlock);
  BeamBlock                      parts = {.every = (uint32_t)(config->rate / BEAM_BLOCK_RATE)};
  const PinnaStatus              status = pinna_beam_init(&parts.beam, arena, &beam);
  parts.now.values = PINNA_TAKE(arena, PINNA_BEAM_VIEW_SIZE, _Atomic float);
  parts.now.size = PINNA_BEAM_VIEW_SIZE;
  for (uint32_t i = 0U; i < BEAM_BLOCK_MOMENTS; ++i) {
    parts.past[i].values = PINNA_TAKE(arena, PINNA_BEAM_VIEW_COLUMN, _Atomic float);
    parts.past[i].size = PINNA_BEAM_VIEW_COLUMN;
  }
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  *block = parts;
  *object = block;
  return PINNA_STATUS_OK;
}

static void
reset(void* const block) {
  pinna_beam_reset(((BeamBlock*)block)->beam);
}

static uint32_t
latency(const void* const block) {
  return pinna_beam_latency(((const BeamBlock*)block)->beam);
}

static void
beam_array(PinnaArray* const array, const float* const values, const PinnaArray* const file) {
  if (values[BEAM_ARRAY] >= (float)BEAM_ARRAY_FILE && file) {
    *array = *file;
    return;
  }
  switch ((PinnaArrayKind)values[BEAM_ARRAY]) {
  case PINNA_ARRAY_CIRCLE:
    pinna_array_circle(array, BEAM_N_MICS, 1e-3 * (double)values[BEAM_RADIUS]);
    break;
  case PINNA_ARRAY_CUSTOM:
  case BEAM_ARRAY_FILE: // None is loaded yet
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
beam_params(const float* const values, const PinnaArray* const file) {
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
  beam_array(&params.array, values, file);
  return params;
}

/// A moment of the picture, when it is due
static void
publish(BeamBlock* const block, const PinnaPluginCall* const call) {
  block->n_waited += call->n_frames;
  if (block->n_waited >= block->every) {
    PinnaBeamView  view;
    const uint32_t n = atomic_load_explicit(&block->n_moments, memory_order_relaxed);
    pinna_beam_view(block->beam, &view);
    pinna_snapshot_write(&block->now, &view.azimuth);
    pinna_snapshot_write(&block->past[n % BEAM_BLOCK_MOMENTS], &view.azimuth);
    atomic_store_explicit(&block->n_moments, n + 1U, memory_order_release);
    block->n_waited = 0U;
    *call->redraw = true;
  }
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  BeamBlock* const block = (BeamBlock*)data;
  PinnaBeam* const beam = block->beam;
  if (call->changed || block->moved) {
    const PinnaBeamParams params = beam_params(call->values, block->file);
    pinna_beam_set(beam, &params);
    block->moved = false;
  }
  pinna_beam_run(beam, call->in, call->in[BEAM_N_MICS], call->out[0], call->out[1], call->n_frames);
  const PinnaBeamReport report = pinna_beam_report(beam);
  call->reports[BEAM_DOA] = (float)report.azimuth;
  call->reports[BEAM_SPP] = (float)report.presence;
  call->reports[BEAM_WNG] = (float)report.wng;
  call->reports[BEAM_GEOMETRY] = (float)pinna_file_status(call->file);
  publish(block, call);
}

/// Switched off, the target is the reference microphone and nothing is left over
static int32_t
bypass(const void* const block, const float* const values, const uint32_t out) {
  const int32_t chosen = (int32_t)values[BEAM_REF] - 1;
  const int32_t heard = (int32_t)pinna_beam_report(((const BeamBlock*)block)->beam).ref;
  return out ? -1 : chosen < 0 ? heard : chosen;
}

static void*
open_geometry(const PinnaPluginConfig* const config, const char* const path,
              PinnaError* const error) {
  (void)config;
  return *path ? pinna_array_file_open(BEAM_N_MICS, path, error) : NULL; // None is built in
}

static void
close_geometry(void* const object) {
  pinna_array_file_close((PinnaArray*)object);
}

static void*
swap_geometry(void* const data, void* const object) {
  BeamBlock* const block = (BeamBlock*)data;
  void* const      old = block->file;
  block->file = (PinnaArray*)object;
  block->moved = true;
  return old;
}

static const PinnaPluginFile beam_file = {
    .open = open_geometry, .close = close_geometry, .swap = swap_geometry};

static void
draw(Paint* const paint, const float* const values, const double rate, void* const block) {
  const PinnaBeamParams params = beam_params(values, NULL);
  const BeamDrawing     drawing = {&params, values[BEAM_ARRAY] >= (float)BEAM_ARRAY_FILE,
                                   values[PINNA_CONTROL_ENABLED] > 0.0f};
  (void)rate;
  pinna_beam_draw(paint, &drawing, (BeamBlock*)block);
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .latency = latency,
    .draw = draw,
    .bypass = bypass,
    .file = &beam_file,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(BEAM_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}

#endif // PINNA_PLUGINS_COMMON_BEAM_PLUGIN_H
