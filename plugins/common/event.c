// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/event.h"

#include <lv2/atom/util.h>

#include <string.h>

// The realtime side of event ports

/// A patch:Set up to the floats
typedef struct {
  LV2_Atom_Event         event;
  LV2_Atom_Object_Body   set;
  LV2_Atom_Property_Body property;
  uint32_t               urid;
  uint32_t               pad;
  LV2_Atom_Property_Body value;
  LV2_Atom_Vector_Body   vector;
} SetHead;

static uint32_t
padded(const uint32_t size) {
  return (size + 7U) & ~7U;
}

void
pinna_event_begin(PinnaEvents* const events) {
  for (uint32_t i = 0U; i < events->n_out; ++i) {
    const uint32_t           p = events->out_at[i];
    LV2_Atom_Sequence* const buffer = events->buffers[p];
    if (buffer) {
      events->capacity[p] = events->sequence ? buffer->atom.size : 0U;
      buffer->atom = (LV2_Atom){sizeof(LV2_Atom_Sequence_Body), events->sequence};
      buffer->body = (LV2_Atom_Sequence_Body){0U, 0U};
    }
  }
}

const LV2_Atom_Event*
pinna_event_next(const PinnaEvents* const events, const uint32_t control,
                 const LV2_Atom_Event* const previous, uint32_t* const frame) {
  const LV2_Atom_Sequence* const buffer = events->buffers[control];
  if (!buffer || buffer->atom.type != events->sequence) {
    return NULL;
  }

  const char* const end = (const char*)&buffer->body + buffer->atom.size;
  const char*       at = previous ? (const char*)(previous + 1) + padded(previous->body.size)
                                  : (const char*)(&buffer->body + 1);
  for (const LV2_Atom_Event* event = NULL; at + sizeof(*event) <= end;
       at += sizeof(*event) + padded(event->body.size)) {
    event = (const LV2_Atom_Event*)(const void*)at;
    const int64_t time = event->time.frames < 0 ? 0 : event->time.frames;
    const int64_t offset = time - (int64_t)events->first;
    if (offset >= (int64_t)events->n_frames && !events->last) {
      return NULL;
    }
    if (offset >= 0) {
      *frame = offset < (int64_t)events->n_frames ? (uint32_t)offset : events->n_frames - 1U;
      return event;
    }
  }
  return NULL;
}

bool
pinna_event_send(PinnaEvents* const events, const uint32_t control, const uint32_t frame,
                 const LV2_URID property, const float* const values, const uint32_t n) {
  LV2_Atom_Sequence* const buffer = events->buffers[control];
  const uint32_t           n_bytes = n * (uint32_t)sizeof(float);
  const uint32_t           size = (uint32_t)sizeof(SetHead) + padded(n_bytes);
  if (!buffer || !events->sequence || buffer->atom.size + size > events->capacity[control]) {
    return false;
  }

  const SetHead head = {
      .event = {.time.frames = events->first + frame,
                .body = {size - (uint32_t)sizeof(LV2_Atom_Event), events->object}},
      .set = {0U, events->set},
      .property = {events->property, 0U, {sizeof(uint32_t), events->urid}},
      .urid = property,
      .value = {events->value,
                0U,
                {(uint32_t)sizeof(LV2_Atom_Vector_Body) + n_bytes, events->vector}},
      .vector = {sizeof(float), events->floats},
  };
  char* const at = (char*)&buffer->body + buffer->atom.size;
  memcpy(at, &head, sizeof(head));
  memcpy(at + sizeof(head), values, n_bytes);
  memset(at + sizeof(head) + n_bytes, 0, padded(n_bytes) - n_bytes);
  buffer->atom.size += size;
  return true;
}

const float*
pinna_event_floats(const PinnaEvents* const events, const LV2_Atom_Event* const event,
                   const LV2_URID property, uint32_t* const n) {
  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)(const void*)&event->body;
  const LV2_Atom*              key = NULL;
  const LV2_Atom*              value = NULL;
  if (!events->sequence || object->atom.type != events->object ||
      object->atom.size < sizeof(object->body) || object->body.otype != events->set) {
    return NULL;
  }
  lv2_atom_object_get(object, events->property, &key, events->value, &value, 0);
  if (!key || key->type != events->urid || key->size != sizeof(LV2_URID) ||
      ((const LV2_Atom_URID*)(const void*)key)->body != property || !value ||
      value->type != events->vector || value->size < sizeof(LV2_Atom_Vector_Body)) {
    return NULL;
  }
  const LV2_Atom_Vector* const vector = (const LV2_Atom_Vector*)(const void*)value;
  if (vector->body.child_type != events->floats || vector->body.child_size != sizeof(float)) {
    return NULL;
  }
  *n = (uint32_t)((value->size - sizeof(vector->body)) / sizeof(float));
  return (const float*)(const void*)(vector + 1);
}
