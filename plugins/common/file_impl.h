// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_FILE_IMPL_H
#define PINNA_PLUGINS_COMMON_FILE_IMPL_H

#include "plugins/common/file.h"

#include <lv2/log/log.h>
#include <lv2/worker/worker.h>

#include <pthread.h>
#include <stdatomic.h>

// One file, between the audio thread and those that load

#define PINNA_FILE_MAX_PATH 4096U ///< Also of the text; their ends included

/// First byte of a worker's job: what follows it
typedef enum {
  PINNA_FILE_JOB_PATH = 1,
  PINNA_FILE_JOB_TEXT,
  PINNA_FILE_JOB_OUT,
  PINNA_FILE_JOB_WORK ///< Nothing
} PinnaFileJob;

struct PinnaFileImpl {
  const PinnaPluginFile*     kind;
  PinnaPluginConfig          config;
  void*                      block;
  const LV2_Worker_Schedule* schedule; ///< Or NULL
  LV2_Log_Log*               log;      ///< Or NULL
  LV2_URID                   log_error;
  LV2_URID                   property;
  LV2_URID                   text_property; ///< 0: the plugin takes no text
  LV2_URID                   out_property;  ///< 0: it writes no file
  LV2_URID                   atom_path;
  LV2_URID                   atom_string;
  LV2_URID                   atom_urid;
  LV2_URID                   atom_object;
  LV2_URID                   patch_set;
  LV2_URID                   patch_property;
  LV2_URID                   patch_value;
  uint32_t                   control; ///< Port of the table that patch:Set comes to

  pthread_mutex_t lock; ///< Of path, text and out, and of loading
  char            path[PINNA_FILE_MAX_PATH];
  char            text[PINNA_FILE_MAX_PATH];
  char            out[PINNA_FILE_MAX_PATH];
  char            job[1U + PINNA_FILE_MAX_PATH]; ///< The audio thread's

  _Atomic(void*) pending; ///< Loaded, not yet taken
  _Atomic(void*) trash;   ///< No longer used, not yet closed
  atomic_uint    status;
  bool           is_wanted; ///< The audio thread asked for what is built in
};

#endif // PINNA_PLUGINS_COMMON_FILE_IMPL_H
