// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/device.h"

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The words of PINNA_DEVICE

#define VULKAN_PREFIX "vulkan:"

PinnaStatus
pinna_device_choose(PinnaDeviceChoice* const choice, const char* const text,
                    PinnaError* const error) {
  const char* const set = getenv("PINNA_DEVICE");
  const char* const word = text ? text : set && set[0] ? set : "auto";
  const char* const from = text ? "device" : "PINNA_DEVICE";
  const size_t      n_prefix = strlen(VULKAN_PREFIX);
  *choice = (PinnaDeviceChoice){PINNA_DEVICE_AUTO, ""};
  if (!strcmp(word, "auto")) {
    return PINNA_STATUS_OK;
  }
  if (!strcmp(word, "cpu")) {
    choice->kind = PINNA_DEVICE_CPU;
    return PINNA_STATUS_OK;
  }
  choice->kind = PINNA_DEVICE_VULKAN;
  if (!strcmp(word, "vulkan")) {
    return PINNA_STATUS_OK;
  }
  if (strncmp(word, VULKAN_PREFIX, n_prefix) != 0 || !word[n_prefix]) {
    return pinna_fail(error, PINNA_STATUS_BAD_CONFIG,
                      "%s=%s: expected cpu, auto, vulkan or vulkan:NAME", from, word);
  }
  if (strlen(word + n_prefix) >= sizeof(choice->name)) {
    return pinna_fail(error, PINNA_STATUS_BAD_CONFIG, "%s: a name of more than %zu letters", from,
                      sizeof(choice->name) - 1U);
  }
  snprintf(choice->name, sizeof(choice->name), "%s", word + n_prefix);
  return PINNA_STATUS_OK;
}
