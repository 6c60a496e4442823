// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_BUNDLES_PLUGIN_H
#define PINNA_TESTS_HOST_BUNDLES_PLUGIN_H

#include <lv2/core/lv2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// What the test plugins have in common: ports in an array, one descriptor

#define TEST_PLUGIN(name, make, start, process, drop, extension)                                   \
  static const LV2_Descriptor descriptor = {                                                       \
      "urn:pinna:test:" name, make, connect_port, start, process, NULL, drop, extension};          \
  LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(const uint32_t index) {                   \
    return index == 0U ? &descriptor : NULL;                                                       \
  }

enum { MAX_PORTS = 8 };

/// Every test plugin's structure begins with this
typedef struct {
  void* ports[MAX_PORTS];
} Ports;

static inline void
connect_port(const LV2_Handle handle, const uint32_t port, void* const buffer) {
  ((Ports*)handle)->ports[port] = buffer;
}

static inline float*
audio(const LV2_Handle handle, const uint32_t port) {
  return (float*)((Ports*)handle)->ports[port];
}

static inline float
control(const LV2_Handle handle, const uint32_t port) {
  return *(const float*)((const Ports*)handle)->ports[port];
}

static inline void
report(const LV2_Handle handle, const uint32_t port, const float value) {
  *(float*)((Ports*)handle)->ports[port] = value;
}

static inline const void*
feature(const LV2_Feature* const* const features, const char* const uri) {
  for (const LV2_Feature* const* f = features; *f; ++f) {
    if (!strcmp((*f)->URI, uri)) {
      return (*f)->data;
    }
  }
  return NULL;
}

/// Of a plugin that needs no more than its ports
static inline LV2_Handle
make_ports(const LV2_Descriptor* const d, const double rate, const char* const path,
           const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  (void)features;
  return calloc(1U, sizeof(Ports));
}

#endif // PINNA_TESTS_HOST_BUNDLES_PLUGIN_H
