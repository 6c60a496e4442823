// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_CAPTION_ATOM_H
#define PINNA_HOST_CAPTION_ATOM_H

#include "base/attributes.h"
#include "base/caption.h"

#include <lv2/urid/urid.h>
#include <stdbool.h>
#include <stdint.h>

// Captions out of any plugin's atoms, in the words of base/caption_uris.h; atoms are distrusted

typedef struct {
  LV2_URID object;
  LV2_URID vector;
  LV2_URID integer;
  LV2_URID integer64;
  LV2_URID real;
  LV2_URID string;
  LV2_URID caption;
  LV2_URID keys[10]; ///< Of the properties, in the vocabulary's order
} PinnaCaptionAtoms;

/// Not realtime
PINNA_API void pinna_caption_atoms_map(PinnaCaptionAtoms* atoms, const LV2_URID_Map* map);

/// Read a caption.
/// @param atom  An LV2_Atom with its body, aligned to 8
/// @param size  Bytes there, the head included
/// @return False if it is another kind of atom, or malformed
PINNA_API bool pinna_caption_atoms_read(const PinnaCaptionAtoms* atoms, const void* atom,
                                        uint32_t size, PinnaCaption* caption);

#endif // PINNA_HOST_CAPTION_ATOM_H
