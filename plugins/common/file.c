// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/file.h"

#include "plugins/common/file_impl.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <string.h>

// The audio thread's side of a file

void
pinna_file_take(PinnaFile* const file, void* const block) {
  if (!atomic_load_explicit(&file->pending, memory_order_relaxed) ||
      atomic_load_explicit(&file->trash, memory_order_relaxed)) {
    return; // Later: only one may wait to be closed
  }
  void* const object = atomic_exchange(&file->pending, NULL);
  void* const old = object ? file->kind->swap(block, object) : NULL;
  if (old) {
    atomic_store(&file->trash, old);
    if (file->schedule) {
      file->schedule->schedule_work(file->schedule->handle, 0U, NULL);
    }
  }
}

/// Hand a path or a text, its end included, to the worker
static void
ask_for(PinnaFile* const file, const PinnaFileJob what, const uint32_t size,
        const char* const text) {
  file->job[0] = (char)what;
  memcpy(file->job + 1, text, size);
  if (what == PINNA_FILE_JOB_OUT) {
    if (file->schedule) {
      file->schedule->schedule_work(file->schedule->handle, 1U + size, file->job);
    }
    return;
  }
  // Before the work: a host that is offline does it at once
  atomic_store_explicit(&file->status, PINNA_FILE_LOADING, memory_order_relaxed);
  if (!file->schedule ||
      file->schedule->schedule_work(file->schedule->handle, 1U + size, file->job)) {
    atomic_store_explicit(&file->status, PINNA_FILE_FAILED, memory_order_relaxed);
  }
}

/// A patch:Set's value, if it is of the right kind
static void
take_value(PinnaFile* const file, const LV2_URID property, const LV2_Atom* const value) {
  const bool        is_string = value->type == file->atom_string;
  const char* const text = (const char*)(value + 1);
  const bool        is_path = is_string || value->type == file->atom_path;
  const bool        fits = value->size && value->size <= PINNA_FILE_MAX_PATH;
  if (property == file->property && is_path && fits) {
    ask_for(file, PINNA_FILE_JOB_PATH, value->size, text);
  } else if (file->out_property && property == file->out_property && is_path && fits) {
    ask_for(file, PINNA_FILE_JOB_OUT, value->size, text);
  } else if (file->text_property && property == file->text_property && is_string && fits) {
    ask_for(file, PINNA_FILE_JOB_TEXT, value->size, text);
  }
}

void
pinna_file_listen(PinnaFile* const file, const PinnaEvents* const events) {
  uint32_t              frame;
  const LV2_Atom_Event* event = NULL;
  while ((event = pinna_event_next(events, file->control, event, &frame))) {
    const LV2_Atom_Object* const object = (const LV2_Atom_Object*)(const void*)&event->body;
    const LV2_Atom*              property = NULL;
    const LV2_Atom*              value = NULL;
    if (!file->property || object->atom.type != file->atom_object ||
        object->atom.size < sizeof(object->body) || object->body.otype != file->patch_set) {
      continue;
    }
    lv2_atom_object_get(object, file->patch_property, &property, file->patch_value, &value, 0);
    if (property && value && property->type == file->atom_urid) {
      take_value(file, ((const LV2_Atom_URID*)(const void*)property)->body, value);
    }
  }
}

void
pinna_file_want(PinnaFile* const file) {
  if (!file->is_wanted && file->schedule &&
      atomic_load_explicit(&file->status, memory_order_relaxed) == PINNA_FILE_NONE) {
    ask_for(file, PINNA_FILE_JOB_PATH, 1U, "");
  }
  file->is_wanted = true;
}

bool
pinna_file_ask(PinnaFile* const file) {
  const char job = (char)PINNA_FILE_JOB_WORK;
  return file->schedule && !file->schedule->schedule_work(file->schedule->handle, 1U, &job);
}

PinnaFileStatus
pinna_file_status(const PinnaFile* const file) {
  return (PinnaFileStatus)atomic_load_explicit(&file->status, memory_order_relaxed);
}
