// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_COMMON_SHELL_IMPL_H
#define PINNA_PLUGINS_COMMON_SHELL_IMPL_H

#include "plugins/common/inline_display.h"
#include "plugins/common/shell.h"

#include <stdatomic.h>

// An instance of a plugin, shared by the shell's realtime side and its set-up

/// A value on its way from 0 to 1 or back: three cascaded one-poles of 4 ms
typedef struct {
  double pole; ///< Share of the distance that a pole goes per frame
  double state[3];
  double target;
} PinnaFade;

typedef struct {
  const PinnaVariant* variant;
  double              rate;
  void*               block_memory;
  void*               block; ///< What makes the sound
  const LV2_URID_Map* map;   ///< The host's, or NULL
  PinnaFile*          file;  ///< Or NULL
  uint32_t            n_latency;
  uint32_t            max_latency; ///< Frames that the delay lines hold

  const float** in;        ///< Ports [n_in]
  float**       out;       ///< Ports [n_out]
  float**       control;   ///< Ports [n_controls]
  float*        raw;       ///< What the host last said [n_controls]
  float*        values;    ///< The same, clamped [n_controls]
  float*        reports;   ///< For control outputs [n_controls]
  uint32_t*     input_at;  ///< Which controls are inputs [n_inputs]
  uint32_t*     report_at; ///< Which controls are outputs [n_reports]
  uint32_t      n_inputs;
  uint32_t      n_reports;
  PinnaEvents   events;
  const float** call_in;  ///< Cut to the chunk [n_in]
  float**       call_out; ///< Cut to the chunk [n_out]

  float**   clean; ///< Inputs that had to be copied [n_in][PINNA_SHELL_CHUNK]
  float**   dry;   ///< Delayed input [n_out][PINNA_SHELL_CHUNK]
  float**   delay; ///< Delay lines of the dry path [n_out][max_latency]
  uint32_t  delay_at;
  PinnaFade fade;    ///< 1: the block is heard, 0: the dry path
  bool      fresh;   ///< Activated, not yet run
  bool      changed; ///< Values moved since the block last saw them

  _Atomic float*       shown; ///< Values for the inline display [n_controls]
  InlineDisplaySurface surface;
  uint32_t             surface_size; ///< Pixels allocated
  const InlineDisplay* queue_draw;   ///< Host's feature, or NULL
} PinnaShell;

#endif // PINNA_PLUGINS_COMMON_SHELL_IMPL_H
