// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_BUNDLES_BLOCK_CHECK_H
#define PINNA_TESTS_HOST_BUNDLES_BLOCK_CHECK_H

#include "tests/host/bundles/plugin.h"

#include <lv2/buf-size/buf-size.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>

// Plugins that copy their input and count the runs whose length breaks the host's promise

typedef struct {
  Ports    ports;
  uint32_t max_block;
  float    n_wrong;
} BlockCheck;

static inline LV2_Handle
block_check_make(const LV2_Descriptor* const d, const double rate, const char* const path,
                 const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  BlockCheck* const               self = (BlockCheck*)calloc(1U, sizeof(BlockCheck));
  const LV2_URID_Map* const       map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  const LV2_URID                  key = map->map(map->handle, LV2_BUF_SIZE__maxBlockLength);
  const LV2_Options_Option* const options =
      (const LV2_Options_Option*)feature(features, LV2_OPTIONS__options);
  for (const LV2_Options_Option* o = options; o->key; ++o) {
    self->max_block = o->key == key ? *(const uint32_t*)o->value : self->max_block;
  }
  return self;
}

static inline void
block_check_run(const LV2_Handle handle, const uint32_t n, const bool is_wrong) {
  BlockCheck* const self = (BlockCheck*)handle;
  self->n_wrong += is_wrong ? 1.0F : 0.0F;
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  report(handle, 2U, self->n_wrong);
}

#endif // PINNA_TESTS_HOST_BUNDLES_BLOCK_CHECK_H
