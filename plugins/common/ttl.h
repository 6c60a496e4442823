// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_TTL_H
#define PINNA_PLUGINS_COMMON_TTL_H

#include "plugins/common/port.h"

#include <stdio.h>

// Turtle from the table of ports: at build time, never in a plugin

/// manifest.ttl of NAME.lv2
void ttl_manifest(FILE* out, const PinnaInfo* info);

/// NAME.ttl of NAME.lv2: every variant with its ports
void ttl_plugin(FILE* out, const PinnaInfo* info);

/// manifest.ttl of NAME-presets.lv2 for preset files such as "voice.ttl"
void ttl_preset_manifest(FILE* out, const PinnaInfo* info, char* const* files, int n_files);

/// A preset made whole: `source` (Turtle), then each port that it leaves out at its default
void ttl_preset(FILE* out, const PinnaInfo* info, const char* file, const char* source);

#endif // PINNA_PLUGINS_COMMON_TTL_H
