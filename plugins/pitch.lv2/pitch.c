// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch.h"
#include "dsp/yin.h"
#include "plugins/common/shell.h"
#include "plugins/pitch.lv2/ports.h"

// The pitch plugin: its controls become the targets of a PinnaPitch

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaPitchConfig         pitch = {config->rate, config->variant->n_in};
  return pinna_pitch_init((PinnaPitch**)object, arena, &pitch);
}

static uint32_t
latency(const void* const block) {
  return pinna_pitch_max_latency((const PinnaPitch*)block);
}

static uint32_t
start(void* const block, const float* const values) {
  PinnaPitch* const pitch = (PinnaPitch*)block;
  pinna_pitch_start(pitch, (PinnaPitchMode)values[PITCH_MODE]);
  return pinna_pitch_latency(pitch);
}

static void
reset(void* const block) {
  pinna_pitch_reset((PinnaPitch*)block);
}

static PinnaPitchTarget
target_of(const float* const values) {
  return (PinnaPitchTarget){
      .semitones = (double)values[PITCH_SEMITONES] + 0.01 * (double)values[PITCH_CENTS],
      .formant = (double)values[PITCH_FORMANT],
      .preserve = values[PITCH_PRESERVE] > 0.0f,
      .mix = 0.01 * (double)values[PITCH_MIX],
      .transients = 0.01 * (double)values[PITCH_TRANSIENTS],
      .glide = 0.001 / 3.0 * (double)values[PITCH_GLIDE], // Three poles in a row
  };
}

static void
run(void* const block, const PinnaPluginCall* const call) {
  PinnaPitch* const pitch = (PinnaPitch*)block;
  if (call->changed) {
    const PinnaPitchTarget target = target_of(call->values);
    pinna_pitch_set(pitch, &target);
  }
  if (call->fresh) {
    pinna_pitch_snap(pitch);
  }
  pinna_pitch_run(pitch, call->in, call->out, call->n_frames);

  const PinnaYinResult tracked = pinna_pitch_tracked(pitch);
  call->reports[PITCH_TRACKED] = (float)tracked.f0;
  call->reports[PITCH_CONFIDENCE] = (float)tracked.confidence;
}

const PinnaPlugin pinna_plugin = {
    .info = &pinna_info,
    .build = build,
    .reset = reset,
    .run = run,
    .latency = latency,
    .start = start,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index) {
  static const LV2_Descriptor descriptors[] = {PINNA_DESCRIPTOR(PITCH_MONO_URI),
                                               PINNA_DESCRIPTOR(PITCH_STEREO_URI)};
  return index < PINNA_COUNT(descriptors) ? &descriptors[index] : NULL;
}
