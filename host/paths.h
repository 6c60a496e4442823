// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_PATHS_H
#define PINNA_HOST_PATHS_H

#include "base/attributes.h"
#include "base/status.h"

// Where things are, for a program in its build folder or installed below a prefix

/// All functions return text to be freed with free(), or NULL when memory is short. Not realtime.

/// Folder of the running program
PINNA_API char* pinna_paths_program(void);

/// Search path for bundles, folders separated by ':' and each named once: $PINNA_LV2_DIR, `lv2`
/// beside the program, `lib/lv2` of its prefix, then $LV2_PATH, or without it the system's folders
PINNA_API char* pinna_paths_lv2(void);

/// A folder of Pinna's own data such as "presets" or "models": beside the program, or
/// share/pinna/<name> of its prefix. NULL if there is neither.
PINNA_API char* pinna_paths_data(const char* name);

/// Folder for the saved state of the installation `name`: $STATE_DIRECTORY (systemd), else
/// $XDG_STATE_HOME/pinna/<name>, else ~/.local/state/pinna/<name>. It need not exist.
PINNA_API char* pinna_paths_state(const char* name);

/// Make a folder and its parents. @return IO: the error says which and why
PINNA_API PinnaStatus pinna_paths_make(const char* path, PinnaError* error);

/// Remove a folder with all that is in it; links are removed, not followed
PINNA_API void pinna_paths_remove(const char* path);

#endif // PINNA_HOST_PATHS_H
