// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/analyze.h"
#include "plugins/analyze.lv2/analyze_block.h"
#include "plugins/analyze.lv2/analyze_draw.h"
#include "plugins/analyze.lv2/ports.h"
#include "plugins/common/event.h"
#include "plugins/common/shell.h"

#include <math.h>
#include <string.h>

// The analyser plugin: passes audio, reports what a PinnaAnalyze measures

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaAnalyzeConfig       analyze = {config->rate, config->variant->n_in};
  AnalyzeBlock* const            block = PINNA_TAKE(arena, 1U, AnalyzeBlock);
  PinnaAnalyze*                  engine = NULL;
  const PinnaStatus              status = pinna_analyze_init(&engine, arena, &analyze);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  block->analyze = engine;
  block->n_ch = config->variant->n_in;
  if (config->map) {
    block->mel = config->map->map(config->map->handle, ANALYZE_MEL_URI);
    block->mfcc = config->map->map(config->map->handle, ANALYZE_MFCC_URI);
  }
  for (int s = 0; s < ANALYZE_N_SHOWN; ++s) {
    atomic_store_explicit(&block->shown[s], -120.0f, memory_order_relaxed);
  }
  *object = block;
  return PINNA_STATUS_OK;
}

static void
reset(void* const data) {
  AnalyzeBlock* const block = (AnalyzeBlock*)data;
  block->n_waited = 0U;
  pinna_analyze_reset(block->analyze);
}

static void
send_features(void* const data, const uint32_t at, const float* const mel,
              const float* const mfcc) {
  AnalyzeBlock* const          block = (AnalyzeBlock*)data;
  const PinnaPluginCall* const call = block->call;
  const uint32_t               every = (uint32_t)call->values[ANALYZE_EVERY];
  if (every && ++block->n_waited >= every) {
    block->n_waited = 0U;
    pinna_event_send(call->events, ANALYZE_NOTIFY, at, block->mel, mel, PINNA_ANALYZE_N_MELS);
    pinna_event_send(call->events, ANALYZE_NOTIFY, at, block->mfcc, mfcc, PINNA_ANALYZE_N_MFCC);
  }
}

static float
decibels(const double amplitude) {
  return (float)fmax(20.0 * log10(fmax(amplitude, 1e-6)), -120.0);
}

static void
report(AnalyzeBlock* const block, float* const reports) {
  PinnaAnalyzeReading r;
  pinna_analyze_read(block->analyze, &r);
  reports[ANALYZE_MOMENTARY] = (float)r.loudness.momentary;
  reports[ANALYZE_SHORT_TERM] = (float)r.loudness.short_term;
  reports[ANALYZE_INTEGRATED] = (float)r.loudness.integrated;
  reports[ANALYZE_LRA] = (float)r.loudness.range;
  reports[ANALYZE_TRUE_PEAK] = (float)r.loudness.true_peak;
  reports[ANALYZE_F0] = (float)r.pitch.f0;
  reports[ANALYZE_F0_CONFIDENCE] = (float)r.pitch.confidence;
  reports[ANALYZE_VAD] = r.voice;
  reports[ANALYZE_CENTROID] = r.shape.centroid;
  reports[ANALYZE_ROLLOFF] = r.shape.rolloff;
  reports[ANALYZE_FLUX] = r.shape.flux;
  reports[ANALYZE_FLATNESS] = r.shape.flatness;
  reports[ANALYZE_RMS] = decibels(r.moment.rms);
  reports[ANALYZE_CREST] = decibels(r.moment.crest);
  reports[ANALYZE_DC] = (float)r.moment.dc;
  for (int s = 0; s < ANALYZE_SHOWN_TRUE_PEAK; ++s) {
    atomic_store_explicit(&block->shown[s], reports[ANALYZE_MOMENTARY + s], memory_order_relaxed);
  }
  atomic_store_explicit(&block->shown[ANALYZE_SHOWN_TRUE_PEAK], reports[ANALYZE_TRUE_PEAK],
                        memory_order_relaxed);
}

static void
run(void* const data, const PinnaPluginCall* const call) {
  AnalyzeBlock* const block = (AnalyzeBlock*)data;
  const bool          pressed = call->values[ANALYZE_RESET] > 0.0f;
  if (pressed && !block->is_pressed && !call->fresh) {
    pinna_analyze_restart(block->analyze);
  }
  block->is_pressed = pressed;
  block->call = call;
  pinna_analyze_run(block->analyze, call->in, call->n_frames,
                    call->values[ANALYZE_EVERY] > 0.0f ? send_features : NULL, block);
  report(block, call->reports);

  const uint32_t n_columns = pinna_scroll_n_columns(pinna_analyze_scroll(block->analyze));
  if (n_columns - block->n_drawn >= 2U) { // 25 pictures a second
    block->n_drawn = n_columns;
    *call->redraw = true;
  }
  for (uint32_t c = 0U; c < block->n_ch; ++c) {
    if (call->out[c] != call->in[c]) {
      memcpy(call->out[c], call->in[c], call->n_frames * sizeof(float));
    }
  }
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .draw = pinna_analyze_draw,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(ANALYZE_MONO_URI),
                                               PINNA_DESCRIPTOR(ANALYZE_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
