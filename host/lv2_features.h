// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_HOST_LV2_FEATURES_H
#define PINNA_HOST_LV2_FEATURES_H

#include "base/status.h"
#include "host/instance.h"

#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/state/state.h>

// What the host offers to a plugin when it is instantiated

struct PinnaInstanceImpl;

enum { PINNA_MAX_FEATURES = 24, PINNA_MAX_OPTIONS = 8 };

typedef struct {
  LV2_Options_Option  options[PINNA_MAX_OPTIONS]; ///< Ends with zeros
  int32_t             min_block;
  int32_t             max_block;
  int32_t             sequence_size;
  float               sample_rate;
  LV2_State_Make_Path make_path;
  LV2_Feature         features[PINNA_MAX_FEATURES];
  const LV2_Feature*  list[PINNA_MAX_FEATURES + 1U]; ///< Ends with NULL
  uint32_t            n;
} PinnaFeatures;

/// Fill `instance->features`, once log and worker exist. Control thread.
/// @return UNSUPPORTED: the error names every required feature or option that is not offered
PinnaStatus pinna_features_init(struct PinnaInstanceImpl* instance, PinnaError* error);

#endif // PINNA_HOST_LV2_FEATURES_H
