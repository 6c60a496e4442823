// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/lv2_events.h"

#include "host/instance_impl.h"

#include <lv2/atom/util.h>
#include <string.h>

// Event queues

/// What a sequence of one event needs beside the event's body
#define EVENT_OVERHEAD (sizeof(LV2_Atom_Sequence) + sizeof(LV2_Atom_Event) + sizeof(uint64_t))

/// Move queued events into their ports until the next one does not fit any more
static void
fill_inputs(struct PinnaInstanceImpl* const instance) {
  PinnaMessage head;
  while (pinna_ring_peek(instance->events_in, &head)) {
    PinnaPort* const         port = instance->ports + head.type;
    LV2_Atom_Sequence* const sequence = port->sequence;
    const uint32_t           used = (uint32_t)sizeof(LV2_Atom) + sequence->atom.size;
    const uint32_t           size = lv2_atom_pad_size((uint32_t)sizeof(int64_t) + head.size);
    if (used + size > port->capacity) {
      return;
    }

    LV2_Atom_Event* const event = (LV2_Atom_Event*)((char*)sequence + used);
    event->time.frames = 0;
    pinna_ring_pop(instance->events_in, &head, &event->body, head.size);
    sequence->atom.size += size;
  }
}

void
pinna_events_begin(struct PinnaInstanceImpl* const instance) PINNA_RT {
  for (uint32_t i = 0U; i < instance->n_atom_in; ++i) {
    LV2_Atom_Sequence* const sequence = instance->ports[instance->atom_in[i]].sequence;
    if (sequence) {
      sequence->atom =
          (LV2_Atom){(uint32_t)sizeof(LV2_Atom_Sequence_Body), instance->urid_sequence};
      sequence->body = (LV2_Atom_Sequence_Body){0U, 0U};
    }
  }
  for (uint32_t i = 0U; i < instance->n_atom_out; ++i) {
    PinnaPort* const port = instance->ports + instance->atom_out[i];
    if (port->sequence) {
      port->sequence->atom =
          (LV2_Atom){port->capacity - (uint32_t)sizeof(LV2_Atom), instance->urid_chunk};
      port->sequence->body = (LV2_Atom_Sequence_Body){0U, 0U};
    }
  }
  if (instance->n_atom_in) {
    fill_inputs(instance);
  }
}

static void
drain_output(struct PinnaInstanceImpl* const instance, const uint32_t index) {
  const PinnaPort* const   port = instance->ports + index;
  LV2_Atom_Sequence* const sequence = port->sequence;
  const uint32_t           most = port->capacity - (uint32_t)sizeof(LV2_Atom);
  if (!sequence || sequence->atom.type != instance->urid_sequence || sequence->atom.size > most) {
    return;
  }

  uint32_t at = (uint32_t)sizeof(LV2_Atom_Sequence_Body);
  while (at + sizeof(LV2_Atom_Event) <= sequence->atom.size) {
    LV2_Atom_Event* const event = (LV2_Atom_Event*)((char*)&sequence->body + at);
    const uint32_t        left = sequence->atom.size - at - (uint32_t)sizeof(LV2_Atom_Event);
    if (event->body.size > left) {
      return;
    }

    event->time.frames += (int64_t)instance->n_frames;
    pinna_ring_push(instance->events_out, index, event,
                    (uint32_t)sizeof(LV2_Atom_Event) + event->body.size);
    at += (uint32_t)sizeof(LV2_Atom_Event) + lv2_atom_pad_size(event->body.size);
  }
}

void
pinna_events_end(struct PinnaInstanceImpl* const instance) PINNA_RT {
  for (uint32_t i = 0U; i < instance->n_atom_out; ++i) {
    drain_output(instance, instance->atom_out[i]);
  }
}

PinnaStatus
pinna_instance_write_event(PinnaInstance* const instance, const uint32_t port,
                           const void* const atom) {
  const LV2_Atom* const head = (const LV2_Atom*)atom;
  if (port >= instance->n_ports || !instance->ports[port].sequence ||
      !(instance->ports[port].info.flags & PINNA_PORT_IS_INPUT) ||
      head->size > instance->ports[port].capacity - EVENT_OVERHEAD) {
    return PINNA_STATUS_BAD_ARG;
  }
  return pinna_ring_push(instance->events_in, port, atom, (uint32_t)sizeof(LV2_Atom) + head->size)
             ? PINNA_STATUS_OK
             : PINNA_STATUS_BUSY;
}

bool
pinna_instance_read_event(PinnaInstance* const instance, uint32_t* const port,
                          uint64_t* const frame, void* const atom, const uint32_t capacity) {
  PinnaMessage head;
  if (!instance->events_out || !pinna_ring_peek(instance->events_out, &head)) {
    return false;
  }

  const LV2_Atom_Event* const event = (const LV2_Atom_Event*)instance->event;
  pinna_ring_pop(instance->events_out, &head, instance->event, instance->event_size);
  const uint32_t size = (uint32_t)sizeof(LV2_Atom) + event->body.size;
  *port = head.type;
  *frame = (uint64_t)event->time.frames;
  memcpy(atom, &event->body, size < capacity ? size : capacity);
  return true;
}
