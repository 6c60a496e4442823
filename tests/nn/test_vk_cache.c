// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/vk/cache.h"

#include "base/status.h"
#include "nn/plan.h"
#include "nn/vk/device.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The pipeline cache's file: used when good, replaced when not, never in the way

#define HEADER_BYTES 64U
#define MAX_FILE (1U << 20U)

static char path[1024];
static char name[300];
static char good[MAX_FILE];
static char bytes[MAX_FILE];

static size_t
read_file(char* const to) {
  FILE* const  file = fopen(path, "rb");
  const size_t n = file ? fread(to, 1U, MAX_FILE, file) : 0U;
  if (file) {
    fclose(file);
  }
  return n;
}

static void
write_file(const char* const from, const size_t n) {
  FILE* const file = fopen(path, "wb");
  if (file) {
    fwrite(from, 1U, n, file);
    fclose(file);
  }
}

/// Open the device, run a plan there. @return Bytes that the file gave
static size_t
use_device(const char* const what) {
  const VkTrial  trial = {.n_runs = 1U, .gain = 1.0F};
  PinnaVkDevice* device = NULL;
  PinnaError     error = {""};
  tap_int(pinna_vk_device_acquire(&device, name, &error), PINNA_STATUS_OK, "%s: the device opens",
          what);
  PinnaPlan* const plan = pinna_plan_new();
  const PinnaRef   x = pinna_plan_input(plan, "x", (PinnaShape){3U, 1U, 5U});
  pinna_plan_output(plan, "y", pinna_plan_softmax(plan, x));
  tap_at_most(vk_compare(device, plan, &trial, 3U), 1e-4, "%s: a plan runs", what);
  const size_t n = pinna_vk_cache_loaded(device);
  pinna_vk_device_release(device);
  return n;
}

/// A file that must not be used, and is replaced by a good one
static void
check_refused(const char* const what, const size_t n, const size_t n_good) {
  write_file(bytes, n);
  tap_int((long long)use_device(what), 0, "%s: not used", what);
  tap_int((long long)read_file(bytes), (long long)n_good, "%s: replaced", what);
  tap_int((long long)use_device(what), (long long)(n_good - HEADER_BYTES), "%s: good again", what);
}

static void
test_faults(void) {
  static const struct {
    const char* what;
    size_t      at;
  } flips[] = {{"another magic", 0U},   {"another vendor", 8U}, {"another device", 12U},
               {"another driver", 16U}, {"another UUID", 30U},  {"another build", 40U},
               {"another length", 50U}, {"another hash", 60U},  {"damaged", HEADER_BYTES + 9U}};
  const size_t n_good = read_file(good);
  tap_at_least((double)n_good, HEADER_BYTES + 1.0, "there is a file");
  tap_int((long long)use_device("good"), (long long)(n_good - HEADER_BYTES), "a good file is used");
  for (size_t i = 0U; i < sizeof(flips) / sizeof(flips[0]); ++i) {
    memcpy(bytes, good, n_good);
    bytes[flips[i].at] ^= 0x41;
    check_refused(flips[i].what, n_good, n_good);
  }
  memcpy(bytes, good, n_good);
  check_refused("truncated", n_good - 1U, n_good);
  check_refused("header only", HEADER_BYTES, n_good);
  check_refused("empty", 0U, n_good);
  memset(bytes + n_good, 0, 100U);
  check_refused("too long", n_good + 100U, n_good);
}

/// Where no file can be
static void
test_places(void) {
  char command[1100];
  unlink(path);
  mkdir(path, 0700);
  tap_int((long long)use_device("a folder in its place"), 0, "a folder in its place: not used");
  rmdir(path);
  setenv("XDG_CACHE_HOME", "/dev/null", 1);
  tap_int((long long)use_device("no folder can be"), 0, "no folder can be: not used");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  tap_int((long long)use_device("no home"), 0, "no home: not used");
  snprintf(command, sizeof(command), "test -z \"$(ls -A \"$(dirname '%s')\")\"", path);
  tap_int(system(command), 0, "nothing is left beside it");
}

int
main(void) {
  char           folder[1024];
  PinnaVkDevice* device = vk_trial_begin();
  unsetenv("PINNA_VULKAN_CHECK");
  snprintf(name, sizeof(name), "%s", pinna_vk_device_name(device));
  pinna_vk_cache_path(device, path, sizeof(path));
  snprintf(folder, sizeof(folder), "%s", getenv("XDG_CACHE_HOME"));
  pinna_vk_device_release(device);
  tap_ok(!strncmp(path, folder, strlen(folder)), "in XDG_CACHE_HOME: %s", strrchr(path, '/') + 1);
  tap_int((long long)use_device("new"), 0, "there was no file");
  test_faults();
  test_places();
  return tap_done();
}
