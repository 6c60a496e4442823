// SPDX-FileCopyrightText: 2026 The Pinna authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/host/fixture.h"
#include "tests/rt_trap.h"

// pinna_instance_run() around clean plugins is realtime

enum { N = 128 };

typedef struct {
  PinnaInstance* instance;
  float          in[2][N];
  float          out[2][N];
} Section;

static void
run_section(void* const handle) {
  Section* const section = (Section*)handle;
  for (unsigned i = 0U; i < 20U; ++i) {
    pinna_instance_set(section->instance, 2U, (float)i);
    pinna_instance_run(section->instance,
                       (const float* const[]){section->in[0], section->in[1], NULL},
                       (float* const[]){section->out[0], section->out[1]}, N - i);
  }
}

static void
test_plugin(PinnaWorld* const world, const char* const name) {
  static Section section;
  char           uri[64];
  snprintf(uri, sizeof(uri), "urn:pinna:test:%s", name);
  section.instance = start(world, uri, &live);
  if (section.instance) {
    rt_trap_reset();
    rt_trap_enter();
    run_section(&section);
    rt_trap_leave();
    rt_trap_check("%s: neither memory nor locks nor system calls", name);
  }
  pinna_instance_free(section.instance);
}

int
main(void) {
  static const char* const names[] = {"amp", "delay", "meter", "cv", "midi", "worker", "pow2"};
  PinnaError               error = {""};
  PinnaWorld*              world = NULL;
  tap_int(pinna_world_new(&world, &error), PINNA_STATUS_OK, "world: %s", error.text);
  for (size_t i = 0U; world && i < sizeof(names) / sizeof(names[0]); ++i) {
    test_plugin(world, names[i]);
  }
  pinna_world_free(world);
  return tap_done();
}
