// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_FILE_H
#define PINNA_PLUGINS_COMMON_FILE_H

#include "base/attributes.h"
#include "base/status.h"
#include "plugins/common/event.h"
#include "plugins/common/port.h"

#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <stdbool.h>
#include <stdint.h>

// The file a person chooses for a plugin (a model): set by patch:Set, loaded by the host's worker,
// swapped between two blocks, kept in the state; with it a text that it is opened with (hot
// phrases) and a file that the plugin writes (captions), which are set and kept the same way
//
// Loading and closing happen in the host's worker, or in the thread that restores a state. The
// audio thread takes what was loaded at the beginning of a block. A file is read when it is set,
// and not again when it changes on disk. What cannot be loaded leaves what was there before; the
// sentence goes to the host's log.

typedef struct PinnaFileImpl PinnaFile;

/// What an instance is built for
typedef struct {
  const PinnaVariant* variant;
  double              rate;          ///< Hz
  const LV2_URID_Map* map;           ///< Of the host, for events; may be NULL
  uint32_t            nominal_block; ///< Frames, as the host says; 0: unknown
  uint32_t            max_block;
  const LV2_Log_Log*  log;  ///< Of the host, or NULL
  const char*         text; ///< What was set beside the file, or ""; only while one is opened
} PinnaPluginConfig;

/// What a bundle does with its file
typedef struct {
  /// Open what a path names; "": what is built in. Not realtime, not the audio thread.
  /// @return NULL: it cannot be, and why is in `error`
  void* (*open)(const PinnaPluginConfig* config, const char* path, PinnaError* error);
  /// Not realtime
  void (*close)(void* object);
  /// The block uses `object` (NULL: none) from now on. Returns the one it had. Realtime.
  void* (*swap)(void* block, void* object);
  /// Of plugins that write a file: which one, "": none. Not realtime, not the audio thread.
  void (*write_to)(void* block, const char* path);
  /// Of plugins that ask for it (pinna_file_ask()): what is to be done. Not realtime.
  void (*work)(void* block);
} PinnaPluginFile;

typedef enum {
  PINNA_FILE_NONE = 0, ///< Nothing is loaded
  PINNA_FILE_LOADING,
  PINNA_FILE_BUILT_IN,
  PINNA_FILE_READY, ///< What the path names
  PINNA_FILE_FAILED ///< See the log; what was there before goes on
} PinnaFileStatus;

/// Labels of the enumeration, for a table of ports
#define PINNA_FILE_POINTS                                                                          \
  {                                                                                                \
    {"None", PINNA_FILE_NONE}, {"Loading", PINNA_FILE_LOADING}, {"Built in", PINNA_FILE_BUILT_IN}, \
        {"Loaded", PINNA_FILE_READY}, {"Failed", PINNA_FILE_FAILED}, {                             \
      0                                                                                            \
    }                                                                                              \
  }

/// A PinnaFileStatus in the group `g`, as a row of that table
#define PINNA_FILE_OUT(s, n, g, text)                                                              \
  PINNA_OUT(s, n, .flags = PINNA_ENUMERATION, .max = PINNA_FILE_FAILED, .group = (g),              \
            .comment = (text), .points = (const PinnaScalePoint[])PINNA_FILE_POINTS)

/// Make it for one instance and its block. Not realtime. @return NULL: no memory
PinnaFile* pinna_file_new(const PinnaPluginFile* kind, const PinnaInfo* info,
                          const PinnaPluginConfig* config, const LV2_Feature* const* features,
                          void* block);

/// Close all; `block` may be NULL. Not realtime.
void pinna_file_free(PinnaFile* file, void* block);

/// Open a file now, with a text, for the audio thread to take. Any thread but that one; not
/// realtime.
/// @param path NULL: the one that there is
/// @param text NULL: the one that there is
void pinna_file_load(PinnaFile* file, const char* path, const char* text);

/// Take what was loaded. Realtime, at the beginning of a block.
void pinna_file_take(PinnaFile* file, void* block) PINNA_RT;

/// Look for a patch:Set among the events. Realtime.
void pinna_file_listen(PinnaFile* file, const PinnaEvents* events) PINNA_RT;

/// The block could use what is built in, if nothing else was chosen. Realtime.
void pinna_file_want(PinnaFile* file) PINNA_RT;

/// Have the worker call PinnaPluginFile.work. Realtime. @return False: not now
bool pinna_file_ask(PinnaFile* file) PINNA_RT;

/// Realtime
PinnaFileStatus pinna_file_status(const PinnaFile* file) PINNA_RT;

/// LV2_State: the path, as the host maps it, the text, and the path that is written to, as it is:
/// hosts copy and link what is mapped. Not realtime.
LV2_State_Status pinna_file_save(PinnaFile* file, LV2_State_Store_Function store,
                                 LV2_State_Handle state, const LV2_Feature* const* features);
LV2_State_Status pinna_file_restore(PinnaFile* file, LV2_State_Retrieve_Function retrieve,
                                    LV2_State_Handle state, const LV2_Feature* const* features);

/// LV2_Worker_Interface.work. Not realtime.
LV2_Worker_Status pinna_file_work(PinnaFile* file, uint32_t size, const void* data);

#endif // PINNA_PLUGINS_COMMON_FILE_H
