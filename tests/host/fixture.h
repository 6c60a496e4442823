// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#ifndef PINNA_TESTS_HOST_FIXTURE_H
#define PINNA_TESTS_HOST_FIXTURE_H

#include "host/instance.h"
#include "host/world.h"
#include "tests/host/folder.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// What the host's tests share: plugins by name, controls by symbol, folders, waiting

static const PinnaInstanceConfig live = {.sample_rate = 48000.0, .max_block = 128U};

/// A plugin that must start; NULL after a failed case
static inline PinnaInstance*
start(PinnaWorld* const world, const char* const uri, const PinnaInstanceConfig* const config) {
  PinnaError        error = {""};
  PinnaInstance*    instance = NULL;
  const PinnaStatus status = pinna_instance_new(&instance, world, uri, config, &error);
  if (status) {
    tap_int(status, PINNA_STATUS_OK, "%s starts: %s", uri, error.text);
  }
  return instance;
}

static inline uint32_t
port_of(const PinnaInstance* const instance, const char* const symbol) {
  uint32_t port = UINT32_MAX;
  pinna_instance_find(instance, symbol, &port, NULL);
  return port;
}

static inline float
value_of(const PinnaInstance* const instance, const char* const symbol) {
  return pinna_instance_get(instance, port_of(instance, symbol));
}

static inline void
set_value(PinnaInstance* const instance, const char* const symbol, const float value) {
  pinna_instance_set(instance, port_of(instance, symbol), value);
}

/// Run `n` frames of silence into nowhere
static inline void
run_silence(PinnaInstance* const instance, const uint32_t n) {
  pinna_instance_run(instance, NULL, NULL, n);
}

/// main() of a test of what a world has. @return Exit status
static inline int
try_world(void (*const test)(PinnaWorld* world)) {
  PinnaError  error = {""};
  PinnaWorld* world = NULL;
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world: %s", error.text);
  if (world) {
    test(world);
  }
  pinna_world_free(world);
  return tap_done();
}

static inline void
wait_ms(const unsigned ms) {
  const struct timespec pause = {ms / 1000U, (long)(ms % 1000U) * 1000000L};
  nanosleep(&pause, NULL);
}

#endif // PINNA_TESTS_HOST_FIXTURE_H
