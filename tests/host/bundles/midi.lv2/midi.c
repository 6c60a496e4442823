// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/atom/util.h>
#include <lv2/urid/urid.h>

// Copies events to the output 3 frames later; the audio is 1 while a note is held

typedef struct {
  Ports    ports;
  LV2_URID sequence;
  float    gate;
} Midi;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  Midi* const               midi = (Midi*)calloc(1U, sizeof(Midi));
  const LV2_URID_Map* const map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  midi->sequence = map->map(map->handle, LV2_ATOM__Sequence);
  return midi;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Midi* const                    midi = (Midi*)handle;
  const LV2_Atom_Sequence* const in = (const LV2_Atom_Sequence*)midi->ports.ports[0];
  LV2_Atom_Sequence* const       out = (LV2_Atom_Sequence*)midi->ports.ports[1];
  const uint32_t                 capacity = out->atom.size;
  out->atom.type = midi->sequence;
  lv2_atom_sequence_clear(out);
  LV2_ATOM_SEQUENCE_FOREACH(in, event) {
    const uint8_t* const bytes = (const uint8_t*)(event + 1);
    midi->gate = event->body.size == 3U ? (bytes[0] >> 4U) == 9U : midi->gate;
    LV2_Atom_Event* const copy = lv2_atom_sequence_append_event(out, capacity, event);
    if (copy) {
      copy->time.frames += 3;
    }
  }
  for (uint32_t i = 0U; i < n; ++i) {
    audio(handle, 2U)[i] = midi->gate;
  }
}

TEST_PLUGIN("midi", make, NULL, run, free, NULL)
