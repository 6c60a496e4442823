// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugins/common/state.h"

#include "plugins/common/shell.h"
#include "plugins/common/shell_impl.h"

#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Packs and unpacks a vector of floats

static LV2_URID
map_uri(const PinnaShell* const self, const char* const uri) {
  return self->map->map(self->map->handle, uri);
}

static LV2_State_Status
save_numbers(const PinnaShell* const self, const LV2_State_Store_Function store,
             const LV2_State_Handle state) {
  const PinnaPluginState* const kept = pinna_plugin.state;
  if (!kept) {
    return LV2_STATE_SUCCESS;
  }
  const size_t                room = kept->size(self->block) * sizeof(float);
  LV2_Atom_Vector_Body* const body = (LV2_Atom_Vector_Body*)malloc(sizeof(*body) + room);
  if (!body) {
    return LV2_STATE_ERR_NO_SPACE;
  }
  body->child_size = sizeof(float);
  body->child_type = map_uri(self, LV2_ATOM__Float);
  const uint32_t   n = kept->save(self->block, (float*)(body + 1));
  LV2_State_Status status = LV2_STATE_SUCCESS;
  if (n) {
    status = store(state, map_uri(self, kept->uri), body, sizeof(*body) + n * sizeof(float),
                   map_uri(self, LV2_ATOM__Vector), LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
  }
  free(body);
  return status;
}

/// A state without these numbers (a preset) leaves them as they are
static LV2_State_Status
restore_numbers(const PinnaShell* const self, const LV2_State_Retrieve_Function retrieve,
                const LV2_State_Handle state) {
  const PinnaPluginState* const kept = pinna_plugin.state;
  if (!kept) {
    return LV2_STATE_SUCCESS;
  }
  size_t            size = 0U;
  uint32_t          type = 0U;
  uint32_t          is = 0U;
  const void* const body = retrieve(state, map_uri(self, kept->uri), &size, &type, &is);
  if (!body) {
    return LV2_STATE_SUCCESS;
  }
  LV2_Atom_Vector_Body head;
  if (type != map_uri(self, LV2_ATOM__Vector) || size < sizeof(head)) {
    return LV2_STATE_ERR_BAD_TYPE;
  }
  memcpy(&head, body, sizeof(head));
  if (head.child_type != map_uri(self, LV2_ATOM__Float) || head.child_size != sizeof(float)) {
    return LV2_STATE_ERR_BAD_TYPE;
  }

  const uint32_t n = (uint32_t)((size - sizeof(head)) / sizeof(float));
  float* const   values = (float*)malloc(n * sizeof(float) + 1U);
  if (!values) {
    return LV2_STATE_ERR_NO_SPACE;
  }
  memcpy(values, (const char*)body + sizeof(head), n * sizeof(float));
  const bool good = kept->restore(self->block, values, n);
  free(values);
  return good ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
}

static LV2_State_Status
save(const LV2_Handle handle, const LV2_State_Store_Function store, const LV2_State_Handle state,
     const uint32_t flags, const LV2_Feature* const* const features) {
  (void)flags;
  const PinnaShell* const self = (const PinnaShell*)handle;
  if (!self->map) {
    return LV2_STATE_ERR_NO_FEATURE;
  }
  const LV2_State_Status status = save_numbers(self, store, state);
  return status || !self->file ? status : pinna_file_save(self->file, store, state, features);
}

static LV2_State_Status
restore(const LV2_Handle handle, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle state, const uint32_t flags,
        const LV2_Feature* const* const features) {
  (void)flags;
  const PinnaShell* const self = (const PinnaShell*)handle;
  if (!self->map) {
    return LV2_STATE_ERR_NO_FEATURE;
  }
  const LV2_State_Status status = restore_numbers(self, retrieve, state);
  return status || !self->file ? status : pinna_file_restore(self->file, retrieve, state, features);
}

const LV2_State_Interface pinna_state_interface = {save, restore};
