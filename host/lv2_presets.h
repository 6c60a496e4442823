// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_PRESETS_H
#define PINNA_HOST_LV2_PRESETS_H

// LV2 presets: the list of a plugin's presets, read when first asked for

struct PinnaInstanceImpl;

/// Free the list
void pinna_presets_free(struct PinnaInstanceImpl* instance);

#endif // PINNA_HOST_LV2_PRESETS_H
