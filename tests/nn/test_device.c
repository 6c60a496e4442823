// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "nn/device.h"

#include "base/status.h"
#include "nn/plan.h"
#include "nn/session.h"
#include "nn/vk/table.h"
#include "tests/nn/vk_trial.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

// PINNA_DEVICE: what is understood, and what is said of the rest

static void
check(const char* const text, const PinnaStatus expected, const PinnaDeviceKind kind,
      const char* const name) {
  PinnaDeviceChoice choice;
  PinnaError        error = {""};
  tap_int(pinna_device_choose(&choice, text, &error), expected, "'%.40s'", text);
  if (expected) {
    tap_ok(strstr(error.text, "device"), "it is explained: %.60s", error.text);
  } else {
    tap_int((int)choice.kind, (int)kind, "its kind");
    tap_string(choice.name, name, "its name");
  }
}

static void
test_words(void) {
  char long_name[200] = "vulkan:";
  memset(long_name + 7, 'x', 150U);
  check("cpu", PINNA_STATUS_OK, PINNA_DEVICE_CPU, "");
  check("auto", PINNA_STATUS_OK, PINNA_DEVICE_AUTO, "");
  check("vulkan", PINNA_STATUS_OK, PINNA_DEVICE_VULKAN, "");
  check("vulkan:Radeon RX", PINNA_STATUS_OK, PINNA_DEVICE_VULKAN, "Radeon RX");
  check("", PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");
  check("gpu", PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");
  check("vulkan:", PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");
  check("vulkan0", PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");
  check("CPU", PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");
  check(long_name, PINNA_STATUS_BAD_CONFIG, PINNA_DEVICE_AUTO, "");

  PinnaDeviceChoice choice;
  PinnaError        error = {""};
  unsetenv("PINNA_DEVICE");
  pinna_device_choose(&choice, NULL, NULL);
  tap_int((int)choice.kind, (int)PINNA_DEVICE_AUTO, "without PINNA_DEVICE: auto");
  setenv("PINNA_DEVICE", "vulkan:Intel", 1);
  pinna_device_choose(&choice, NULL, NULL);
  tap_string(choice.name, "Intel", "PINNA_DEVICE counts");
  pinna_device_choose(&choice, "cpu", NULL);
  tap_int((int)choice.kind, (int)PINNA_DEVICE_CPU, "what the caller says counts more");
  setenv("PINNA_DEVICE", "cuda", 1);
  tap_int(pinna_device_choose(&choice, NULL, &error), PINNA_STATUS_BAD_CONFIG, "PINNA_DEVICE=cuda");
  tap_ok(strstr(error.text, "PINNA_DEVICE=cuda") && strstr(error.text, "vulkan:NAME"),
         "named, with the cure: %s", error.text);
  unsetenv("PINNA_DEVICE");
}

static void
test_loader(void) {
  PinnaVkTable table;
  PinnaError   error = {""};
  tap_int(pinna_vk_table_open(&table, "libnonesuch.so.9", &error), PINNA_STATUS_NOT_FOUND,
          "no loader");
  tap_ok(strstr(error.text, "libnonesuch"), "it is named: %s", error.text);
  tap_int(pinna_vk_table_open(&table, "libm.so.6", NULL), PINNA_STATUS_NOT_FOUND,
          "another library in its place");
}

static PinnaPlan*
make_plan(const PinnaShape shape) {
  PinnaPlan* const plan = pinna_plan_new();
  const PinnaRef   x = pinna_plan_input(plan, "x", shape);
  pinna_plan_output(plan, "y", pinna_plan_act(plan, x, PINNA_ACT_TANH, 0.0F));
  pinna_plan_finish(plan, NULL);
  return plan;
}

static void
check_open(const PinnaPlan* const plan, const char* const device, const PinnaStatus expected,
           const char* const said) {
  const PinnaSessionConfig config = {.plan = plan, .device = device};
  PinnaSession*            session = NULL;
  PinnaError               error = {""};
  tap_int(pinna_session_open(&session, &config, &error), expected, "a session on %s", device);
  if (expected) {
    tap_ok(!session && strstr(error.text, said), "it is explained: %s", error.text);
  } else {
    tap_ok(session && !strncmp(pinna_session_backend(session), said, strlen(said)), "on %s",
           session ? pinna_session_backend(session) : "nothing");
    tap_ok(session && pinna_session_is_realtime(session), "it never waits");
  }
  pinna_session_close(session);
}

static void
test_sessions(void) {
  PinnaPlan* const plan = make_plan((PinnaShape){3U, 1U, 5U});
  PinnaPlan* const open_plan = pinna_plan_new();
  check_open(plan, "cpu", PINNA_STATUS_OK, "cpu ");
  check_open(plan, "auto", PINNA_STATUS_OK, "cpu ");
  check_open(plan, "gpu", PINNA_STATUS_BAD_CONFIG, "expected cpu");
  check_open(plan, "vulkan:no such device", PINNA_STATUS_NOT_FOUND, "ulkan");
  check_open(open_plan, "cpu", PINNA_STATUS_BAD_ARG, "");
  setenv("VK_ICD_FILENAMES", "/nonexistent/icd.json", 1);
  setenv("VK_DRIVER_FILES", "/nonexistent/icd.json", 1);
  check_open(plan, "vulkan", PINNA_STATUS_NOT_FOUND, "ulkan");
  check_open(plan, "auto", PINNA_STATUS_OK, "cpu ");
  pinna_plan_free(open_plan);
  pinna_plan_free(plan);
}

int
main(void) {
  vk_trial_keep_drivers();
  test_words();
  test_loader();
  test_sessions();
  return tap_done();
}
