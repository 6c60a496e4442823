// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/bundles/plugin.h"

#include <lv2/log/log.h>
#include <lv2/urid/urid.h>

// Logs so many equal and so many different lines per run

typedef struct {
  Ports              ports;
  const LV2_Log_Log* log;
  LV2_URID           note;
  LV2_URID           warning;
  unsigned           n;
} Logger;

static LV2_Handle
make(const LV2_Descriptor* const d, const double rate, const char* const path,
     const LV2_Feature* const* const features) {
  (void)d;
  (void)rate;
  (void)path;
  Logger* const             logger = (Logger*)calloc(1U, sizeof(Logger));
  const LV2_URID_Map* const map = (const LV2_URID_Map*)feature(features, LV2_URID__map);
  logger->log = (const LV2_Log_Log*)feature(features, LV2_LOG__log);
  logger->note = map->map(map->handle, LV2_LOG__Note);
  logger->warning = map->map(map->handle, LV2_LOG__Warning);
  logger->log->printf(logger->log->handle, logger->note, "first line\nsecond line\n");
  return logger;
}

static void
run(const LV2_Handle handle, const uint32_t n) {
  Logger* const logger = (Logger*)handle;
  for (int i = 0; i < (int)control(handle, 2U); ++i) {
    logger->log->printf(logger->log->handle, logger->warning, "the same again\n");
  }
  for (int i = 0; i < (int)control(handle, 3U); ++i) {
    logger->log->printf(logger->log->handle, logger->note, "line %u\n", ++logger->n);
  }
  memmove(audio(handle, 1U), audio(handle, 0U), n * sizeof(float));
}

TEST_PLUGIN("logger", make, NULL, run, free, NULL)
