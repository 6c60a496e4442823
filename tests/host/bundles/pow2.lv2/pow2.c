// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/buf-size/buf-size.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>

// Copies its input and counts the runs whose length breaks the host's promise

typedef struct {
  Ports    ports;
  uint32_t max_block;
  float    n_wrong;
} Self;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  Self* const                     self = (Self*)calloc(1U, sizeof(Self));
  const LV2_URID_Map* const       map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  const LV2_URID                  key = map->map(map->handle, LV2_BUF_SIZE__maxBlockLength);
  const LV2_Options_Option* const options =
      (const LV2_Options_Option*)feature(features, LV2_OPTIONS__options);
  for (const LV2_Options_Option* o = options; o->key; ++o) {
    self->max_block = o->key == key ? *(const uint32_t*)o->value : self->max_block;
  }
  return self;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Self* const self = (Self*)handle;
  self->n_wrong += !n || (n & (n - 1U)) || n > self->max_block ? 1.0F : 0.0F;
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
  report(handle, 2U, self->n_wrong);
}

TEST_PLUGIN("pow2", make, NULL, run, free, NULL)
