// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_LOG_H
#define PINNA_HOST_LV2_LOG_H

#include "base/attributes.h"
#include "host/instance.h"
#include "host/world.h"

#include <lv2/log/log.h>

// LV2 log: plugins may write from any thread, lines come out in the control thread, rate limited

typedef struct PinnaLv2LogImpl PinnaLv2Log;

/// Lines for one plugin, named `plugin` (borrowed) in the output. NULL when memory is short.
PinnaLv2Log* pinna_lv2_log_new(PinnaWorld* world, const char* plugin, PinnaPluginLogFunc func,
                               void* handle);

/// Drain and free. NULL is allowed.
void pinna_lv2_log_free(PinnaLv2Log* log);

/// The feature's data; lives as long as `log`
LV2_Log_Log* pinna_lv2_log_feature(PinnaLv2Log* log);

/// Hand out what was written: repeated lines once with a count, at most 50 lines and then 5 a
/// second. Control thread.
void pinna_lv2_log_drain(PinnaLv2Log* log);

#endif // PINNA_HOST_LV2_LOG_H
