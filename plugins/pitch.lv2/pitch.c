// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pitch.h"
#include "dsp/yin.h"
#include "plugins/common/event.h"
#include "plugins/common/shell.h"
#include "plugins/pitch.lv2/pitch_midi.h"
#include "plugins/pitch.lv2/ports.h"

#include <lv2/midi/midi.h>

// The pitch plugin: its controls and notes become the targets of a PinnaPitch

typedef struct {
  PinnaPitch* pitch;
  PitchMidi   midi;
  LV2_URID    midi_event; ///< 0: the host maps no URIs
} Block;

static PinnaStatus
build(void** const object, PinnaArena* const arena, const void* const data) {
  const PinnaPluginConfig* const config = (const PinnaPluginConfig*)data;
  const PinnaPitchConfig         pitch = {config->rate, config->variant->n_in};
  Block* const                   self = PINNA_TAKE(arena, 1U, Block);
  Block                          parts = {0};
  const PinnaStatus              status = pinna_pitch_init(&parts.pitch, arena, &pitch);
  if (status || pinna_arena_state(arena)) {
    return status ? status : pinna_arena_result(arena);
  }
  parts.midi_event = config->map ? config->map->map(config->map->handle, LV2_MIDI__MidiEvent) : 0U;
  *self = parts;
  *object = self;
  return PINNA_STATUS_OK;
}

static uint32_t
latency(const void* const block) {
  return pinna_pitch_max_latency(((const Block*)block)->pitch);
}

static uint32_t
start(void* const block, const float* const values) {
  const Block* const self = (const Block*)block;
  pinna_pitch_start(self->pitch, (PinnaPitchMode)values[PITCH_MODE]);
  return pinna_pitch_latency(self->pitch);
}

static void
reset(void* const block) {
  Block* const self = (Block*)block;
  pinna_pitch_midi_reset(&self->midi);
  pinna_pitch_reset(self->pitch);
}

static void
aim(const Block* const self, const float* const values) {
  const double     note = pinna_pitch_midi_note(&self->midi);
  const int        midi_mode = (int)values[PITCH_MIDI_MODE];
  PinnaPitchTarget target = {
      .semitones = (double)values[PITCH_SEMITONES] + 0.01 * (double)values[PITCH_CENTS],
      .formant = (double)values[PITCH_FORMANT],
      .preserve = values[PITCH_PRESERVE] > 0.0f,
      .mix = 0.01 * (double)values[PITCH_MIX],
      .transients = 0.01 * (double)values[PITCH_TRANSIENTS],
      .glide = 0.001 / 3.0 * (double)values[PITCH_GLIDE], // Three poles in a row
  };
  if (midi_mode == PITCH_MIDI_INTERVAL && note > 0.0) {
    target.semitones += note - 60.0;
  } else if (midi_mode == PITCH_MIDI_TARGET) {
    target.note = note;
  }
  pinna_pitch_set(self->pitch, &target);
}

static void
run_part(const Block* const self, const PinnaPluginCall* const call, const uint32_t from,
         const uint32_t to) {
  const float* in[2];
  float*       out[2];
  for (uint32_t c = 0U; c < pinna_pitch_n_channels(self->pitch); ++c) {
    in[c] = call->in[c] + from;
    out[c] = call->out[c] + from;
  }
  pinna_pitch_run(self->pitch, in, out, to - from);
}

/// Run up to each message, then take it. Returns the frames done.
static uint32_t
run_messages(Block* const self, const PinnaPluginCall* const call) {
  uint32_t              at = 0U;
  uint32_t              frame = 0U;
  const LV2_Atom_Event* event = NULL;
  while ((event = pinna_event_next(call->events, PITCH_MIDI, event, &frame))) {
    if (event->body.type == self->midi_event && self->midi_event) {
      run_part(self, call, at, frame > at ? frame : at);
      at = frame > at ? frame : at;
      if (pinna_pitch_midi_take(&self->midi, (const uint8_t*)(event + 1), event->body.size)) {
        aim(self, call->values);
      }
    }
  }
  return at;
}

static void
run(void* const block, const PinnaPluginCall* const call) {
  Block* const self = (Block*)block;
  if (call->changed) {
    aim(self, call->values);
  }
  if (call->fresh) {
    pinna_pitch_snap(self->pitch);
  }
  const uint32_t at = run_messages(self, call);
  run_part(self, call, at, call->n_frames);

  const PinnaYinResult tracked = pinna_pitch_tracked(self->pitch);
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
