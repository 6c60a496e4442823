// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_NN_DEVICE_H
#define PINNA_NN_DEVICE_H

#include "base/attributes.h"
#include "base/status.h"

// Where networks run, as a person asks for it: PINNA_DEVICE=cpu|auto|vulkan|vulkan:NAME
//
// "auto" takes a graphics processor only for a network that runs faster there. A Vulkan device that
// is itself a processor (Mesa's llvmpipe) is taken only by its name.

typedef enum {
  PINNA_DEVICE_AUTO = 0,
  PINNA_DEVICE_CPU,
  PINNA_DEVICE_VULKAN,
} PinnaDeviceKind;

typedef struct {
  PinnaDeviceKind kind;
  char name[128]; ///< Part of the Vulkan device's name in any case; "": any but processors
} PinnaDeviceChoice;

/// Read a choice. Not realtime.
/// @param text NULL: the environment variable PINNA_DEVICE, and "auto" without it
/// @return BAD_CONFIG: no such choice
PINNA_API PinnaStatus pinna_device_choose(PinnaDeviceChoice* choice, const char* text,
                                          PinnaError* error);

#endif // PINNA_NN_DEVICE_H
