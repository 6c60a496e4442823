// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_PLUGINS_ANALYZE_ANALYZE_BLOCK_H
#define PINNA_PLUGINS_ANALYZE_ANALYZE_BLOCK_H

#include "dsp/analyze.h"
#include "plugins/common/shell.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// What an instance of the analyser plugin holds

/// For the picture
enum {
  ANALYZE_SHOWN_MOMENTARY,
  ANALYZE_SHOWN_SHORT_TERM,
  ANALYZE_SHOWN_INTEGRATED,
  ANALYZE_SHOWN_TRUE_PEAK,
  ANALYZE_N_SHOWN
};

typedef struct {
  PinnaAnalyze*          analyze;
  const PinnaPluginCall* call; ///< Of the run that is going on
  uint32_t               n_ch;
  LV2_URID               mel;
  LV2_URID               mfcc;
  uint32_t               n_waited; ///< Frames since vectors were sent
  uint32_t               n_drawn;  ///< Columns when the picture was last asked for
  bool                   is_pressed;
  _Atomic float          shown[ANALYZE_N_SHOWN];
} AnalyzeBlock;

#endif // PINNA_PLUGINS_ANALYZE_ANALYZE_BLOCK_H
